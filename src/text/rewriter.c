#include "text/rewriter.h"

#include "text/base64.h"
#include "text/percent.h"

const char *rewriter_name(enum rewriter r)
{
	static const char *const names[] = {"none", "safelinks", "proofpoint-v1", "proofpoint-v2",
		"proofpoint-v3", "barracuda", "cisco", "google"};

	return (size_t)r < sizeof(names) / sizeof(names[0]) ? names[r] : "unknown";
}

/* The value of a query parameter, still encoded; false if it isn't there. */
static bool parameter(struct str query, struct str key, struct str *ret_value)
{
	while (query.n) {
		struct str value = str_cut(&query, '&');
		size_t equals = str_chr(value, '=');
		if (equals < value.n && str_eq(str_upto(value, equals), key)) {
			*ret_value = str_from(value, equals + 1);
			return true;
		}
	}
	return false;
}

static bool decoded_parameter(
	struct arena *a, struct str query, struct str key, struct str *ret_value)
{
	struct str value;

	if (!parameter(query, key, &value))
		return false;
	*ret_value = percent_decode(value, arena_alloc(a, value.n + 1));
	return ret_value->n > 0;
}

/* HTML's "&amp;" is what some mail filters leave of '&'. */
static struct str without_amp(struct str s, char *room)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		room[n++] = s.p[i];
		if (s.p[i] == '&' && str_starts(str_from(s, i), STR("&amp;")))
			i += 4;
	}
	return (struct str){room, n};
}

static bool proofpoint_v1(struct arena *a, const struct url *u, struct str *ret_inner)
{
	struct str s;

	if (!decoded_parameter(a, u->query, STR("u"), &s))
		return false;
	*ret_inner = without_amp(s, arena_alloc(a, s.n + 1));
	return true;
}

static bool proofpoint_v2(struct arena *a, const struct url *u, struct str *ret_inner)
{
	struct str value;

	if (!parameter(u->query, STR("u"), &value) || value.n == 0)
		return false;
	char *room = arena_alloc(a, value.n + 1);
	for (size_t i = 0; i < value.n; i++)
		room[i] = value.p[i] == '-' ? '%' : value.p[i] == '_' ? '/' : value.p[i];
	struct str s = percent_decode((struct str){room, value.n}, arena_alloc(a, value.n + 1));
	*ret_inner = without_amp(s, arena_alloc(a, s.n + 1));
	return true;
}

/* RFC 4648 §5; stops at the first other byte ('=' among them). */
static struct str base64url(struct str s, char *room)
{
	size_t n = 0;

	while (n < s.n && base64_digit(s.p[n]) >= 0)
		n++;
	return (struct str){room, base64_read(str_upto(s, n), room).n};
}

/*
 * v3: "*" stands for one taken-out byte, "**X" for a run whose length X says as a base64url
 * digit (A is 2, B is 3 … _ is 65); the bytes taken out follow behind "__;", in base64url.
 */
static bool proofpoint_v3(struct arena *a, struct str all, struct str *ret_inner)
{
	size_t begin = str_find(all, STR("/v3/__"));
	struct str s = str_from(all, begin + 6);
	const char *end = NULL;

	for (size_t i = 0; i + 3 <= s.n; i++) /* the last "__;": the URL may have one too */
		if (memcmp(s.p + i, "__;", 3) == 0)
			end = s.p + i;
	if (begin == all.n || !end)
		return false;
	struct str coded = str_from(s, (size_t)(end - s.p) + 3);
	coded = str_upto(coded, str_chr(coded, '!'));
	struct str taken = base64url(coded, arena_alloc(a, coded.n + 1));
	s = str_upto(s, (size_t)(end - s.p));
	char *room = arena_alloc(a, s.n + taken.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		size_t run = 1;
		if (s.p[i] != '*') {
			room[n++] = s.p[i];
			continue;
		}
		if (s.n - i > 2 && s.p[i + 1] == '*' && base64_digit(s.p[i + 2]) >= 0) {
			run = (size_t)base64_digit(s.p[i + 2]) + 2;
			i += 2;
		}
		run = run < taken.n ? run : taken.n;
		memcpy(room + n, taken.p, run);
		n += run;
		taken = str_from(taken, run);
	}
	*ret_inner = (struct str){room, n};
	return n > 0;
}

static bool cisco(struct arena *a, const struct url *u, struct str *ret_inner)
{
	const char *slash = u->path.n ? memrchr(u->path.p, '/', u->path.n) : NULL;

	if (!slash || slash == u->path.p)
		return false;
	struct str last = str_from(u->path, (size_t)(slash - u->path.p) + 1);
	*ret_inner = percent_decode(last, arena_alloc(a, last.n + 1));
	return str_find(*ret_inner, STR("://")) < ret_inner->n;
}

static bool below(struct str host, struct str domain)
{
	return str_eq(host, domain) || (host.n > domain.n && str_ends(host, domain) &&
					       host.p[host.n - domain.n - 1] == '.');
}

static bool is_proofpoint(struct str host)
{
	return below(host, STR("urldefense.com")) || below(host, STR("urldefense.us")) ||
	       below(host, STR("urldefense.proofpoint.com"));
}

/* www.google.com, www.google.co.uk, google.de: the label in front of the suffix counts. */
static bool is_google(struct str host)
{
	struct str name = str_starts(host, STR("www.")) ? str_from(host, 4) : host;

	return str_starts(name, STR("google.")) && name.n <= 13;
}

static bool barracuda(struct arena *a, const struct url *u, struct str *ret_inner)
{
	struct str typo;

	/* it also rewrites words of the text that look like names: those were no links */
	if (parameter(u->query, STR("typo"), &typo) && str_eq(typo, STR("1")))
		return false;
	return decoded_parameter(a, u->query, STR("a"), ret_inner);
}

static enum rewriter unwrap(struct arena *a, const struct url *u, struct str *ret_inner)
{
	struct str host = u->host;

	if (below(host, STR("safelinks.protection.outlook.com")) ||
		below(host, STR("safelinks.protection.office365.us")))
		return decoded_parameter(a, u->query, STR("url"), ret_inner) ? REWRITER_SAFELINKS
									     : REWRITER_NONE;
	if (is_proofpoint(host)) {
		if (str_starts(u->path, STR("/v1/")))
			return proofpoint_v1(a, u, ret_inner) ? REWRITER_PROOFPOINT_V1
							      : REWRITER_NONE;
		if (str_starts(u->path, STR("/v2/")))
			return proofpoint_v2(a, u, ret_inner) ? REWRITER_PROOFPOINT_V2
							      : REWRITER_NONE;
		if (proofpoint_v3(a, u->href, ret_inner))
			return REWRITER_PROOFPOINT_V3;
		return REWRITER_NONE;
	}
	if (str_eq(host, STR("linkprotect.cudasvc.com")))
		return barracuda(a, u, ret_inner) ? REWRITER_BARRACUDA : REWRITER_NONE;
	if (str_eq(host, STR("secure-web.cisco.com")))
		return cisco(a, u, ret_inner) ? REWRITER_CISCO : REWRITER_NONE;
	if (is_google(host) && str_eq(u->path, STR("/url")))
		return decoded_parameter(a, u->query, STR("q"), ret_inner) ||
				       decoded_parameter(a, u->query, STR("url"), ret_inner)
			       ? REWRITER_GOOGLE
			       : REWRITER_NONE;
	return REWRITER_NONE;
}

bool url_unwrap(
	struct arena *a, const struct url *u, struct str *ret_inner, enum rewriter *ret_wrapper)
{
	struct str inner;

	if (!u->special || !u->host.n)
		return false;
	enum rewriter r = unwrap(a, u, &inner);
	if (r == REWRITER_NONE)
		return false;
	*ret_inner = inner;
	*ret_wrapper = r;
	return true;
}
