#include "mail/words.h"

/* RFC 2045 §6.8, and the alphabet of RFC 4648 §5; -1: no digit, -2: padding, -3: a blank. */
static const signed char *base64_table(void)
{
	static signed char table[256];

	if (table['B'])
		return table;
	memset(table, -1, sizeof(table));
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (int i = 0; i < 64; i++)
		table[(unsigned char)digits[i]] = (signed char)i;
	table['-'] = 62;
	table['_'] = 63;
	table['='] = -2;
	table[' '] = table['\t'] = table['\r'] = table['\n'] = -3;
	return table;
}

/* Other bytes are stepped over, as RFC 2045 §6.8 asks; text behind padding goes on. */
struct str base64_decode(struct arena *a, struct str s, bool *ret_bad)
{
	const signed char *table = base64_table();
	char *to = arena_alloc(a, s.n / 4 * 3 + 4);
	size_t n = 0;
	uint32_t bits = 0;
	unsigned have = 0;

	*ret_bad = false;
	for (size_t i = 0; i < s.n; i++) {
		int d = table[(unsigned char)s.p[i]];
		if (d < 0) {
			*ret_bad |= d == -1;
			if (d == -2) {
				/* Each padded run stands alone; what is left of it is padding. */
				have = 0;
			}
			continue;
		}
		bits = bits << 6 | (uint32_t)d;
		have += 6;
		if (have >= 8) {
			have -= 8;
			to[n++] = (char)(bits >> have);
		}
	}
	if (have >= 6)
		*ret_bad = true;
	return (struct str){to, n};
}

/* RFC 2045 §6.7; underscores are blanks in encoded words (RFC 2047 §4.2). */
struct str quoted_decode(struct arena *a, struct str s, bool underscores, bool *ret_bad)
{
	char *to = arena_alloc(a, s.n + 1);
	size_t n = 0;

	*ret_bad = false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '_' && underscores)
			c = ' ';
		if (c != '=') {
			to[n++] = c;
			continue;
		}
		int high = i + 2 < s.n + 0 ? hex_digit(s.p[i + 1]) : -1;
		int low = i + 2 < s.n ? hex_digit(s.p[i + 2]) : -1;
		if (high >= 0 && low >= 0) {
			to[n++] = (char)(high << 4 | low);
			i += 2;
			continue;
		}
		/* A soft line break, blanks before its end allowed. */
		size_t end = i + 1;
		while (end < s.n && (s.p[end] == ' ' || s.p[end] == '\t' || s.p[end] == '\r'))
			end++;
		if (end == s.n || s.p[end] == '\n') {
			i = end;
			continue;
		}
		*ret_bad = true;
		to[n++] = c;
	}
	return (struct str){to, n};
}
