#ifndef TEXT_CSV_H
#define TEXT_CSV_H

#include "base/buf.h"
#include "base/flaw.h"
#include "base/str.h"

/*
 * A one-pass CSV tokeniser (RFC 4180, any one-byte separator) that keeps hostile bytes.  It cuts
 * one row at a time into fields that point into the text; doubled quotes are undone on demand.
 *
 * Quotes.  A field whose first byte is a quote is a quoted one: in it each quote opens or closes,
 * and it ends at the first separator or line end outside.  A quote in any other field is a byte
 * like others, with flaw stray-quote.  So does text between a closing quote and the separator,
 * which belongs to the field, quote and all.
 *
 * Cutting (csv_last_row_end) can't look at fields, since it must be fast: for it each quote opens
 * or closes, wherever it stands.  Both see the same rows unless an unquoted field holds an odd
 * number of quotes.  After such a field a cut may fall on a line end inside a quoted field, until
 * the next such field: the row is then read as two, each with its flaw, and no byte is lost.
 */
struct csv_field {
	uint32_t off, len; /* between the quotes where quoted */
	bool quoted;
	bool doubled; /* has "" inside: csv_unquote gives other bytes */
};

/* Owned; an all-zero struct is an empty row.  Reused from row to row. */
struct csv_row {
	struct csv_field *at;
	uint32_t n, cap;
};

/*
 * Reads the row at the start of text; returns its length with its line end (LF or CRLF, or
 * lone CR), 0 only for an empty text.  An unclosed quote takes all that is left, with its flaw.
 * An empty line is a row with one empty field.  Fields beyond LIMIT_CSV_COLUMNS are not cut, with
 * flaw column-count at the first of them.  text.n must be below 4 GiB; separator is no quote and
 * no line end.  Flaws' offsets are those in text plus `base`.
 */
size_t csv_tokenise(
	struct csv_row *row, struct str text, char separator, struct flaws *flaws, size_t base);
void csv_row_release(struct csv_row *row);

static inline struct str csv_span(struct str text, const struct csv_field *f)
{
	return (struct str){text.p + f->off, f->len};
}

/* Each pair of quotes becomes one.  room: s.n bytes, and not s itself; the result is in room. */
struct str csv_unquote(struct str s, char *room);

/* Writes s as one field, quoted where it must be: with a quote, the separator or a line end. */
void csv_quote(struct buf *out, struct str s, char separator);

/*
 * Where to cut: the length of the longest prefix of text that ends behind a line end outside
 * quotes, 0 if there is none.  *inout_quoted says whether text begins inside quotes, and then
 * whether it ends there: a text may be given in pieces.  What a cutter cuts off at the result
 * ends outside.  A CR that is the last byte is no line end yet: LF may follow.
 */
size_t csv_last_row_end(struct str text, bool *inout_quoted);
/* The same for the shortest such prefix. */
size_t csv_first_row_end(struct str text, bool *inout_quoted);

#endif
