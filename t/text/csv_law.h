#ifndef T_TEXT_CSV_LAW_H
#define T_TEXT_CSV_LAW_H

/* What text/csv.h says, as a plain state machine over bytes. */

#include "base/limits.h"
#include "text/csv.h"

#define CSV_LAW(cond)                                                                              \
	do {                                                                                       \
		if (!(cond))                                                                       \
			return #cond;                                                              \
	} while (0)

/* The length of the field at p[0..n), and how many quotes in it stray. */
static inline size_t law_field(const char *p, size_t n, char separator, bool *ret_stray)
{
	bool quoted = n && p[0] == '"', inside = false, closed = false;
	size_t i;

	*ret_stray = false;
	for (i = 0; i < n; i++) {
		bool ends = p[i] == separator || p[i] == '\n' || p[i] == '\r';
		if (ends && !inside)
			break;
		if (p[i] == '"' && !quoted)
			*ret_stray = true;
		if (closed && !inside && p[i] != '"')
			*ret_stray = true;
		if (p[i] == '"' && quoted) {
			inside = !inside;
			closed = closed || !inside;
		}
	}
	return i;
}

static inline const char *csv_law(
	const struct csv_row *row, struct str text, char separator, size_t used, bool *ret_stray)
{
	size_t at = 0;
	bool stray = false;

	CSV_LAW(used <= text.n && (used == 0) == (text.n == 0));
	*ret_stray = false;
	for (uint32_t i = 0; text.n; i++) {
		size_t n = law_field(text.p + at, text.n - at, separator, &stray);
		*ret_stray |= stray;
		if (i < row->n) {
			const struct csv_field *f = &row->at[i];
			CSV_LAW(f->quoted == (n && text.p[at] == '"'));
			CSV_LAW(f->off == at + f->quoted);
			size_t len = n - f->quoted;
			/* A closing quote isn't part of the field; an unclosed one has none. */
			CSV_LAW(f->len == len || (f->quoted && len && f->len == len - 1 &&
							 text.p[at + n - 1] == '"'));
			CSV_LAW(f->doubled <= f->quoted);
			if (f->doubled)
				CSV_LAW(str_find(csv_span(text, f), STR("\"\"")) < f->len);
		} else {
			CSV_LAW(row->n == LIMIT_CSV_COLUMNS);
		}
		at += n;
		if (at < text.n && text.p[at] == separator) {
			at++;
			continue;
		}
		CSV_LAW(row->n == (i + 1 < LIMIT_CSV_COLUMNS ? i + 1 : LIMIT_CSV_COLUMNS));
		break;
	}
	if (at < text.n)
		at += text.p[at] == '\r' && at + 1 < text.n && text.p[at + 1] == '\n' ? 2 : 1;
	CSV_LAW(used == at);
	return NULL;
}

/* csv_last_row_end and csv_first_row_end, byte by byte. */
static inline size_t law_row_end(struct str text, bool *inout_quoted, bool first)
{
	size_t end = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"')
			*inout_quoted = !*inout_quoted;
		bool line = text.p[i] == '\n' ||
			    (text.p[i] == '\r' && i + 1 < text.n && text.p[i + 1] != '\n');
		if (!*inout_quoted && line) {
			end = i + 1;
			if (first)
				return end;
		}
	}
	return end;
}

#endif
