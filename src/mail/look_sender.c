/* Who says that they sent it, and who says that this is true. */
#include <string.h>

#include "mail/looking.h"
#include "text/domain.h"
#include "text/mailaddr.h"

struct sender {
	struct str name, address, domain, site;
};

/* "Bank, Bank, <x@evil.example>" is three senders by the grammar, and one to whoever reads it. */
static struct sender read_sender(struct look *l)
{
	struct sender s = {0};

	MEMBERS_EACH(&l->m, i, look_get(l, l->mail, "from"))
	{
		if (!s.name.n)
			s.name = look_text(l, i, "name");
		if (!s.address.n)
			s.address = look_text(l, i, "address");
	}
	s.domain = look_domain_of(l, s.address);
	s.site = look_site(s.domain);
	return s;
}

/*
 * What stands between blanks and punctuation that no address shown to people has: ASCII's, U+00A0,
 * and U+2000 to U+203F (blanks, quotes, what is not seen).
 */
static size_t delimiter(struct str s)
{
	if (s.p[0] > 0 && (s.p[0] <= ' ' || strchr("<>()[]\",;:|", s.p[0])))
		return 1;
	if (str_starts(s, STR("\xc2\xa0")))
		return 2;
	return str_starts(s, STR("\xe2\x80")) && s.n > 2 ? 3 : 0;
}

/* The next word, without the quotes and full stops around it. */
static struct str cut_word(struct str *inout_rest)
{
	struct str word = *inout_rest;
	size_t n = 0, gap = 0;

	while (n < word.n && !(gap = delimiter(str_from(word, n))))
		n++;
	*inout_rest = str_from(word, n + gap);
	word.n = n;
	while (word.n && (word.p[0] == '\'' || word.p[0] == '.'))
		word = str_from(word, 1);
	while (word.n && (word.p[word.n - 1] == '\'' || word.p[word.n - 1] == '.'))
		word.n--;
	return word;
}

/* A name that is an address of its own: most programs show nothing else. */
static void name_shows_address(struct look *l, const struct sender *s)
{
	struct str shown, rest = s->name;

	while (rest.n) {
		struct str word = cut_word(&rest);
		if (str_chr(word, '@') == word.n ||
			mailaddr_bare(&l->arena, word, idna_to_ascii, &shown) != MAILADDR_OK ||
			str_eq(look_site(str_from(shown, str_chr(shown, '@') + 1)), s->site))
			continue;
		look_say(l, LOOK_BAD, "name-shows-address",
			"The sender's name shows " STR_FMT
			", but the mail says it comes from " STR_FMT ".",
			STR_ARG(look_shown(l, shown)), STR_ARG(look_shown(l, s->address)));
		return;
	}
}

/* Of each byte what it is taken for at a glance (METHODS 2.1: the table before the skeleton). */
static struct str glance(struct arena *a, struct str domain)
{
	char *p = arena_alloc(a, domain.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < domain.n; i++) {
		char c = domain.p[i], next = i + 1 < domain.n ? domain.p[i + 1] : 0;
		if (c == 'r' && next == 'n') {
			p[n++] = 'm';
			i++;
		} else if (c == 'v' && next == 'v') {
			p[n++] = 'w';
			i++;
		} else if (c == 'c' && next == 'l') {
			p[n++] = 'd';
			i++;
		} else {
			p[n++] = c == '0' ? 'o' : c == '1' || c == 'i' ? 'l' : c;
		}
	}
	return (struct str){p, n};
}

/* One byte added, left out, changed, or two neighbours swapped. */
static bool differs_by_one(struct str a, struct str b)
{
	size_t head = 0, tail = 0, least = a.n < b.n ? a.n : b.n;

	if (a.n > b.n + 1 || b.n > a.n + 1)
		return false;
	while (head < least && a.p[head] == b.p[head])
		head++;
	while (tail < least - head && a.p[a.n - 1 - tail] == b.p[b.n - 1 - tail])
		tail++;
	size_t in_a = a.n - head - tail, in_b = b.n - head - tail;
	if (in_a == 2 && in_b == 2)
		return a.p[head] == b.p[head + 1] && a.p[head + 1] == b.p[head];
	return in_a <= 1 && in_b <= 1 && in_a + in_b > 0;
}

/* Short names are neighbours of everything. */
enum { LOOKALIKE_LEAST = 6 };

static void looks_like_us(struct look *l, const struct sender *s)
{
	for (size_t i = 0; i < l->opt->n_own; i++) {
		struct str own = look_site(l->opt->own_domains[i]);
		if (own.n < LOOKALIKE_LEAST || str_eq(own, s->site))
			continue;
		struct str g = glance(&l->arena, s->site), h = glance(&l->arena, own);
		if (!str_eq(g, h) && !differs_by_one(s->site, own))
			continue;
		look_say(l, LOOK_BAD, "looks-like-us",
			"The sender's domain " STR_FMT " looks like your own " STR_FMT ".",
			STR_ARG(look_shown(l, s->site)), STR_ARG(own));
		return;
	}
}

static void foreign_letters(struct look *l, const struct sender *s)
{
	struct str shown;

	if (str_find(s->domain, STR("xn--")) == s->domain.n ||
		!domain_to_unicode(&l->arena, s->domain, &shown))
		return;
	look_say(l, LOOK_ODD, "international-domain",
		"The sender's domain has letters beyond ASCII: it shows as " STR_FMT
		" and is " STR_FMT ".",
		STR_ARG(look_shown(l, shown)), STR_ARG(look_shown(l, s->domain)));
}

static void answers_go(struct look *l, const struct sender *s)
{
	uint32_t list = look_get(l, l->mail, "reply_to");
	struct str list_id = look_text(l, l->mail, "list_id");

	MEMBERS_EACH(&l->m, i, list)
	{
		struct str address = look_text(l, i, "address");
		struct str site = look_site(look_domain_of(l, address));
		/* Mailing lists ask for answers to the list (RFC 2919 has its id end in its domain). */
		if (!site.n || str_eq(site, s->site) || str_find(list_id, site) < list_id.n)
			continue;
		look_say(l, LOOK_ODD, "answers-elsewhere",
			"Answers go to " STR_FMT ", not to " STR_FMT ".",
			STR_ARG(look_shown(l, address)), STR_ARG(look_shown(l, s->site)));
		look_probe(l, "sender", "email", address);
		return;
	}
}

static void bulk(struct look *l)
{
	struct str list = look_text(l, l->mail, "list_id");

	if (list.n)
		look_say(l, LOOK_FACT, "list",
			"It says that it comes from the mailing list " STR_FMT ".",
			STR_ARG(look_shown(l, list)));
	else if (look_get(l, l->mail, "list_unsubscribe") != MEMBERS_NONE)
		look_say(l, LOOK_FACT, "bulk", "It offers to unsubscribe, as bulk mail does.");
}

void look_sender(struct look *l)
{
	struct sender s = read_sender(l);

	if (!s.address.n) {
		look_say(l, LOOK_ODD, "no-sender", "It says nothing readable about who sent it.");
		return;
	}
	look_say(l, LOOK_FACT, "sender", "It says that it comes from " STR_FMT "%s" STR_FMT "%s.",
		STR_ARG(look_shown(l, s.name.n ? s.name : s.address)), s.name.n ? " <" : "",
		STR_ARG(look_shown(l, s.name.n ? s.address : STR(""))), s.name.n ? ">" : "");
	look_probe(l, "sender", "email", s.address);
	name_shows_address(l, &s);
	foreign_letters(l, &s);
	looks_like_us(l, &s);
	answers_go(l, &s);
	bulk(l);
}
