#include "text/ipaddr.h"

/* Four decimal numbers; a leading zero is refused, since inet_aton reads it as octal. */
static bool dotted_quad(struct str s, uint8_t *ret_b)
{
	uint8_t b[4];
	size_t at = 0;

	if (s.n < 7 || s.n > 15)
		return false;
	for (int i = 0; i < 4; i++) {
		unsigned v = 0;
		size_t digits = 0;
		if (i && (at == s.n || s.p[at++] != '.'))
			return false;
		for (; at < s.n && ascii_is_digit(s.p[at]); at++, digits++)
			v = v * 10 + (unsigned)(s.p[at] - '0');
		if (digits == 0 || digits > 3 || v > 255 || (digits > 1 && s.p[at - digits] == '0'))
			return false;
		b[i] = (uint8_t)v;
	}
	if (at != s.n)
		return false;
	memcpy(ret_b, b, 4);
	return true;
}

/* RFC 4291 §2.2: up to eight groups, "::" once for at least one of them. */
bool ipaddr_v6_text(struct str s, uint8_t ret_b[16])
{
	uint8_t b[16] = {0};
	size_t at = 0, n = 0, gap = SIZE_MAX;

	if (s.n < 2 || s.n > 45)
		return false;
	if (s.p[0] == ':') {
		if (s.p[1] != ':')
			return false;
		gap = 0;
		at = 2;
	}
	while (at < s.n) {
		unsigned v = 0;
		size_t begin = at, digits = 0;
		int d;
		for (; at < s.n && digits < 5 && (d = hex_digit(s.p[at])) >= 0; at++, digits++)
			v = v << 4 | (unsigned)d;
		if (n == 16 || digits == 0 || digits > 4)
			return false;
		if (at < s.n && s.p[at] == '.') {
			if (n > 12 || !dotted_quad(str_from(s, begin), b + n))
				return false;
			n += 4;
			break;
		}
		b[n++] = (uint8_t)(v >> 8);
		b[n++] = (uint8_t)v;
		if (at == s.n)
			break;
		if (s.p[at++] != ':' || at == s.n)
			return false;
		if (s.p[at] == ':') {
			if (gap != SIZE_MAX)
				return false;
			gap = n;
			at++;
		}
	}
	if (gap == SIZE_MAX ? n != 16 : n > 14)
		return false;
	memset(ret_b, 0, 16);
	if (gap == SIZE_MAX)
		gap = n;
	memcpy(ret_b, b, gap);
	memcpy(ret_b + 16 - (n - gap), b + gap, n - gap);
	return true;
}

/* RFC 4007 §11: "%" and a zone, which says something about the logging machine only. */
static struct str without_zone(struct str s)
{
	size_t at = str_chr(s, '%');

	return at + 1 < s.n ? str_upto(s, at) : s;
}

static bool port_number(struct str s, int *ret_port)
{
	unsigned v = 0;

	if (s.n == 0 || s.n > 5)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]))
			return false;
		v = v * 10 + (unsigned)(s.p[i] - '0');
	}
	if (v > 65535)
		return false;
	*ret_port = (int)v;
	return true;
}

/* RFC 4291 §2.5.5.2 */
static bool is_mapped(const uint8_t b[16])
{
	static const uint8_t prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

	return memcmp(b, prefix, 12) == 0;
}

static bool address(struct str s, struct ipaddr *ret_ip, bool *ret_mapped)
{
	struct ipaddr ip = {.v6 = false};
	uint8_t b[16];
	bool mapped = false;

	if (!dotted_quad(s, ip.b)) {
		if (!ipaddr_v6_text(without_zone(s), b))
			return false;
		mapped = is_mapped(b);
		ip.v6 = !mapped;
		memcpy(ip.b, mapped ? b + 12 : b, mapped ? 4 : 16);
	}
	*ret_ip = ip;
	*ret_mapped = mapped;
	return true;
}

bool ipaddr_parse(struct str s, struct ipaddr *ret_ip, int *ret_port, bool *ret_mapped)
{
	struct ipaddr ip;
	int port = -1;
	bool mapped;

	s = str_trim(s);
	if (s.n == 0)
		return false;
	if (s.p[0] == '[') {
		size_t close = str_chr(s, ']');
		if (close == s.n)
			return false;
		struct str rest = str_from(s, close + 1);
		if (rest.n && (rest.p[0] != ':' || !port_number(str_from(rest, 1), &port)))
			return false;
		s = (struct str){s.p + 1, close - 1};
	} else {
		size_t dot = str_chr(s, '.'), colon = str_chr(s, ':');
		if (dot < colon && colon < s.n) {
			if (!port_number(str_from(s, colon + 1), &port))
				return false;
			s = str_upto(s, colon);
		}
	}
	if (!address(s, &ip, &mapped))
		return false;
	*ret_ip = ip;
	*ret_port = port;
	*ret_mapped = mapped;
	return true;
}

bool ipaddr_canonical(struct str s, struct ipaddr *ret_ip)
{
	struct ipaddr ip = {.v6 = true};
	char room[IPADDR_TEXT];

	if (dotted_quad(s, ip.b)) {
		ip.v6 = false;
		*ret_ip = ip;
		return true;
	}
	if (!ipaddr_v6_text(s, ip.b) || is_mapped(ip.b))
		return false;
	if (!str_eq(s, ipaddr_text(&ip, room)))
		return false;
	*ret_ip = ip;
	return true;
}

static char *put_decimal(char *p, unsigned v)
{
	if (v >= 100)
		*p++ = (char)('0' + v / 100);
	if (v >= 10)
		*p++ = (char)('0' + v / 10 % 10);
	*p++ = (char)('0' + v % 10);
	return p;
}

static char *put_quad(char *p, const uint8_t *b)
{
	for (int i = 0; i < 4; i++) {
		if (i)
			*p++ = '.';
		p = put_decimal(p, b[i]);
	}
	return p;
}

static char *put_group(char *p, unsigned v)
{
	static const char digits[] = "0123456789abcdef";
	int shift = v > 0xfff ? 12 : v > 0xff ? 8 : v > 0xf ? 4 : 0;

	for (; shift >= 0; shift -= 4)
		*p++ = digits[v >> shift & 15];
	return p;
}

/* The first longest run of two or more zero groups (RFC 5952 §4.2.2, §4.2.3). */
static int zero_run(const uint8_t b[16], int *ret_length)
{
	int best = -1, best_length = 1;

	for (int i = 0; i < 8; i++) {
		int length = 0;
		while (i + length < 8 && b[2 * (i + length)] == 0 && b[2 * (i + length) + 1] == 0)
			length++;
		if (length > best_length) {
			best = i;
			best_length = length;
		}
		i += length;
	}
	*ret_length = best < 0 ? 0 : best_length;
	return best;
}

static char *put_groups(char *p, const uint8_t b[16])
{
	int length, run = zero_run(b, &length);

	for (int i = 0; i < 8;) {
		if (i == run) {
			*p++ = ':';
			*p++ = ':';
			i += length;
			continue;
		}
		if (i && i != run + length)
			*p++ = ':';
		else if (i && run < 0)
			*p++ = ':';
		p = put_group(p, (unsigned)b[2 * i] << 8 | b[2 * i + 1]);
		i++;
	}
	return p;
}

struct str ipaddr_v6_groups(const uint8_t b[16], char room[IPADDR_TEXT])
{
	return (struct str){room, (size_t)(put_groups(room, b) - room)};
}

struct str ipaddr_text(const struct ipaddr *ip, char room[IPADDR_TEXT])
{
	char *p = room;

	if (!ip->v6) {
		p = put_quad(p, ip->b);
	} else if (is_mapped(ip->b)) {
		/* RFC 5952 §5: a known prefix that carries IPv4 is written mixed. */
		memcpy(p, "::ffff:", 7);
		p = put_quad(p + 7, ip->b + 12);
	} else {
		p = put_groups(p, ip->b);
	}
	return (struct str){room, (size_t)(p - room)};
}

void ipaddr_print(const struct ipaddr *ip, struct buf *out)
{
	char room[IPADDR_TEXT];

	buf_str(out, ipaddr_text(ip, room));
}

size_t ipaddr_bytes(const struct ipaddr *ip, uint8_t ret_b[16])
{
	size_t n = ip->v6 ? 16 : 4;

	memcpy(ret_b, ip->b, n);
	return n;
}

struct ipaddr ipaddr_of_bytes(const uint8_t *b, size_t n)
{
	struct ipaddr ip = {.v6 = n == 16};

	memcpy(ip.b, b, ip.v6 ? 16 : 4);
	return ip;
}

void ipaddr_ordered(const struct ipaddr *ip, uint8_t ret_b[16])
{
	if (ip->v6) {
		memcpy(ret_b, ip->b, 16);
		return;
	}
	memset(ret_b, 0, 10);
	memset(ret_b + 10, 0xff, 2);
	memcpy(ret_b + 12, ip->b, 4);
}

bool ipaddr_derived_v4(const struct ipaddr *ip, struct ipaddr *ret_v4)
{
	static const uint8_t nat64[12] = {0x00, 0x64, 0xff, 0x9b}; /* RFC 6052 §2.1 */
	static const uint8_t teredo[4] = {0x20, 0x01, 0x00, 0x00}; /* RFC 4380 §2.6 */
	struct ipaddr v4 = {.v6 = false};

	if (!ip->v6)
		return false;
	if (memcmp(ip->b, nat64, 12) == 0) {
		memcpy(v4.b, ip->b + 12, 4);
	} else if (ip->b[0] == 0x20 && ip->b[1] == 0x02) { /* 6to4: RFC 3056 §2 */
		memcpy(v4.b, ip->b + 2, 4);
	} else if (memcmp(ip->b, teredo, 4) == 0) {
		for (int i = 0; i < 4; i++) /* §4: the client's address, each bit flipped */
			v4.b[i] = (uint8_t)~ip->b[12 + i];
	} else {
		return false;
	}
	*ret_v4 = v4;
	return true;
}

static bool prefix_bounds(
	const struct ipaddr *ip, unsigned bits, uint8_t ret_from[16], uint8_t ret_to[16])
{
	uint8_t b[16];

	ipaddr_ordered(ip, b);
	for (unsigned i = 0; i < 16; i++) {
		unsigned keep = bits > 8 * i ? bits - 8 * i : 0;
		uint8_t mask = (uint8_t)(keep >= 8 ? 0xff : 0xff << (8 - keep));
		ret_from[i] = b[i] & mask;
		ret_to[i] = (uint8_t)(ret_from[i] | (uint8_t)~mask);
	}
	return true;
}

bool ipaddr_network(struct str s, uint8_t ret_from[16], uint8_t ret_to[16])
{
	struct ipaddr a, b;
	uint8_t from[16], to[16];
	bool mapped;
	int bits;

	s = str_trim(s);
	size_t at = str_chr(s, '/');
	if (at < s.n) {
		if (!address(str_upto(s, at), &a, &mapped) ||
			!port_number(str_from(s, at + 1), &bits))
			return false;
		if (bits > (a.v6 || mapped ? 128 : 32))
			return false;
		return prefix_bounds(
			&a, (unsigned)bits + (a.v6 || mapped ? 0 : 96), ret_from, ret_to);
	}
	at = str_chr(s, '-');
	if (at == s.n || !address(str_trim(str_upto(s, at)), &a, &mapped) ||
		!address(str_trim(str_from(s, at + 1)), &b, &mapped) || a.v6 != b.v6)
		return false;
	ipaddr_ordered(&a, from);
	ipaddr_ordered(&b, to);
	if (memcmp(from, to, 16) > 0)
		return false;
	memcpy(ret_from, from, 16);
	memcpy(ret_to, to, 16);
	return true;
}
