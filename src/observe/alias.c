#include "observe/normal.h"
#include "observe/observer.h"
#include "text/domain.h"
#include "text/mailaddr.h"
#include "text/phone.h"

struct aliasing {
	struct arena *arena;
	struct alias *at;
	size_t n;
};

static void give(struct aliasing *g, struct observable o, enum how how)
{
	if (g->n < ALIASES_MAX)
		g->at[g->n++] = (struct alias){o, (uint8_t)how};
}

static size_t labels(struct str name)
{
	size_t n = 1;

	for (size_t i = 0; i < name.n; i++)
		n += name.p[i] == '.';
	return n;
}

/* The registrable domain, or the last two labels of a name below no known suffix. */
static struct str top_of(struct str name)
{
	struct str top = domain_registrable(name);

	if (top.n || domain_has_known_tld(name))
		return top;
	top = name;
	while (labels(top) > 2)
		str_cut(&top, '.');
	return top;
}

/* From the registrable domain down, so that a name of many labels keeps the keys that matter. */
static void give_parents(struct aliasing *g, struct str name, enum how how)
{
	struct str parent;

	if (name.n > 253) /* the text of what was no name */
		return;
	parent = top_of(name);
	if (parent.n == 0)
		return;
	while (parent.n < name.n && g->n < ALIASES_MAX) {
		give(g, normal_pack(g->arena, KIND_DOMAIN, parent), how);
		size_t at = name.n - parent.n - 1;
		while (at && name.p[at - 1] != '.')
			at--;
		parent = str_from(name, at);
	}
}

static void give_domain(struct aliasing *g, struct str name, enum how how, enum how how_parents)
{
	struct str normal;

	if (!domain_normal(name, arena_alloc(g->arena, name.n + 1), &normal))
		return;
	give(g, normal_pack(g->arena, KIND_DOMAIN, normal), how);
	give_parents(g, normal, how_parents);
}

static void of_url(struct aliasing *g, struct str href)
{
	struct url u;

	if (!url_parse(g->arena, href, &u))
		return;
	struct url_keys k = url_keys(g->arena, &u);
	if (k.no_fragment.n)
		give(g, normal_pack(g->arena, KIND_URL, k.no_fragment), HOW_URL_NO_FRAGMENT);
	if (k.no_query.n)
		give(g, normal_pack(g->arena, KIND_URL, k.no_query), HOW_URL_NO_QUERY);
	if (k.host_path.n)
		give(g, normal_pack(g->arena, KIND_URL_PATH, k.host_path), HOW_URL_NO_SCHEME);
	if (u.host_is_ip)
		give(g, normal_ip(g->arena, &u.ip), HOW_URL_HOST);
	else if (u.special)
		give_domain(g, u.host, HOW_URL_HOST, HOW_URL_HOST_SUB);
}

static void of_ip(struct aliasing *g, struct observable o)
{
	struct ipaddr ip, v4;

	if (o.form != FORM_IP || o.v.n != 16)
		return;
	ip = ipaddr_of_bytes((const uint8_t *)o.v.p, 16);
	give(g, (struct observable){KIND_NET64, FORM_NET, str_upto(o.v, 8)}, HOW_SAME_64);
	if (ipaddr_derived_v4(&ip, &v4))
		give(g, normal_ip(g->arena, &v4), HOW_DERIVED_IPV4);
}

static void give_email(struct aliasing *g, struct str s)
{
	struct str addr;

	if (mailaddr_bare(g->arena, s, NULL, &addr) == MAILADDR_OK)
		give(g, normal_pack(g->arena, KIND_EMAIL, addr), HOW_EMAIL_ACCOUNT);
}

/*
 * A mail address in what a directory calls somebody.  A guest is written with the last '_' for
 * the '@' of the address and "#EXT#@" behind it; SharePoint's claims have it behind the last
 * '|', sign-ins of personal accounts behind "live.com#", old domains behind '\'.
 */
static void of_account(struct aliasing *g, struct str s)
{
	size_t ext = str_find(s, STR("#ext#@")), from = s.n;
	const char *underscore = memrchr(s.p, '_', ext);

	if (ext < s.n && underscore) {
		char *guest = arena_alloc(g->arena, ext);
		memcpy(guest, s.p, ext);
		guest[underscore - s.p] = '@';
		give_email(g, (struct str){guest, ext});
		return;
	}
	while (from && !strchr("|#\\:", s.p[from - 1]))
		from--;
	if (from && from < s.n)
		give_email(g, str_from(s, from));
}

static void of_email(struct aliasing *g, struct str s)
{
	const char *at = memrchr(s.p, '@', s.n);

	of_account(g, s);
	if (at)
		give_domain(
			g, str_from(s, (size_t)(at - s.p) + 1), HOW_MAIL_DOMAIN, HOW_MAIL_DOMAIN);
}

static void of_phone(struct aliasing *g, struct str s)
{
	struct str national = phone_national(s);

	if (national.n)
		give(g, normal_pack(g->arena, KIND_PHONE, national), HOW_PHONE_NATIONAL);
}

size_t observe_aliases(struct observer *ob, struct observable o, struct alias ret[ALIASES_MAX])
{
	struct aliasing g = {.arena = &ob->alias_arena, .at = ret};

	arena_rewind(&ob->alias_arena, (struct arena_mark){0});
	if (o.kind == KIND_IP)
		of_ip(&g, o);
	if (o.form != FORM_TEXT || o.v.n == 0)
		return g.n;
	if (o.kind == KIND_DOMAIN)
		give_parents(&g, o.v, HOW_SUBDOMAIN);
	else if (o.kind == KIND_URL)
		of_url(&g, o.v);
	else if (o.kind == KIND_EMAIL)
		of_email(&g, o.v);
	else if (o.kind == KIND_ACCOUNT)
		of_account(&g, o.v);
	else if (o.kind == KIND_PHONE)
		of_phone(&g, o.v);
	return g.n;
}
