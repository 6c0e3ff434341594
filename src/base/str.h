#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A borrowed run of bytes: never owns, never NUL-terminated, may hold NULs.
 * Pass it by value.  It is valid as long as the arena, buf or map it points into.
 */
struct str {
	const char *p;
	size_t n;
};

#define STR(lit) ((struct str){"" lit, sizeof(lit) - 1})
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).n, (s).p

static inline struct str str_of(const char *z)
{
	return (struct str){z, strlen(z)};
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline struct str str_from(struct str s, size_t at)
{
	size_t skip = at < s.n ? at : s.n;

	/* Nothing is ever added to a NULL. */
	return (struct str){skip ? s.p + skip : s.p, s.n - skip};
}

static inline struct str str_upto(struct str s, size_t n)
{
	return (struct str){s.p, n < s.n ? n : s.n};
}

bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_eq_nocase(struct str a, struct str b); /* ASCII letters only */
int str_cmp(struct str a, struct str b);        /* by bytes, then by length */
/* Offset of the first `c` or `needle`, or s.n when there is none. */
size_t str_chr(struct str s, char c);
size_t str_find(struct str s, struct str needle);
size_t str_count(struct str s, char c); /* how many there are */
struct str str_trim(struct str s);      /* without blanks, tabs and line ends at both sides */
/* Cuts off and returns what stands before the next `c`; *s is left with what follows it. */
struct str str_cut(struct str *s, char c);
/* Decimal digits and nothing else, no overflow; false leaves *ret_v alone. */
bool str_u64(struct str s, uint64_t *ret_v);

static inline char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static inline bool ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool ascii_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool ascii_is_alnum(char c)
{
	return ascii_is_digit(c) || ascii_is_alpha(c);
}

/* The value of a hexadecimal digit, or -1. */
static inline int hex_digit(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* 8-4-4-4-12 hexadecimal digits (RFC 9562 section 4). */
bool str_is_uuid(struct str s);

#endif
