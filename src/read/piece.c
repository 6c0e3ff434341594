/* Where the records of a batch are, framing by framing. */
#include "read/mbox.h"
#include "read/reader_inside.h"

/* The line at r->at without its end, in pieces where it is too long; moves behind it. */
static struct piece take_line(struct reader *r)
{
	struct str rest = str_from(r->raw, r->at);
	const char *end = memchr(rest.p, '\n', rest.n);
	size_t n = end ? (size_t)(end - rest.p) : rest.n;
	struct piece p = {.from = r->at, .n = n, .too_long = r->inside, .cut = !end};

	if (n > LIMIT_RECORD_BYTES) {
		p.n = LIMIT_RECORD_BYTES;
		p.too_long = true;
		r->inside = true;
		r->at += p.n;
		return p;
	}
	r->inside = false;
	r->at += end ? n + 1 : n;
	p.n = without_cr(str_upto(rest, n)).n;
	return p;
}

static bool next_line(struct reader *r, struct piece *ret)
{
	while (r->at < r->raw.n) {
		*ret = take_line(r);
		if (str_trim((struct str){r->raw.p + ret->from, ret->n}).n)
			return true;
	}
	return false;
}

static bool next_zeek(struct reader *r, struct piece *ret)
{
	while (next_line(r, ret)) {
		struct str line = {r->raw.p + ret->from, ret->n};
		if (line.p[0] != '#' || ret->too_long)
			return true;
		table_zeek_line(r->table, line);
	}
	return false;
}

static bool next_w3c(struct reader *r, struct piece *ret)
{
	while (next_line(r, ret)) {
		struct str line = {r->raw.p + ret->from, ret->n};
		if (ret->too_long)
			return true;
		if (line.p[0] == '#')
			table_w3c_line(r->table, line);
		else if (!table_w3c_repeats(r->table, line))
			return true;
	}
	return false;
}

static bool next_json(struct reader *r, struct piece *ret)
{
	struct jsonframe_record rec;

	if (jsonframe_next(&r->json, r->raw, true, &r->at, &rec) != JSONFRAME_RECORD)
		return false;
	*ret = (struct piece){.from = rec.from, .n = rec.to - rec.from, .too_long = rec.too_long};
	return true;
}

/* Does the row's second line look like a row of its own, so that a stray quote joined the two? */
static bool joins_rows(struct reader *r, struct str row, size_t line_n)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws trial = {.at = room};
	struct str rest = str_from(row, line_n + 1);

	rest = str_upto(rest, str_chr(rest, '\n'));
	if (!str_trim(rest).n)
		return false;
	csv_tokenise(&r->row, rest, r->head->separator, &trial, 0);
	return !trial.n && r->row.n == table_columns(r->table);
}

/*
 * A row; but where a quote is missing, just its first line, so that what follows is not lost:
 * the quote never closes, or closes too late, or the row has the wrong number of columns while
 * its next line has the right one.
 */
static bool next_csv(struct reader *r, struct piece *ret)
{
	while (r->at < r->raw.n) {
		struct flaw room[LIMIT_FLAWS_PER_RECORD];
		struct flaws trial = {.at = room};
		struct str rest = str_from(r->raw, r->at);
		if (r->inside)
			return next_line(r, ret);
		size_t n = csv_tokenise(&r->row, rest, r->head->separator, &trial, 0);
		size_t columns = r->row.n;
		size_t line = str_chr(rest, '\n');
		bool unclosed = false;
		for (uint32_t i = 0; i < trial.n; i++)
			unclosed |= trial.at[i].code == FLAW_UNCLOSED_QUOTE;
		bool wrong = columns != table_columns(r->table) && line < n &&
			     joins_rows(r, str_upto(rest, n), line);
		if ((unclosed && line < rest.n) || n > LIMIT_RECORD_BYTES || wrong)
			return next_line(r, ret);
		struct str row = str_upto(rest, n);
		while (row.n && (row.p[row.n - 1] == '\n' || row.p[row.n - 1] == '\r'))
			row.n--;
		*ret = (struct piece){.from = r->at, .n = row.n, .cut = n == rest.n};
		r->at += n;
		if (row.n)
			return true;
	}
	return false;
}

/* n bytes at r->at, which are one record, in pieces where that is too long; moves behind it. */
static bool take_whole(struct reader *r, size_t n, struct piece *ret)
{
	*ret = (struct piece){.from = r->at, .n = n, .too_long = r->inside};
	r->inside = n > LIMIT_RECORD_BYTES;
	if (r->inside) {
		ret->n = LIMIT_RECORD_BYTES;
		ret->too_long = true;
	}
	r->at += ret->n;
	return ret->n > 0;
}

/* A mail of an mbox, from its "From " line to the next one. */
static bool next_mbox(struct reader *r, struct piece *ret)
{
	struct str rest = str_from(r->raw, r->at);
	/* Behind a piece that was too long there may be a mail at once. */
	size_t n = r->inside ? mbox_next(rest, 0) : mbox_next(rest, 1);

	if (r->inside && n == 0) {
		r->inside = false;
		n = mbox_next(rest, 1);
	}
	return take_whole(r, n, ret);
}

bool next_piece(struct reader *r, struct piece *ret)
{
	switch (r->head->framing) {
	case FRAMING_JSON:
		return next_json(r, ret);
	case FRAMING_CSV:
		return next_csv(r, ret);
	case FRAMING_ZEEK_TSV:
		return next_zeek(r, ret);
	case FRAMING_W3C:
		return next_w3c(r, ret);
	case FRAMING_MBOX:
		return next_mbox(r, ret);
	case FRAMING_MAIL:
		return take_whole(r, r->raw.n - r->at, ret);
	default:
		return next_line(r, ret);
	}
}
