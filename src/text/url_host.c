#include "text/url_host.h"

#include "text/percent.h"

enum { HOST = 1, DOMAIN = 2 }; /* forbidden in an opaque host, in a domain */

/* URL Standard §3.2: forbidden host code points and forbidden domain code points. */
static const uint8_t forbidden[128] = {
	[0] = HOST | DOMAIN,
	[1 ... 8] = DOMAIN,
	['\t'] = HOST | DOMAIN,
	['\n'] = HOST | DOMAIN,
	[0x0b ... 0x0c] = DOMAIN,
	['\r'] = HOST | DOMAIN,
	[0x0e ... 0x1f] = DOMAIN,
	[' '] = HOST | DOMAIN,
	['#'] = HOST | DOMAIN,
	['%'] = DOMAIN,
	['/'] = HOST | DOMAIN,
	[':'] = HOST | DOMAIN,
	['<'] = HOST | DOMAIN,
	['>'] = HOST | DOMAIN,
	['?'] = HOST | DOMAIN,
	['@'] = HOST | DOMAIN,
	['['] = HOST | DOMAIN,
	['\\'] = HOST | DOMAIN,
	[']'] = HOST | DOMAIN,
	['^'] = HOST | DOMAIN,
	['|'] = HOST | DOMAIN,
	[0x7f] = DOMAIN,
};

/* An IPv4 number: decimal, 0x hex, 0 octal; saturates.  False: not a number. */
static bool ipv4_number(struct str s, uint64_t *ret_v)
{
	unsigned radix = 10;
	uint64_t v = 0;

	if (s.n == 0)
		return false;
	if (s.n >= 2 && s.p[0] == '0' && (s.p[1] == 'x' || s.p[1] == 'X')) {
		radix = 16;
		s = str_from(s, 2);
	} else if (s.n >= 2 && s.p[0] == '0') {
		radix = 8;
		s = str_from(s, 1);
	}
	for (size_t i = 0; i < s.n; i++) {
		int d = hex_digit(s.p[i]);
		if (d < 0 || (unsigned)d >= radix)
			return false;
		v = v > UINT32_MAX ? v : v * radix + (unsigned)d;
	}
	*ret_v = v;
	return true;
}

static bool ends_in_number(struct str s)
{
	uint64_t v;
	size_t at, digits = 0;

	if (s.n && s.p[s.n - 1] == '.')
		s.n--;
	for (at = s.n; at && s.p[at - 1] != '.'; at--)
		digits += ascii_is_digit(s.p[at - 1]);
	struct str last = str_from(s, at);
	return last.n && (digits == last.n || ipv4_number(last, &v));
}

static bool ipv4_parse(struct str s, struct ipaddr *ret_ip)
{
	uint64_t parts[4], v = 0;
	int n = 0;

	if (s.n && s.p[s.n - 1] == '.')
		s.n--;
	for (bool more = true; more; n++) {
		more = str_chr(s, '.') < s.n;
		if (n == 4 || !ipv4_number(str_cut(&s, '.'), &parts[n]))
			return false;
	}
	for (int i = 0; i < n - 1; i++) {
		if (parts[i] > 255)
			return false;
		v |= parts[i] << (24 - 8 * i);
	}
	if (parts[n - 1] >= UINT64_C(1) << (8 * (5 - n)))
		return false;
	v |= parts[n - 1];
	*ret_ip = (struct ipaddr){.v6 = false};
	for (int i = 0; i < 4; i++)
		ret_ip->b[i] = (uint8_t)(v >> (24 - 8 * i));
	return true;
}

/* "[…]": IPv6, written without mixed notation and without zone (§3.6). */
static enum url_verdict bracketed(struct arena *a, struct str s, struct url *u)
{
	uint8_t b[16];

	if (s.p[s.n - 1] != ']' || !ipaddr_v6_text((struct str){s.p + 1, s.n - 2}, b))
		return URL_BAD;
	char *room = arena_alloc(a, IPADDR_TEXT + 2);
	struct str text = ipaddr_v6_groups(b, room + 1);
	room[0] = '[';
	room[1 + text.n] = ']';
	u->host = (struct str){room, text.n + 2};
	u->host_is_ip = true;
	if (!memcmp(b, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12))
		u->ip = ipaddr_of_bytes(b + 12, 4);
	else
		u->ip = ipaddr_of_bytes(b, 16);
	return URL_OK;
}

static enum url_verdict domain_or_ipv4(struct arena *a, struct str ascii, struct url *u)
{
	char *room = arena_alloc(a, ascii.n + 1);

	for (size_t i = 0; i < ascii.n; i++) {
		unsigned char c = (unsigned char)ascii.p[i];
		if (c > 0x7f || (forbidden[c] & DOMAIN))
			return URL_BAD;
		room[i] = ascii_lower(ascii.p[i]);
	}
	struct str host = {room, ascii.n};
	if (host.n == 0)
		return URL_BAD;
	if (ends_in_number(host)) {
		if (!ipv4_parse(host, &u->ip))
			return URL_BAD;
		host = ipaddr_text(&u->ip, arena_alloc(a, IPADDR_TEXT));
		u->host_is_ip = true;
	}
	u->host = host;
	return URL_OK;
}

enum url_verdict url_host_special(struct arena *a, struct str s, idna_fn *to_ascii, struct url *u)
{
	bool high = false;

	if (s.n == 0)
		return URL_BAD;
	if (s.p[0] == '[')
		return bracketed(a, s, u);
	if (str_chr(s, '%') < s.n)
		s = percent_decode(s, arena_alloc(a, s.n));
	for (size_t i = 0; i < s.n; i++)
		high = high || (unsigned char)s.p[i] > 0x7f;
	if (high && !to_ascii)
		return URL_NEEDS_IDNA;
	if (high && !to_ascii(a, s, &s))
		return URL_BAD;
	return domain_or_ipv4(a, s, u);
}

enum url_verdict url_host_opaque(struct arena *a, struct str s, struct url *u)
{
	if (s.n && s.p[0] == '[')
		return bracketed(a, s, u);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c < 0x80 && (forbidden[c] & HOST))
			return URL_BAD;
	}
	char *room = arena_alloc(a, 3 * s.n + 1);
	u->host = (struct str){room, (size_t)(percent_encode(room, s, PERCENT_C0) - room)};
	return URL_OK;
}
