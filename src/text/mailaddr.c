#include "text/mailaddr.h"

#include "text/domain.h"
#include "text/ipaddr.h"
#include "text/percent.h"

bool mailaddr_local_byte(char c)
{
	static const bool atext[128] = {['!'] = 1,
		['#'] = 1,
		['$'] = 1,
		['%'] = 1,
		['&'] = 1,
		['\''] = 1,
		['*'] = 1,
		['+'] = 1,
		['-'] = 1,
		['/'] = 1,
		['='] = 1,
		['?'] = 1,
		['^'] = 1,
		['_'] = 1,
		['`'] = 1,
		['{'] = 1,
		['|'] = 1,
		['}'] = 1,
		['~'] = 1,
		['.'] = 1};

	return ascii_is_alnum(c) || (unsigned char)c > 0x7f || atext[(unsigned char)c];
}

static bool local_part(struct str s)
{
	if (s.n == 0 || s.n > MAILADDR_LOCAL_MAX)
		return false;
	if (s.p[0] == '"') {
		if (s.n < 3 || s.p[s.n - 1] != '"')
			return false;
		for (size_t i = 1; i < s.n - 1; i++)
			if ((unsigned char)s.p[i] < ' ' || s.p[i] == '"' || s.p[i] == 0x7f)
				return false;
		return true;
	}
	for (size_t i = 0; i < s.n; i++)
		if (!mailaddr_local_byte(s.p[i]))
			return false;
	return true;
}

static enum mailaddr_verdict domain_part(
	struct arena *a, struct str s, idna_fn *to_ascii, char *room, struct str *ret_name)
{
	struct ipaddr ip;
	size_t labels;
	int port;
	bool mapped;

	if (host_normal(s, room, ret_name, &labels))
		return MAILADDR_OK;
	if (s.n > 2 && s.p[0] == '[' && s.p[s.n - 1] == ']') {
		struct str inner = {s.p + 1, s.n - 2};
		if (inner.n > 5 && str_eq_nocase(str_upto(inner, 5), STR("ipv6:")))
			inner = str_from(inner, 5); /* RFC 5321 §4.1.3 */
		if (!ipaddr_parse(inner, &ip, &port, &mapped) || port >= 0)
			return MAILADDR_BAD;
		char *text = arena_alloc(a, IPADDR_TEXT + 2);
		size_t n = ipaddr_text(&ip, text + 1).n;
		text[0] = '[';
		text[n + 1] = ']';
		*ret_name = (struct str){text, n + 2};
		return MAILADDR_OK;
	}
	for (size_t i = 0; i < s.n; i++) {
		struct str ascii;
		if ((unsigned char)s.p[i] <= 0x7f)
			continue;
		if (!to_ascii)
			return MAILADDR_NEEDS_IDNA;
		if (!to_ascii(a, s, &ascii) ||
			!host_normal(ascii, arena_alloc(a, ascii.n), ret_name, &labels))
			return MAILADDR_BAD;
		return MAILADDR_OK;
	}
	return MAILADDR_BAD;
}

enum mailaddr_verdict mailaddr_bare(
	struct arena *a, struct str s, idna_fn *to_ascii, struct str *ret_addr)
{
	const char *at = s.n ? memrchr(s.p, '@', s.n) : NULL;
	struct str local, name;

	if (!at)
		return MAILADDR_BAD;
	local = str_upto(s, (size_t)(at - s.p));
	s = str_from(s, local.n + 1);
	if (!local_part(local) || s.n == 0 || s.n > 1024)
		return MAILADDR_BAD;
	char *room = arena_alloc(a, local.n + 1 + s.n);
	enum mailaddr_verdict v = domain_part(a, s, to_ascii, room + local.n + 1, &name);
	if (v != MAILADDR_OK)
		return v;
	if (name.p != room + local.n + 1) {
		room = arena_alloc(a, local.n + 1 + name.n);
		memcpy(room + local.n + 1, name.p, name.n);
	}
	for (size_t i = 0; i < local.n; i++)
		room[i] = ascii_lower(local.p[i]);
	room[local.n] = '@';
	*ret_addr = (struct str){room, local.n + 1 + name.n};
	return MAILADDR_OK;
}

static bool cut_prefix(struct str *s, struct str prefix)
{
	if (s->n < prefix.n || !str_eq_nocase(str_upto(*s, prefix.n), prefix))
		return false;
	*s = str_from(*s, prefix.n);
	return true;
}

enum mailaddr_verdict mailaddr_read(
	struct arena *a, struct str s, idna_fn *to_ascii, struct str *ret_addr)
{
	s = str_trim(s);
	if (s.n && s.p[s.n - 1] == '>') {
		const char *open = memrchr(s.p, '<', s.n);
		if (!open)
			return MAILADDR_BAD;
		s = str_from(s, (size_t)(open - s.p) + 1);
		s.n--;
		s = str_trim(s);
	}
	if (s.n > 2 && s.p[0] == '\'' && s.p[s.n - 1] == '\'')
		s = (struct str){s.p + 1, s.n - 2};
	if (cut_prefix(&s, STR("mailto:"))) {
		s = str_upto(s, str_chr(s, '?')); /* RFC 6068 §2 */
		s = percent_decode(s, arena_alloc(a, s.n + 1));
	} else if (!cut_prefix(&s, STR("smtp:"))) {
		cut_prefix(&s, STR("sip:"));
	}
	return mailaddr_bare(a, s, to_ascii, ret_addr);
}
