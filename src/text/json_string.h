#ifndef TEXT_JSON_STRING_H
#define TEXT_JSON_STRING_H

#include "base/flaw.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Where a string ends, and what it is made of: the heart of the tokeniser's speed. */

/* What json_string_end tells, and where flaws go. */
struct json_string {
	struct flaws *flaws;
	const char *text; /* where offsets count from … */
	size_t base;      /* … plus this */
	uint8_t flags;    /* enum json_flags */
	bool closed;
};

/*
 * From p, which stands on a byte that is not plain (below), to the closing quote or to end.
 * Adds to flags, and the flaws.
 */
const char *json_string_end(struct json_string *s, const char *p, const char *end, char quote);

/* Looks at the bytes above 0x7f from p to end only. */
void json_string_check(struct json_string *s, const char *p, const char *end);

/* The first byte that is a quote, a backslash, a control or above 0x7f; end if there is none. */
static inline const char *json_plain_end(const char *p, const char *end)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
	const __m128i space = _mm_set1_epi8(' ');
	for (; end - p >= 16; p += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)p);
		/* Signed, so that bytes above 0x7f are below the space too. */
		__m128i hit = _mm_or_si128(_mm_cmplt_epi8(x, space),
			_mm_or_si128(_mm_cmpeq_epi8(x, quote), _mm_cmpeq_epi8(x, slash)));
		unsigned mask = (unsigned)_mm_movemask_epi8(hit);
		if (mask)
			return p + __builtin_ctz(mask);
	}
#endif
	for (; p < end; p++) {
		unsigned char c = (unsigned char)*p;
		if (c < ' ' || c > 0x7f || c == '"' || c == '\\')
			return p;
	}
	return end;
}

#endif
