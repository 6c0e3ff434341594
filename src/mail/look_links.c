/* Where a click leads, and what is fetched without one. */
#include "mail/look_token.h"
#include "mail/looking.h"
#include "text/domain.h"
#include "text/template.h"
#include "text/url.h"

/* Of each kind of statement about links so many: what is odd five times doesn't hide what is bad. */
enum { SAID_MAX = 5, SITES_MAX = 32 };

/* What people know of a link: the innermost one, after what rewriters put around it. */
struct link {
	struct str url, text, element;
	struct url u;
	struct str domain, site;
	bool hidden, small;
};

static bool flag(struct look *l, uint32_t object, const char *key)
{
	return members_bool(&l->m, object, key);
}

static bool is_one(struct look *l, uint32_t object, const char *key)
{
	struct str s = members_text(&l->m, look_get(l, object, key));

	return str_eq(s, STR("0")) || str_eq(s, STR("1"));
}

static bool read_link(struct look *l, uint32_t i, struct link *ret)
{
	*ret = (struct link){.url = look_text(l, i, "url"),
		.text = look_text(l, i, "text"),
		.element = look_text(l, i, "element"),
		.hidden = flag(l, i, "hidden"),
		.small = is_one(l, i, "width") && is_one(l, i, "height")};
	if (url_read(&l->arena, ret->url, idna_to_ascii, &ret->u) != URL_OK)
		return false;
	ret->domain = url_domain(&l->arena, &ret->u);
	ret->site = ret->domain.n ? look_site(ret->domain) : ret->u.host;
	return ret->u.host.n;
}

/* A visible text that is a place of its own: "bank.example", "https://bank.example/login". */
static struct str shown_site(struct look *l, struct str text)
{
	struct url u;
	struct str s = str_trim(text);

	if (str_chr(s, ' ') < s.n || str_chr(s, '.') == s.n || str_chr(s, '@') < s.n)
		return STR("");
	if (str_find(s, STR("://")) == s.n)
		s = arena_printf(&l->arena, "https://" STR_FMT, STR_ARG(s));
	if (url_read(&l->arena, s, idna_to_ascii, &u) != URL_OK)
		return STR("");
	struct str domain = url_domain(&l->arena, &u);
	return domain.n && domain_has_known_tld(domain) ? look_site(domain) : STR("");
}

enum trick { TRICK_TEXT, TRICK_USER, TRICK_ADDRESS, TRICK_LETTERS, TRICK_FORM, TRICKS };

static bool is_one_of_few(uint32_t *inout_n)
{
	return (*inout_n)++ < SAID_MAX;
}

static void disguised(struct look *l, const struct link *k, uint32_t said[TRICKS])
{
	struct str shown = shown_site(l, k->text);

	if (shown.n && !str_eq(shown, k->site) && is_one_of_few(&said[TRICK_TEXT]))
		look_say(l, LOOK_BAD, "link-disguised",
			"A link shows " STR_FMT " and leads to " STR_FMT ".",
			STR_ARG(look_shown(l, shown)), STR_ARG(look_shown(l, k->site)));
	if (k->u.userinfo.n && is_one_of_few(&said[TRICK_USER]))
		look_say(l, LOOK_BAD, "link-userinfo",
			"A link has " STR_FMT "@ in front of its real host " STR_FMT ".",
			STR_ARG(look_shown(l, k->u.userinfo)), STR_ARG(look_shown(l, k->u.host)));
	if (k->u.host_is_ip && is_one_of_few(&said[TRICK_ADDRESS]))
		look_say(l, LOOK_ODD, "link-address",
			"A link leads to the bare address " STR_FMT ".",
			STR_ARG(look_shown(l, k->u.host)));
	if (str_find(k->domain, STR("xn--")) < k->domain.n && is_one_of_few(&said[TRICK_LETTERS]))
		look_say(l, LOOK_ODD, "link-international",
			"A link's host has letters beyond ASCII: " STR_FMT ".",
			STR_ARG(look_shown(l, k->domain)));
	if (str_eq(k->element, STR("form")) && is_one_of_few(&said[TRICK_FORM]))
		look_say(l, LOOK_BAD, "form",
			"A form in the mail sends what is typed into it to " STR_FMT ".",
			STR_ARG(look_shown(l, k->site)));
}

static void probe_link(struct look *l, const struct link *k, bool opened)
{
	unsigned slots;

	look_probe(l, "template", "url-template",
		url_template(&l->arena, &k->u,
			k->u.host_is_ip ? STR("") : domain_registrable(k->u.host), &slots));
	if (opened)
		look_probe(l, "opened", k->u.host_is_ip ? "ip" : "domain",
			k->u.host_is_ip ? k->u.host : k->domain);
}

/* Names of sites, each once. */
struct sites {
	struct str at[SITES_MAX];
	size_t n, more;
};

static bool sites_add(struct sites *s, struct str site)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->at[i], site))
			return false;
	if (s->n == SITES_MAX) {
		s->more++;
		return false;
	}
	s->at[s->n++] = site;
	return true;
}

static struct str sites_text(struct look *l, const struct sites *s)
{
	struct buf out = {0};

	for (size_t i = 0; i < s->n && i < SAID_MAX; i++)
		buf_addf(&out, "%s" STR_FMT, i ? ", " : "", STR_ARG(look_shown(l, s->at[i])));
	if (s->n + s->more > SAID_MAX)
		buf_addf(&out, " and %zu more", s->n + s->more - SAID_MAX);
	struct str text = arena_dup(&l->arena, buf_view(&out));
	buf_release(&out);
	return text;
}

static void clicked(struct look *l, const struct tokens *tokens)
{
	uint32_t list = look_get(l, l->mail, "links"), said[TRICKS] = {0}, n = 0;
	struct sites sites = {0};
	const char *carried = NULL;
	struct link k;

	MEMBERS_EACH(&l->m, i, list)
	{
		if (flag(l, i, "defanged") || !read_link(l, i, &k))
			continue;
		n++;
		disguised(l, &k, said);
		carried = carried ? carried : tokens_in(l, tokens, k.u.href);
		if (sites_add(&sites, k.site))
			probe_link(l, &k, false);
	}
	if (n)
		look_say(l, LOOK_FACT, "links", "%u link%s, to %.*s.", n, n == 1 ? "" : "s",
			STR_ARG(sites_text(l, &sites)));
	if (carried)
		look_say(l, LOOK_ODD, "link-carries-address",
			"A link carries the recipient's address (%s): who clicks is known by name.",
			carried);
}

/* A picture that nobody is meant to see is there to be fetched. */
static bool is_tracker(const struct link *k)
{
	return k->hidden || k->small;
}

static void fetched(struct look *l, const struct tokens *tokens)
{
	uint32_t list = look_get(l, l->mail, "remote"), n = 0, hidden = 0, unique = 0;
	struct sites sites = {0}, trackers = {0};
	const char *carried = NULL;
	struct link k;

	MEMBERS_EACH(&l->m, i, list)
	{
		if (!read_link(l, i, &k))
			continue;
		n++;
		bool is_unique = token_bits(l, &k.u) >= TOKEN_BITS;
		const char *how = tokens_in(l, tokens, k.u.href);
		hidden += is_tracker(&k);
		unique += is_unique;
		carried = carried ? carried : how;
		if (is_tracker(&k) || is_unique || how)
			sites_add(&trackers, k.site);
		if (sites_add(&sites, k.site))
			probe_link(l, &k, true);
	}
	l->unasked += sites.more;
	if (!n) {
		look_say(l, LOOK_FACT, "nothing-remote",
			"Nothing in it is fetched when it is opened.");
		return;
	}
	look_say(l, LOOK_FACT, "remote",
		"%u thing%s fetched from %.*s when it is opened with pictures on: whoever runs "
		"that "
		"learns when, from which address and with which program.",
		n, n == 1 ? " is" : "s are", STR_ARG(sites_text(l, &sites)));
	if (hidden)
		look_say(l, LOOK_ODD, "tracked-hidden",
			"%u thing%s fetched from %.*s when it is opened that nobody is meant to "
			"see: made to tell that it was.",
			hidden, hidden == 1 ? " is" : "s are", STR_ARG(sites_text(l, &trackers)));
	if (unique)
		look_say(l, LOOK_ODD, "tracked-unique",
			"The address of %u thing%s fetched from %.*s has a code long enough to be "
			"this recipient's alone.",
			unique, unique == 1 ? "" : "s", STR_ARG(sites_text(l, &trackers)));
	if (carried)
		look_say(l, LOOK_ODD, "tracked-address",
			"What is fetched carries the recipient's address (%s): who opened it is "
			"known by name.",
			carried);
}

void look_links(struct look *l)
{
	struct tokens tokens;

	tokens_of(l, &tokens);
	clicked(l, &tokens);
	fetched(l, &tokens);
}
