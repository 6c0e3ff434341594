#include "mail/mime.h"

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

/* Behind the blanks and the line end of a soft break that begins at i, or 0. */
static size_t soft_break(struct str s, size_t i)
{
	i++;
	while (i < s.n && (s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\r'))
		i++;
	return i == s.n || s.p[i] == '\n' ? i + 1 : 0;
}

/*
 * RFC 2045 §6.7; underscores are blanks in encoded words (RFC 2047 §4.2).  Blanks at the end of a
 * line stay, though rule 3 would delete them: what an attachment's hash is depends on them.
 */
struct str quoted_decode(struct arena *a, struct str s, bool words, bool *ret_bad)
{
	char *to = arena_alloc(a, s.n + 1);
	size_t n = 0, next;

	*ret_bad = false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c != '=') {
			to[n++] = c == '_' && words ? ' ' : c;
			continue;
		}
		int high = i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1;
		int low = i + 2 < s.n ? hex_digit(s.p[i + 2]) : -1;
		if (high >= 0 && low >= 0) {
			to[n++] = (char)(high << 4 | low);
			i += 2;
		} else if ((next = soft_break(s, i)) > 0) {
			i = next - 1;
		} else {
			*ret_bad = true;
			to[n++] = c;
		}
	}
	return (struct str){to, n};
}

/* One mail saved with either line end is one mail, and so are its parts. */
struct str unix_lines(struct arena *a, struct str s)
{
	if (str_find(s, STR("\r\n")) == s.n)
		return s;
	char *to = arena_alloc(a, s.n);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\r' || i + 1 == s.n || s.p[i + 1] != '\n')
			to[n++] = s.p[i];
	return (struct str){to, n};
}

struct str mime_decode(struct mail_reading *r, const struct mime_part *p)
{
	bool bad = false, base64 = str_eq(p->encoding, STR("base64"));
	struct str s = p->body;

	if (base64)
		s = base64_decode(r->arena, p->body, &bad);
	else if (str_eq(p->encoding, STR("quoted-printable")))
		s = quoted_decode(r->arena, p->body, false, &bad);
	if (bad)
		flaw_add(r->flaws, FLAW_BAD_ENCODING, p->offset);
	return base64 ? s : unix_lines(r->arena, s);
}
