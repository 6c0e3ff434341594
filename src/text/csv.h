#ifndef TEXT_CSV_H
#define TEXT_CSV_H

#include "base/flaw.h"
#include "base/str.h"

/*
 * A one-pass CSV tokeniser (RFC 4180, any one-byte separator) that keeps hostile bytes.  It cuts
 * one row at a time into fields that point into the text; doubled quotes are undone on demand.
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
 * An empty line is a row with one empty field.
 */
size_t csv_tokenise(
	struct csv_row *row, struct str text, char separator, struct flaws *flaws, size_t base);
void csv_row_release(struct csv_row *row);
struct str csv_unquote(struct str s, char *room); /* room: s.n bytes */

/*
 * Where to cut: the length of the longest prefix of text that ends behind a line end outside
 * quotes, 0 if there is none.  *inout_quoted carries "inside quotes" from piece to piece.
 */
size_t csv_last_row_end(struct str text, bool *inout_quoted);

#endif
