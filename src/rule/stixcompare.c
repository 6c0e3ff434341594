#include "rule/stixcompare.h"

#include <stdlib.h>

#include "rule/patternlex.h"
#include "text/base64.h"
#include "text/ipaddr.h"
#include "text/utf8.h"

bool stix_octets(struct arena *a, struct str s, struct str *ret_bytes)
{
	char *room = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n;) {
		unsigned char c = (unsigned char)s.p[i];
		int step = utf8_step(s.p + i, s.p + s.n);
		if (step == 1)
			room[n++] = (char)c;
		else if (step == 2 && c <= 0xc3)
			room[n++] = (char)((c & 3) << 6 | ((unsigned char)s.p[i + 1] & 0x3f));
		else
			return false;
		i += (size_t)step;
	}
	*ret_bytes = (struct str){room, n};
	return true;
}

bool stix_hex(struct arena *a, struct str s, struct str *ret_bytes)
{
	char *room = arena_alloc(a, s.n / 2 + 1);

	for (size_t i = 0; i < s.n; i += 2) {
		int high = hex_digit(s.p[i]), low = i + 1 < s.n ? hex_digit(s.p[i + 1]) : -1;
		if (high < 0 || low < 0)
			return false;
		room[i / 2] = (char)(high << 4 | low);
	}
	*ret_bytes = (struct str){room, s.n / 2};
	return true;
}

bool stix_base64(struct arena *a, struct str s, struct str *ret_bytes)
{
	char *room = arena_alloc(a, s.n / 4 * 3 + 4);
	size_t pad = 0;

	while (pad < 2 && pad < s.n && s.p[s.n - 1 - pad] == '=')
		pad++;
	struct base64_run run = base64_read(str_upto(s, s.n - pad), room);
	*ret_bytes = (struct str){room, run.n};
	return s.n % 4 == 0 && !run.other && run.left < 6;
}

struct stix_literal stix_literal_of(struct arena *a, const struct pattern_value *v)
{
	struct stix_literal l = {.kind = v->literal, .text = v->text};

	/* The parser has made sure that these are hexadecimal digits and base64. */
	if (l.kind == PATTERN_STRING && !stix_octets(a, v->text, &l.octets))
		l.octets = (struct str){NULL, 0};
	if ((l.kind == PATTERN_HEX && !stix_hex(a, v->text, &l.text)) ||
		(l.kind == PATTERN_BINARY && !stix_base64(a, v->text, &l.text)))
		BUG("a literal that is none");
	return l;
}

/* An integer as sign and digits without leading zeros. */
static bool integer_of(struct str s, bool *ret_minus, struct str *ret_digits)
{
	*ret_minus = s.n && s.p[0] == '-';
	s = str_from(s, s.n && (s.p[0] == '-' || s.p[0] == '+'));
	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]))
			return false;
	}
	while (s.n && s.p[0] == '0')
		s = str_from(s, 1);
	*ret_minus &= s.n > 0;
	*ret_digits = s;
	return true;
}

static double double_of(struct str s)
{
	char room[400];

	s = str_upto(s, sizeof(room) - 1);
	memcpy(room, s.p, s.n);
	room[s.n] = 0;
	return strtod(room, NULL);
}

/* Integers of any length exactly, others as doubles. */
static int compare_numbers(struct str a, struct str b)
{
	struct str da, db;
	bool minus_a, minus_b;

	if (integer_of(a, &minus_a, &da) && integer_of(b, &minus_b, &db)) {
		if (minus_a != minus_b)
			return minus_a ? -1 : 1;
		int order = da.n != db.n ? (da.n < db.n ? -1 : 1) : str_cmp(da, db);
		return minus_a ? -order : order;
	}
	double x = double_of(a), y = double_of(b);
	return x < y ? -1 : x > y;
}

/* Digits behind the second's point, without zeros at the end. */
static struct str fraction_of(struct str time)
{
	struct str f = time.n > 20 ? str_upto(str_from(time, 20), time.n - 21) : STR("");

	while (f.n && f.p[f.n - 1] == '0')
		f.n--;
	return f;
}

static bool compare_times(struct str value, struct str literal, int *ret_order)
{
	int64_t a, b;

	if (!pattern_time(value, &a) || !pattern_time(literal, &b))
		return false;
	/* Microseconds first; only equal ones can differ in finer digits alone. */
	*ret_order = a < b ? -1 : a > b;
	if (*ret_order == 0)
		*ret_order = str_cmp(fraction_of(value), fraction_of(literal));
	return true;
}

bool stix_compare(struct arena *scratch, const struct stix_value *v, const struct stix_literal *l,
	int *ret_order)
{
	bool bytes = l->kind == PATTERN_HEX || l->kind == PATTERN_BINARY;
	struct str octets;

	switch (v->kind) {
	case STIX_TEXT:
		if (l->kind == PATTERN_TIME)
			return compare_times(v->text, l->text, ret_order);
		if (bytes && !stix_octets(scratch, v->text, &octets))
			return false;
		*ret_order = str_cmp(bytes ? octets : v->text, l->text);
		return bytes || l->kind == PATTERN_STRING;
	case STIX_BYTES:
		if (!bytes && (l->kind != PATTERN_STRING || !l->octets.p))
			return false;
		*ret_order = str_cmp(v->text, bytes ? l->text : l->octets);
		return true;
	case STIX_NUMBER:
		*ret_order = l->kind == PATTERN_NUMBER ? compare_numbers(v->text, l->text) : 0;
		return l->kind == PATTERN_NUMBER;
	case STIX_BOOL:
		*ret_order = !str_eq(v->text, l->text);
		return l->kind == PATTERN_BOOL;
	case STIX_NOTHING:
		break;
	}
	return false;
}

struct network {
	bool v6;
	uint8_t from[16], to[16];
};

static bool network_of(struct str s, struct network *ret)
{
	struct ipaddr ip;
	size_t slash = str_chr(s, '/');

	/* Only what STIX has in `value`: no ports, no ranges. */
	ret->v6 = str_chr(s, ':') < s.n;
	if (slash < s.n)
		return str_chr(s, '-') == s.n && ipaddr_network(s, ret->from, ret->to);
	ip.v6 = ret->v6;
	if (ret->v6 ? !ipaddr_v6_text(s, ip.b) : !ipaddr_canonical(s, &ip))
		return false;
	ipaddr_ordered(&ip, ret->from);
	memcpy(ret->to, ret->from, 16);
	return true;
}

bool stix_is_subset(struct str inner, struct str outer)
{
	struct network a, b;

	return network_of(inner, &a) && network_of(outer, &b) && a.v6 == b.v6 &&
	       memcmp(a.from, b.from, 16) >= 0 && memcmp(a.to, b.to, 16) <= 0;
}
