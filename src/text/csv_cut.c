/* Where rows end, for whoever cuts a source: it runs over every byte, so it counts quotes only. */
#include "text/csv.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static size_t count_quotes(const char *p, size_t n)
{
	size_t quotes = 0;

#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"');
	while (n >= 64) {
		/* Each byte of `sum` counts one column: 63 blocks of 4 rows don't overflow it. */
		size_t blocks = n / 64 < 63 ? n / 64 : 63;
		__m128i sum = _mm_setzero_si128();
		n -= blocks * 64;
		for (; blocks; blocks--, p += 64) {
			const __m128i *x = (const __m128i *)p;
			__m128i a = _mm_cmpeq_epi8(_mm_loadu_si128(x), quote);
			__m128i b = _mm_cmpeq_epi8(_mm_loadu_si128(x + 1), quote);
			__m128i c = _mm_cmpeq_epi8(_mm_loadu_si128(x + 2), quote);
			__m128i d = _mm_cmpeq_epi8(_mm_loadu_si128(x + 3), quote);
			sum = _mm_sub_epi8(
				sum, _mm_add_epi8(_mm_add_epi8(a, b), _mm_add_epi8(c, d)));
		}
		sum = _mm_sad_epu8(sum, _mm_setzero_si128());
		quotes += (size_t)_mm_cvtsi128_si64(sum) +
			  (size_t)_mm_cvtsi128_si64(_mm_srli_si128(sum, 8));
	}
#endif
	for (size_t i = 0; i < n; i++)
		quotes += p[i] == '"';
	return quotes;
}

static bool ends_row(struct str text, size_t i)
{
	if (text.p[i] == '\n')
		return true;
	return text.p[i] == '\r' && i + 1 < text.n && text.p[i + 1] != '\n';
}

size_t csv_last_row_end(struct str text, bool *inout_quoted)
{
	bool quoted = *inout_quoted ^ (count_quotes(text.p, text.n) & 1);
	size_t i = text.n;

	*inout_quoted = quoted;
	while (i) {
#ifdef __SSE2__
		/* A block without line ends only matters for its quotes. */
		if (i >= 16) {
			__m128i x = _mm_loadu_si128((const __m128i *)(text.p + i - 16));
			__m128i ends = _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('\n')),
				_mm_cmpeq_epi8(x, _mm_set1_epi8('\r')));
			__m128i quotes = _mm_cmpeq_epi8(x, _mm_set1_epi8('"'));
			if (!_mm_movemask_epi8(ends)) {
				quoted ^= __builtin_parity((unsigned)_mm_movemask_epi8(quotes));
				i -= 16;
				continue;
			}
		}
#endif
		for (size_t stop = i >= 16 ? i - 16 : 0; i > stop; i--) {
			if (text.p[i - 1] == '"')
				quoted = !quoted;
			else if (!quoted && ends_row(text, i - 1))
				return i;
		}
	}
	return 0;
}

size_t csv_first_row_end(struct str text, bool *inout_quoted)
{
	bool quoted = *inout_quoted;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"') {
			quoted = !quoted;
		} else if (!quoted && ends_row(text, i)) {
			*inout_quoted = false;
			return i + 1;
		}
	}
	*inout_quoted = quoted;
	return 0;
}
