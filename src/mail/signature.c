#include "mail/signature.h"

#include "text/domain.h"

enum { INSTANCE_MAX = 50 }; /* RFC 8617 §4.2.1 */

static const struct {
	const char *name;
	enum signature_algorithm how;
} algorithms[] = {
	{"rsa-sha1", SIGNATURE_RSA_SHA1},
	{"rsa-sha256", SIGNATURE_RSA_SHA256},
	{"ed25519-sha256", SIGNATURE_ED25519_SHA256},
};

/* Which tags must be there. */
static const char *const required[][8] = {
	[SIGNATURE_DKIM] = {"v", "a", "b", "bh", "d", "h", "s"},
	[SIGNATURE_AMS] = {"i", "a", "b", "bh", "d", "h", "s"},
	[SIGNATURE_AS] = {"i", "a", "b", "cv", "d", "s"},
};

static const char *check_required(const struct signature *s, enum signature_kind kind)
{
	for (size_t i = 0; required[kind][i]; i++) {
		const struct tag *t = taglist_find(&s->tags, required[kind][i]);
		/* RFC 8617 lets a message signature cover no field. */
		bool may_be_empty = kind == SIGNATURE_AMS && t && str_eq(t->name, STR("h"));
		if (!t || (!t->value.n && !may_be_empty))
			return "a tag is missing";
	}
	return NULL;
}

static bool read_algorithm(struct signature *s)
{
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
		if (!str_eq(s->algorithm, str_of(algorithms[i].name)))
			continue;
		s->how = algorithms[i].how;
		return true;
	}
	return false;
}

/*
 * "header/body", "header" alone meaning header/simple (RFC 6376 §3.5).  Without it simple/simple;
 * but what verifies ARC takes relaxed/relaxed, as its validation suite wants.
 */
static bool read_canonicalization(struct signature *s, enum signature_kind kind)
{
	const struct tag *c = taglist_find(&s->tags, "c");
	struct str rest = c                        ? c->value
			  : kind == SIGNATURE_DKIM ? STR("simple")
						   : STR("relaxed/relaxed");
	bool one = str_chr(rest, '/') == rest.n;
	struct str header = str_cut(&rest, '/'), body = one ? STR("simple") : rest;

	s->relaxed_header = str_eq(header, STR("relaxed"));
	s->relaxed_body = str_eq(body, STR("relaxed"));
	return (s->relaxed_header || str_eq(header, STR("simple"))) &&
	       (s->relaxed_body || str_eq(body, STR("simple")));
}

/* Seconds since 1970; false for anything else. */
static bool read_time(const struct taglist *t, const char *name, struct when *ret)
{
	const struct tag *tag = taglist_find(t, name);
	uint64_t v;

	*ret = WHEN_NONE;
	if (!tag)
		return true;
	/* 253402300800: the year 10000.  RFC 6376 wants larger ones to be read, and never met. */
	if (!str_u64(tag->value, &v))
		return false;
	if (v < 253402300800)
		ret->us = (int64_t)v * WHEN_SECOND;
	return true;
}

static bool read_length(struct signature *s)
{
	const struct tag *l = taglist_find(&s->tags, "l");

	s->length = UINT64_MAX;
	return !l || str_u64(l->value, &s->length);
}

static bool names_from(struct str headers)
{
	struct str name;

	while (tag_next(&headers, ':', &name))
		if (str_eq_nocase(name, STR("from")))
			return true;
	return false;
}

/* The identity's domain is the signing domain or below it (§3.5). */
static bool identity_fits(const struct signature *s)
{
	const char *at = s->identity.n ? memrchr(s->identity.p, '@', s->identity.n) : NULL;

	if (!s->identity.n)
		return true;
	if (!at)
		return false;
	struct str name = str_from(s->identity, (size_t)(at + 1 - s->identity.p));
	if (name.n < s->domain.n)
		return false;
	size_t above = name.n - s->domain.n;
	return str_eq_nocase(str_from(name, above), s->domain) &&
	       (above == 0 || name.p[above - 1] == '.');
}

static bool is_domain(struct arena *a, struct str s)
{
	struct str name;

	return domain_normal(s, arena_alloc(a, s.n), &name) || domain_to_ascii(a, s, &name);
}

static const char *check_dkim(const struct signature *s)
{
	if (!str_eq(taglist_value(&s->tags, "v"), STR("1")))
		return "v= is not 1";
	if (!identity_fits(s))
		return "i= is not below d=";
	if (!names_from(s->headers))
		return "h= leaves out From";
	if (when_known(s->expires_at) && when_known(s->signed_at) &&
		s->expires_at.us <= s->signed_at.us)
		return "x= is not after t=";
	return NULL;
}

static const char *check_arc(const struct signature *s, enum signature_kind kind)
{
	struct str rest = s->headers, name;

	if (!s->instance)
		return "i= is not 1 to 50";
	if (s->how == SIGNATURE_RSA_SHA1)
		return "a= is not for ARC";
	if (kind == SIGNATURE_AS && taglist_find(&s->tags, "h"))
		return "a seal has h=";
	while (kind == SIGNATURE_AMS && tag_next(&rest, ':', &name))
		if (str_eq_nocase(name, STR("arc-seal")))
			return "h= names ARC-Seal";
	return NULL;
}

static const char *check(struct arena *a, enum signature_kind kind, struct signature *s)
{
	const char *wrong = check_required(s, kind);

	if (wrong)
		return wrong;
	if (!read_algorithm(s))
		return "a= is unknown";
	if (!tag_base64(a, taglist_value(&s->tags, "b"), &s->b) ||
		(kind != SIGNATURE_AS && !tag_base64(a, taglist_value(&s->tags, "bh"), &s->bh)))
		return "a hash is not base64";
	if (!read_canonicalization(s, kind))
		return "c= is unknown";
	if (!read_length(s) || !read_time(&s->tags, "t", &s->signed_at) ||
		!read_time(&s->tags, "x", &s->expires_at))
		return "a number is none";
	if (!is_domain(a, s->domain))
		return "d= is not a domain";
	return kind == SIGNATURE_DKIM ? check_dkim(s) : check_arc(s, kind);
}

const char *signature_read(
	struct arena *a, struct str value, enum signature_kind kind, struct signature *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->signed_at = ret->expires_at = WHEN_NONE;
	bool is_list = taglist_read(value, &ret->tags);
	ret->domain = taglist_value(&ret->tags, "d");
	ret->selector = taglist_value(&ret->tags, "s");
	ret->algorithm = taglist_value(&ret->tags, "a");
	ret->headers = taglist_value(&ret->tags, "h");
	ret->cv = taglist_value(&ret->tags, "cv");
	if (kind == SIGNATURE_DKIM)
		ret->identity = taglist_value(&ret->tags, "i");
	else if (!str_u64(taglist_value(&ret->tags, "i"), &ret->instance) ||
		 ret->instance > INSTANCE_MAX)
		ret->instance = 0;
	if (!is_list)
		return "not a list of tags";
	return check(a, kind, ret);
}
