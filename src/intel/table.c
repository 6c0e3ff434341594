#include "intel/table.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/limits.h"
#include "intel/columns.h"
#include "text/csv.h"

/* Rows that are looked at to find the columns of a table without a header. */
#define SAMPLE_ROWS 20u
/* A header is not longer. */
#define HEADER_BYTES (64u << 10)

struct table {
	struct gather *g;
	char separator;
	struct csv_row row;
	struct flaw flaws[LIMIT_FLAWS_PER_RECORD];
	VEC(struct column) columns;
	VEC(struct str) cells;
	uint32_t line, next_line;
	uint32_t open_quote; /* the row whose quote never ends; from there on a line is a row */
};

/*
 * The length of the row at the start of text.  A quote that never ends, in a feed that was cut or
 * written by hand, would take all rows that follow with it: from there on, lines are rows.
 */
static size_t tokenise(struct table *t, struct str text)
{
	struct flaws flaws = {.at = t->flaws};
	size_t end = str_chr(text, '\n') + 1;

	if (!t->open_quote) {
		size_t n = csv_tokenise(&t->row, text, t->separator, &flaws, 0);
		bool open = false;
		for (uint32_t i = 0; i < flaws.n; i++)
			open |= flaws.at[i].code == FLAW_UNCLOSED_QUOTE;
		if (!open || n <= end)
			return n;
		t->open_quote = t->next_line;
	}
	flaws.n = 0;
	return csv_tokenise(&t->row, str_upto(text, end), t->separator, &flaws, 0);
}

/* Takes the next row that is neither empty nor a comment off text; its cells are in t->cells. */
static bool next_row(struct table *t, struct str *text, struct str *ret_row)
{
	while (text->n) {
		size_t n = text->p[0] == '#' ? str_chr(*text, '\n') + 1 : tokenise(t, *text);
		struct str row = str_upto(*text, n);
		bool comment = text->p[0] == '#';
		*text = str_from(*text, n);
		t->line = t->next_line;
		t->next_line += (uint32_t)str_count(row, '\n');
		if (comment || str_trim(row).n == 0)
			continue;
		t->cells.n = 0;
		for (uint32_t i = 0; i < t->row.n && i < t->row.cap; i++) {
			const struct csv_field *f = &t->row.at[i];
			struct str cell = str_upto(str_from(row, f->off), f->len);
			if (f->doubled)
				cell = csv_unquote(cell, arena_alloc(t->g->a, cell.n));
			*vec_push(&t->cells) = str_trim(cell);
		}
		*ret_row = str_trim(row);
		return true;
	}
	return false;
}

static void start(struct table *t, char separator)
{
	t->separator = separator;
	t->line = 0;
	t->next_line = 1;
	t->open_quote = 0;
	t->columns.n = 0;
}

/* By the names in the first row.  Returns how many of them are known, 0 if none has values. */
static size_t read_header(struct table *t, struct str *text)
{
	size_t known = 0, values = 0;
	struct str row;

	if (!next_row(t, text, &row))
		return 0;
	for (size_t i = 0; i < t->cells.n; i++) {
		struct column c = column_of(t->cells.at[i]);
		*vec_push(&t->columns) = c;
		known += c.role != ROLE_NONE;
		values += column_has_values(c);
	}
	columns_settle(t->columns.at, t->columns.n);
	return values ? known : 0;
}

struct sample {
	size_t rows, width;
	size_t values[LIMIT_CSV_COLUMNS]; /* rows in which the cell is a value */
	size_t words[LIMIT_CSV_COLUMNS];  /* … or a text of some length */
};

static bool take_sample(struct table *t, struct str text, struct sample *s)
{
	struct str row;
	struct word w;

	while (s->rows < SAMPLE_ROWS && next_row(t, &text, &row)) {
		if (s->rows == 0)
			s->width = t->cells.n;
		if (t->cells.n != s->width || s->width < 2)
			return false;
		for (size_t i = 0; i < s->width; i++) {
			struct arena_mark mark = arena_mark(&t->g->scratch);
			word_read(&t->g->scratch, t->cells.at[i], &w);
			arena_rewind(&t->g->scratch, mark);
			s->values[i] += w.what == WORD_VALUE || w.what == WORD_NETWORK;
			s->words[i] += w.what == WORD_NOTHING && t->cells.at[i].n > 0;
		}
		s->rows++;
	}
	return s->rows >= 2;
}

/*
 * The first column that is a value in four rows of five holds the indicators, and the first of
 * the others that has text says something about them.  Where all cells are values it is a list
 * with commas in it.
 */
static bool find_columns(struct table *t, struct str text)
{
	struct sample *s = calloc(1, sizeof(*s));
	bool value = false, note = false;

	if (!s)
		BUG("out of memory");
	if (take_sample(t, text, s)) {
		for (size_t i = 0; i < s->width; i++) {
			struct column c = {ROLE_NONE, KINDS};
			if (!value && s->values[i] * 5 >= s->rows * 4) {
				c.role = ROLE_VALUE;
				value = true;
			} else if (!note && s->words[i] * 2 >= s->rows) {
				c.role = ROLE_NOTE;
				note = true;
			}
			*vec_push(&t->columns) = c;
		}
	}
	free(s);
	return value && note;
}

/* Which of these separators gives a header with the most names that are known; 0 if none does. */
static char header_separator(struct table *t, struct str whole, const char *separators)
{
	size_t best = 0;
	char chosen = 0;

	for (const char *c = separators; *c; c++) {
		struct str text = whole;
		start(t, *c);
		size_t known = read_header(t, &text);
		if (known > best) {
			best = known;
			chosen = *c;
		}
	}
	return chosen;
}

static void end(struct table *t)
{
	csv_row_release(&t->row);
	vec_release(&t->columns);
	vec_release(&t->cells);
}

bool table_has_header(struct gather *g, struct str text)
{
	struct table t = {.g = g};
	bool has = header_separator(&t, str_upto(text, HEADER_BYTES), ",;\t") != 0;

	end(&t);
	return has;
}

static bool choose(struct table *t, struct str *inout_text)
{
	char chosen = header_separator(t, *inout_text, ",;\t|");

	if (chosen) {
		start(t, chosen);
		return read_header(t, inout_text) > 0;
	}
	for (const char *c = ",\t"; *c; c++) {
		start(t, *c);
		if (find_columns(t, *inout_text)) {
			t->line = t->open_quote = 0;
			t->next_line = 1;
			return true;
		}
	}
	return false;
}

bool table_read(struct gather *g, struct str text)
{
	struct table t = {.g = g};
	bool is = choose(&t, &text);
	struct str row;

	while (is && next_row(&t, &text, &row)) {
		while (t.cells.n < t.columns.n)
			*vec_push(&t.cells) = STR("");
		while (t.columns.n < t.cells.n)
			*vec_push(&t.columns) = (struct column){ROLE_NONE, KINDS};
		columns_row(g, t.columns.at, t.cells.at, t.cells.n, t.line, row);
	}
	if (is && t.open_quote)
		gather_skip(g, t.open_quote, STR("\""),
			STR("a quote that never ends: from here on each line is a row"));
	end(&t);
	return is;
}
