#ifndef T_ORACLE_RANDOM_JSON_H
#define T_ORACLE_RANDOM_JSON_H

/* JSON at random, and ways to spoil it; fixed seeds, so that a failure comes again.  C and C++. */

#include "base/buf.h"

struct dice {
	uint64_t state;
};

static inline uint32_t dice(struct dice *d, uint32_t below)
{
	/* Knuth's MMIX generator. */
	d->state = d->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((d->state >> 33) % below);
}

static inline const char *dice_pick(struct dice *d, const char *const *of, uint32_t n)
{
	return of[dice(d, n)];
}

#define DICE_PICK(d, array) dice_pick((d), (array), sizeof(array) / sizeof(*(array)))

static inline void random_blanks(struct dice *d, struct buf *b)
{
	static const char *const blanks[] = {"", "", "", "", " ", "  ", "\n", "\t", "\r\n\t "};

	buf_str(b, str_of(DICE_PICK(d, blanks)));
}

static inline void random_string(struct dice *d, struct buf *b)
{
	static const char *const parts[] = {"a", "b", "Id", "0123456789abcdef", "\\n", "\\\"",
		"\\\\", "\\/", "\\u0041", "\\u00e9", "\\u20ac", "\\ud83d\\ude00", "\xc3\xa9",
		"\xe2\x82\xac", "\xf0\x9f\x98\x80", "{", "}", "[", "]", ",", ":", "/*", "//", "'",
		" ", "\x7f", "\\b\\f\\r\\t", "UserAgent", "198.51.100.7"};

	buf_putc(b, '"');
	for (uint32_t n = dice(d, 5); n; n--)
		buf_str(b, str_of(DICE_PICK(d, parts)));
	buf_putc(b, '"');
}

static inline void random_value(struct dice *d, struct buf *b, unsigned depth)
{
	static const char *const scalars[] = {"null", "true", "false", "0", "-0", "1", "-1", "12",
		"1234567", "12345678", "123456789", "9223372036854775807", "-9223372036854775808",
		"0.5", "-1.25", "1e5", "1E-5", "2.5e+10", "123456.789", "0.1"};
	uint32_t kind = dice(d, depth < 6 ? 10 : 6);

	random_blanks(d, b);
	if (kind < 3) {
		buf_str(b, str_of(DICE_PICK(d, scalars)));
	} else if (kind < 6) {
		random_string(d, b);
	} else {
		bool object = kind < 8;
		buf_putc(b, object ? '{' : '[');
		for (uint32_t i = 0, n = dice(d, 6); i < n; i++) {
			if (i)
				buf_putc(b, ',');
			random_blanks(d, b);
			if (object) {
				random_string(d, b);
				random_blanks(d, b);
				buf_putc(b, ':');
			}
			random_value(d, b, depth + 1);
		}
		random_blanks(d, b);
		buf_putc(b, object ? '}' : ']');
	}
	random_blanks(d, b);
}

/* One change: a byte or a fragment put in, over, or taken out, or the end cut off. */
static inline void spoil(struct dice *d, struct buf *b)
{
	static const char *const fragments[] = {"\"", "\\", "{", "}", "[", "]", ",", ":", "0", "-",
		"+", ".", "e", "1e999", "01", "NaN", "tru", "null", "\\u", "\\ud83d", "\\x", "\xff",
		"\xc0\x80", "\xed\xa0\x80", "\n", "\x01", " ", "/**/", "'", "99999999999999999999"};
	struct buf out = {NULL, 0, 0};
	uint32_t at = dice(d, (uint32_t)b->n + 1), how = dice(d, 5);

	buf_add(&out, b->p, at);
	if (how == 0 && at < b->n)
		at++;
	if (how < 3)
		buf_str(&out, str_of(DICE_PICK(d, fragments)));
	if (how == 3 && at < b->n)
		at += 1 + dice(d, 3);
	if (how != 4 && at < b->n)
		buf_add(&out, b->p + at, b->n - at);
	buf_release(b);
	*b = out;
}

#endif
