#include "read/join.h"

#include "text/ipaddr.h"

static const struct str none = {"", 0};

/* "https://…": RFC 3986 section 3.1. */
static bool has_scheme(struct str s)
{
	size_t n = 0;

	while (n < s.n && (ascii_is_alnum(s.p[n]) || (n && memchr("+-.", s.p[n], 3))))
		n++;
	return n && ascii_is_alpha(s.p[0]) && str_starts(str_from(s, n), STR("://"));
}

/* What a client wrote into its Host header must not become the URL's path, or its user. */
static bool is_host(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((uint8_t)s.p[i] <= ' ' || s.p[i] == 0x7f || memchr("/?#@\\\"<>", s.p[i], 8))
			return false;
	return s.n > 0;
}

static bool is_v6(struct str host)
{
	struct ipaddr ip;
	bool mapped;
	int number;

	return host.p[0] != '[' && ipaddr_parse(host, &ip, &number, &mapped) && ip.v6 && number < 0;
}

static bool has_port(struct str host)
{
	size_t colon = str_chr(host, ':');

	if (host.n && host.p[0] == '[')
		return str_find(host, STR("]:")) < host.n;
	return colon < host.n;
}

static bool is_default_port(struct str scheme, struct str port)
{
	return str_eq(port, str_eq_nocase(scheme, STR("https")) ? STR("443") : STR("80"));
}

static struct str concat(struct arena *a, const struct str *at, size_t n)
{
	size_t sum = 0, to = 0;

	for (size_t i = 0; i < n; i++)
		sum += at[i].n;
	char *p = arena_alloc(a, sum + 1);
	for (size_t i = 0; i < n; i++) {
		memcpy(p + to, at[i].p, at[i].n);
		to += at[i].n;
	}
	return (struct str){p, sum};
}

struct str url_join(struct arena *a, const struct url_parts *parts)
{
	struct str host = str_trim(parts->host), port = parts->port, query = parts->query;
	struct str scheme = parts->scheme.n ? parts->scheme : STR("http");

	if (str_ends(scheme, STR("://")))
		scheme.n -= 3;
	if (query.n && query.p[0] == '?')
		query = str_from(query, 1);
	if (str_chr(parts->path, '?') < parts->path.n)
		query = none;
	if (has_scheme(parts->path)) {
		struct str whole[] = {parts->path, query.n ? STR("?") : none, query};
		return query.n ? concat(a, whole, 3) : parts->path;
	}
	if (!is_host(host) || !parts->path.n || parts->path.p[0] != '/')
		return none;
	bool v6 = is_v6(host);
	if ((!v6 && has_port(host)) || is_default_port(scheme, port))
		port = none;
	struct str all[] = {scheme, STR("://"), v6 ? STR("[") : none, host, v6 ? STR("]") : none,
		port.n ? STR(":") : none, port, parts->path, query.n ? STR("?") : none, query};
	return concat(a, all, sizeof(all) / sizeof(all[0]));
}
