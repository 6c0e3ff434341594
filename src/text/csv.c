#include "text/csv.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/limits.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct parse {
	const char *text, *end;
	char separator;
	struct csv_row *row;
	struct flaws *flaws;
	size_t base;
};

static void flaw_at(const struct parse *s, enum flaw_code code, const char *p)
{
	flaw_add(s->flaws, code, s->base + (size_t)(p - s->text));
}

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

static __attribute__((noinline)) void grow(struct csv_row *row)
{
	uint32_t cap = row->cap ? row->cap * 2 : 64;
	struct csv_field *at = realloc(row->at, cap * sizeof(*at));

	if (!at)
		BUG("out of memory");
	row->at = at;
	row->cap = cap;
}

static inline void emit(
	const struct parse *s, const char *p, const char *end, bool quoted, bool doubled)
{
	struct csv_row *row = s->row;

	/* Counted one beyond the limit, so that the flaw comes once. */
	if (row->n >= LIMIT_CSV_COLUMNS) {
		if (row->n++ == LIMIT_CSV_COLUMNS)
			flaw_at(s, FLAW_COLUMN_COUNT, p);
		return;
	}
	if (row->n == row->cap)
		grow(row);
	row->at[row->n++] =
		(struct csv_field){(uint32_t)(p - s->text), (uint32_t)(end - p), quoted, doubled};
}

/* The first separator, line end or quote; end if there is none. */
static inline const char *plain_end(const struct parse *s, const char *p)
{
#ifdef __SSE2__
	const __m128i separator = _mm_set1_epi8(s->separator), quote = _mm_set1_epi8('"');
	const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
	for (; s->end - p >= 16; p += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)p);
		__m128i hit = _mm_or_si128(
			_mm_or_si128(_mm_cmpeq_epi8(x, separator), _mm_cmpeq_epi8(x, quote)),
			_mm_or_si128(_mm_cmpeq_epi8(x, lf), _mm_cmpeq_epi8(x, cr)));
		unsigned mask = (unsigned)_mm_movemask_epi8(hit);
		if (mask)
			return p + __builtin_ctz(mask);
	}
#endif
	while (p < s->end && *p != s->separator && *p != '"' && !is_line_end(*p))
		p++;
	return p;
}

static inline const char *quote_after(const char *p, const char *end)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"');
	for (; end - p >= 16; p += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)p);
		unsigned mask = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, quote));
		if (mask)
			return p + __builtin_ctz(mask);
	}
#endif
	while (p < end && *p != '"')
		p++;
	return p;
}

/* From behind a closing quote to the end of the field, if something stands between. */
static __attribute__((noinline)) const char *odd_tail(struct parse *s, const char *p)
{
	bool open = false;

	flaw_at(s, FLAW_STRAY_QUOTE, p - 1);
	for (; p < s->end; p++) {
		if (*p == '"')
			open = !open;
		else if (!open && (*p == s->separator || is_line_end(*p)))
			return p;
	}
	if (open)
		flaw_at(s, FLAW_UNCLOSED_QUOTE, s->end);
	return p;
}

static inline const char *quoted_field(struct parse *s, const char *p)
{
	const char *from = p + 1, *q = from;
	bool doubled = false;

	for (;;) {
		q = quote_after(q, s->end);
		if (q == s->end) {
			flaw_at(s, FLAW_UNCLOSED_QUOTE, p);
			emit(s, from, q, true, doubled);
			return q;
		}
		if (s->end - q < 2 || q[1] != '"')
			break;
		doubled = true;
		q += 2;
	}
	const char *after = q + 1;
	if (after < s->end && *after != s->separator && !is_line_end(*after)) {
		after = odd_tail(s, after);
		q = after[-1] == '"' ? after - 1 : after;
	}
	emit(s, from, q, true, doubled);
	return after;
}

static inline const char *field(struct parse *s, const char *p)
{
	if (p < s->end && *p == '"')
		return quoted_field(s, p);
	const char *q = plain_end(s, p);
	while (q < s->end && *q == '"') {
		flaw_at(s, FLAW_STRAY_QUOTE, q);
		q = plain_end(s, q + 1);
	}
	emit(s, p, q, false, false);
	return q;
}

size_t csv_tokenise(
	struct csv_row *row, struct str text, char separator, struct flaws *flaws, size_t base)
{
	struct parse s = {text.p, text.p + text.n, separator, row, flaws, base};
	const char *p = text.p;

	row->n = 0;
	if (text.n == 0)
		return 0;
	if (text.n >= UINT32_MAX)
		BUG("csv: a text of %zu bytes", text.n);
	for (;;) {
		p = field(&s, p);
		if (p == s.end || *p != separator)
			break;
		p++;
	}
	if (row->n > LIMIT_CSV_COLUMNS)
		row->n = LIMIT_CSV_COLUMNS;
	if (p < s.end && *p++ == '\r' && p < s.end && *p == '\n')
		p++;
	return (size_t)(p - text.p);
}

void csv_row_release(struct csv_row *row)
{
	free(row->at);
	*row = (struct csv_row){0};
}

struct str csv_unquote(struct str s, char *room)
{
	const char *p = s.p, *end = s.p + s.n;
	char *out = room;

	if (s.n == 0)
		return (struct str){room, 0};
	while (p < end) {
#ifdef __SSE2__
		/* Whole blocks are stored: out never overtakes p, so the room is large enough. */
		if (end - p >= 16) {
			__m128i x = _mm_loadu_si128((const __m128i *)p);
			unsigned hit =
				(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, _mm_set1_epi8('"')));
			size_t n = hit ? (size_t)__builtin_ctz(hit) : 16;
			_mm_storeu_si128((__m128i *)out, x);
			p += n;
			out += n;
			if (!hit)
				continue;
		}
#endif
		bool pair = end - p > 1 && p[0] == '"' && p[1] == '"';
		*out++ = *p;
		p += 1 + pair;
	}
	return (struct str){room, (size_t)(out - room)};
}

void csv_quote(struct buf *out, struct str s, char separator)
{
	if (str_chr(s, '"') == s.n && str_chr(s, separator) == s.n && str_chr(s, '\n') == s.n &&
		str_chr(s, '\r') == s.n) {
		buf_str(out, s);
		return;
	}
	buf_putc(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_putc(out, '"');
		buf_putc(out, s.p[i]);
	}
	buf_putc(out, '"');
}
