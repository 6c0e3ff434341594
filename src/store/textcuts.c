#include "store/textcuts.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Where in the first 64 bytes which separators stand, a bit per byte. */
struct marks {
	uint64_t dot, at, slash, end; /* end: slash, backslash, colon, equals sign */
};

#ifdef __SSE2__
static uint64_t equal16(__m128i v, char c)
{
	return (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(c)));
}

static void add_marks(struct marks *m, __m128i v, unsigned skip, unsigned at)
{
	uint64_t slash = equal16(v, '/');
	uint64_t end = slash | equal16(v, '\\') | equal16(v, ':') | equal16(v, '=');

	m->dot |= equal16(v, '.') >> skip << at;
	m->at |= equal16(v, '@') >> skip << at;
	m->slash |= slash >> skip << at;
	m->end |= end >> skip << at;
}

/* The last bytes are read together with some before them, never beyond the text. */
static struct marks marks_of(struct str s)
{
	struct marks m = {0};
	const unsigned n = (unsigned)s.n, whole = n & ~15u;

	for (unsigned i = 0; i < whole; i += 16)
		add_marks(&m, _mm_loadu_si128((const __m128i *)(const void *)(s.p + i)), 0, i);
	if (n == whole)
		return m;
	if (n > 16) {
		const void *p = s.p + n - 16;
		add_marks(&m, _mm_loadu_si128((const __m128i *)p), 16 - (n - whole), whole);
	} else if (n >= 8) {
		const void *p = s.p + n - 8;
		add_marks(&m, _mm_loadl_epi64((const __m128i *)(const void *)s.p), 0, 0);
		add_marks(&m, _mm_loadl_epi64((const __m128i *)p), 16 - n, 8);
	}
	return m;
}
#else
static struct marks marks_of(struct str s)
{
	struct marks m = {0};

	for (size_t i = 0; i < s.n; i++) {
		uint64_t bit = (uint64_t)1 << i;
		char c = s.p[i];
		m.dot |= c == '.' ? bit : 0;
		m.at |= c == '@' ? bit : 0;
		m.slash |= c == '/' ? bit : 0;
		m.end |= c == '/' || c == '\\' || c == ':' || c == '=' ? bit : 0;
	}
	return m;
}
#endif

/* The highest bit's number, or `none`. */
static uint32_t highest(uint64_t m, uint32_t none)
{
	return m ? 63 - (uint32_t)__builtin_clzll(m) : none;
}

static uint32_t lowest(uint64_t m, uint32_t none)
{
	return m ? (uint32_t)__builtin_ctzll(m) : none;
}

/*
 * Of the first 64 bytes a URL's origin, and everything up to the last slash, colon or equals
 * sign; of the last 64 everything from the '@', from the first dot behind it or the last but
 * one, and from the last dot.  What has an '@' seldom shares its front.
 */
struct cuts cuts_of(struct str s)
{
	const uint32_t n = (uint32_t)s.n, back = n > 64 ? n - 64 : 0;
	struct cuts c = {{0, 0, 0}, {n, n, n}};
	struct marks m = marks_of(str_from(s, back));
	uint32_t at = highest(m.at, 64), dot = highest(m.dot, 64);

	if (at < 64) {
		uint64_t behind = m.dot & ~(((uint64_t)2 << at) - 1);
		c.suffix[2] = back + at;
		c.suffix[1] = behind ? back + lowest(behind, 0) : n;
		c.suffix[0] = behind ? back + dot : n;
		return c;
	}
	if (dot < 64) {
		uint32_t before = highest(m.dot & (((uint64_t)1 << dot) - 1), 64);
		c.suffix[0] = back + dot;
		c.suffix[1] = before < 64 ? back + before : n;
	}
	if (back)
		m = marks_of(str_upto(s, 64));
	c.prefix[2] = m.end ? highest(m.end, 0) + 1 : 0;
	m.slash &= m.slash - 1;
	m.slash &= m.slash - 1;
	c.prefix[1] = m.slash ? lowest(m.slash, 0) + 1 : 0;
	return c;
}
