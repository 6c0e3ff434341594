#include "read/reader.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/limits.h"
#include "read/cutter.h"
#include "read/fill.h"
#include "read/jsonframe.h"
#include "read/line.h"
#include "read/mbox.h"
#include "read/table.h"

struct reader {
	const struct formats *f;
	struct walker *w;
	struct table *table;
	struct lines *lines;
	struct mail *mail; /* made for the first one */
	const struct mail_options *mail_options;
	struct buf facts;
	struct csv_row row;
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct value values[LIMIT_VALUES_PER_EVENT];
	reader_skip_fn skip;
	void *skip_arg;
	reader_progress_fn progress;
	void *progress_arg;

	/* The batch being read. */
	const struct batch_head *head;
	struct str raw;
	size_t at;
	uint32_t number;
	size_t named;         /* format; beyond the last: none */
	struct when acquired; /* the source, or WHEN_NONE */
	bool inside;          /* the next piece goes on with a line that is too long */
	struct jsonframe json;
	bool bad_head;
};

/* A record's place, and what its framing knows of it. */
struct piece {
	size_t from, n;
	bool too_long;
	bool cut; /* the batch ends inside it */
};

struct reader *reader_new(const struct formats *f)
{
	struct reader *r = calloc(1, sizeof(*r));

	if (!r)
		BUG("out of memory");
	r->f = f;
	r->w = walker_new(f);
	r->table = table_new(r->w);
	r->lines = lines_new(f, r->w);
	return r;
}

void reader_free(struct reader *r)
{
	if (!r)
		return;
	mail_free(r->mail);
	buf_release(&r->facts);
	table_free(r->table);
	lines_free(r->lines);
	walker_free(r->w);
	csv_row_release(&r->row);
	free(r);
}

void reader_mail(struct reader *r, const struct mail_options *o)
{
	r->mail_options = o;
}

void reader_skip(struct reader *r, reader_skip_fn skip, void *arg)
{
	r->skip = skip;
	r->skip_arg = arg;
}

void reader_progress(struct reader *r, reader_progress_fn fn, void *arg)
{
	r->progress = fn;
	r->progress_arg = arg;
}

static struct str without_cr(struct str line)
{
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

static void begin_told(struct reader *r, struct str told)
{
	struct str format = str_cut(&told, '@');

	r->named = SIZE_MAX;
	if (format.n)
		formats_find(r->f, format, &r->named);
	r->acquired = WHEN_NONE;
	when_rfc3339(told, &r->acquired);
}

static void begin(struct reader *r, const struct batch_head *head, struct str raw)
{
	struct str preamble = head->preamble;

	r->head = head;
	r->raw = raw;
	r->at = 0;
	r->number = 0;
	r->bad_head = false;
	begin_told(r, head->forced);
	r->inside = head->framing != FRAMING_JSON && str_starts(preamble, STR(PREAMBLE_INSIDE));
	if (r->inside)
		preamble = str_from(preamble, 1);
	switch (head->framing) {
	case FRAMING_JSON:
		r->bad_head = !jsonframe_load(preamble, &r->json);
		if (r->bad_head)
			r->json = (struct jsonframe){0};
		break;
	case FRAMING_CSV:
		table_csv_header(r->table, preamble, head->separator);
		break;
	case FRAMING_ZEEK_TSV:
		table_zeek_begin(r->table);
		while (preamble.n)
			table_zeek_line(r->table, without_cr(str_cut(&preamble, '\n')));
		break;
	case FRAMING_W3C:
		table_w3c_begin(r->table);
		while (preamble.n)
			table_w3c_line(r->table, without_cr(str_cut(&preamble, '\n')));
		break;
	default:
		break;
	}
}

void reader_begin(struct reader *r, const struct batch_head *head, struct str raw)
{
	begin(r, head, raw);
	/* The source's own header row is no record. */
	if (head->framing == FRAMING_CSV && head->source_offset == 0 &&
		str_starts(raw, head->preamble))
		r->at = head->preamble.n;
}

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

static bool next_piece(struct reader *r, struct piece *ret)
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

static bool walk_text_line(struct reader *r, struct str line, struct flaws *flaws)
{
	enum line_fit fit = lines_walk(r->lines, r->w, line);

	if (fit == LINE_AMBIGUOUS)
		flaw_add(flaws, FLAW_AMBIGUOUS, 0);
	return fit == LINE_FITS;
}

/* What a mail says is JSON, as other logs are. */
static bool walk_mail(struct reader *r, struct str raw, struct flaws *flaws)
{
	static const struct mail_options none;

	if (!r->mail)
		r->mail = mail_new();
	buf_clear(&r->facts);
	mail_facts(r->mail, raw, r->mail_options ? r->mail_options : &none, &r->facts, flaws);
	walker_json(r->w, buf_view(&r->facts), 0);
	return true;
}

/* Shows the record to the walker; false if there is nothing in it that could be an event. */
static bool walk(struct reader *r, struct str raw, bool cut, struct flaws *flaws)
{
	struct str s = str_trim(raw);

	walker_begin(r->w, flaws);
	switch (r->head->framing) {
	case FRAMING_CSV:
		csv_tokenise(&r->row, raw, r->head->separator, flaws, 0);
		table_csv_row(r->table, r->w, &r->row, raw, flaws);
		return true;
	case FRAMING_ZEEK_TSV:
		if (!table_columns(r->table)) {
			flaw_add(flaws, FLAW_NO_HEADER, 0);
			return false;
		}
		table_zeek_row(r->table, r->w, raw, cut, flaws);
		return true;
	case FRAMING_W3C:
		if (!table_columns(r->table)) {
			flaw_add(flaws, FLAW_NO_HEADER, 0);
			return false;
		}
		table_w3c_row(r->table, r->w, raw, cut, flaws);
		return true;
	case FRAMING_MBOX:
	case FRAMING_MAIL:
		return walk_mail(r, raw, flaws);
	default:
		if (!s.n || (s.p[0] != '{' && s.p[0] != '['))
			return walk_text_line(r, raw, flaws);
		walker_json(r->w, raw, 0);
		return true;
	}
}

static void read_record(struct reader *r, struct str raw, bool cut, struct record *ret)
{
	struct choice choice;

	if (!walk(r, raw, cut, &ret->flaws)) {
		flaw_add(&ret->flaws, FLAW_UNRECOGNISED, 0);
		return;
	}
	struct walked w = walker_end(r->w);
	switch (claim_find(r->f, &w, r->named, &choice)) {
	case CLAIM_NOBODY:
		flaw_add(&ret->flaws, FLAW_UNRECOGNISED, 0);
		return;
	case CLAIM_AMBIGUOUS:
		flaw_add(&ret->flaws, FLAW_AMBIGUOUS, 0);
		return;
	case CLAIM_FOUND:
		break;
	}
	choice.acquired = r->acquired;
	fill_event(r->f, &w, &choice, r->values, &ret->flaws, &ret->event);
	struct str name = r->f->infos.at[ret->event.format].name;
	struct event *e = &ret->event;
	e->id = e->native_id.n ? event_id_native(name, e->organisation, e->native_id)
			       : event_id_raw(name, raw);
	ret->has_event = true;
}

static void start_record(struct reader *r, struct record *ret, struct piece p)
{
	*ret = (struct record){.number = r->number++,
		.span = {(uint32_t)p.from, (uint32_t)p.n},
		.flaws = {.at = r->room}};
}

bool reader_next(struct reader *r, struct record *ret)
{
	struct piece p;

	if (!next_piece(r, &p))
		return false;
	start_record(r, ret, p);
	if (r->skip && r->skip(r->skip_arg, ret->number))
		return true;
	if (p.too_long) {
		flaw_add(&ret->flaws, FLAW_TOO_LONG, 0);
		return true;
	}
	if (r->progress)
		r->progress(r->progress_arg, ret->number);
	read_record(r, (struct str){r->raw.p + p.from, p.n}, p.cut, ret);
	return true;
}

bool reader_one(struct reader *r, const struct batch_head *head, struct str raw, struct record *ret)
{
	begin(r, head, raw);
	r->inside = false;
	start_record(r, ret, (struct piece){.n = raw.n});
	if (raw.n > LIMIT_RECORD_BYTES) {
		flaw_add(&ret->flaws, FLAW_TOO_LONG, 0);
		return false;
	}
	read_record(r, raw, false, ret);
	return ret->has_event;
}
