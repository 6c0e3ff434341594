#include "read/reader.h"

#include <stdlib.h>

#include "base/err.h"
#include "read/cutter.h"
#include "read/fill.h"
#include "read/reader_inside.h"

struct reader *reader_new(const struct formats *f)
{
	struct reader *r = calloc(1, sizeof(*r));

	if (!r)
		BUG("out of memory");
	r->f = f;
	r->w = walker_new(f);
	r->is_mail = walker_said(r->w, STR("#mail"));
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
	buf_release(&r->line);
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

void reader_without_ids(struct reader *r)
{
	r->without_ids = true;
}

void reader_listen(struct reader *r, const struct listener *l)
{
	r->listener = *l;
	walker_listen(r->w, l);
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

static bool walk_text_line(struct reader *r, struct str line, struct flaws *flaws)
{
	enum line_fit fit = lines_walk(r->lines, r->w, line);

	if (fit == LINE_AMBIGUOUS)
		flaw_add(flaws, FLAW_AMBIGUOUS, 0);
	return fit == LINE_FITS;
}

/* What a mail says is JSON, as other logs are. */
static struct str facts_of(struct reader *r, struct str raw, struct flaws *flaws)
{
	static const struct mail_options none;

	if (!r->mail)
		r->mail = mail_new();
	mail_listen(r->mail, r->listener.bytes, r->listener.arg);
	buf_clear(&r->facts);
	mail_facts(r->mail, raw, r->mail_options ? r->mail_options : &none, &r->facts, flaws);
	return buf_view(&r->facts);
}

/* Nobody else can say this: a log that has a mail's facts in it is no mail. */
static void say_mail(struct reader *r)
{
	walker_cell(r->w, r->is_mail, STR("mail"), (struct leaf){.taken = true});
}

static bool walk_mail(struct reader *r, struct str raw, struct flaws *flaws)
{
	say_mail(r);
	walker_json(r->w, facts_of(r, raw, flaws), 0);
	return true;
}

/*
 * A line of FRAMING_FACTS: names of flaws with commas between them, then the facts.  What is no such
 * line has no facts.
 */
static bool walk_facts(struct reader *r, struct str line, struct flaws *flaws)
{
	size_t at = str_chr(line, '{');
	struct str names = str_upto(line, at);

	while (names.n) {
		enum flaw_code code;
		if (flaw_by_name(str_cut(&names, ','), &code))
			flaw_add(flaws, code, 0);
	}
	if (at == line.n)
		return false;
	say_mail(r);
	walker_json(r->w, str_from(line, at), (uint32_t)at);
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
	case FRAMING_FACTS:
		return walk_facts(r, raw, flaws);
	default:
		if (!s.n || (s.p[0] != '{' && s.p[0] != '['))
			return walk_text_line(r, raw, flaws);
		walker_json(r->w, raw, 0);
		return true;
	}
}

static bool is_mail(const struct batch_head *head)
{
	return head->framing == FRAMING_MBOX || head->framing == FRAMING_MAIL;
}

/* Places in what was written about a mail are none in the mail. */
static void forget_places(struct event *e)
{
	for (uint32_t i = 0; i < e->n_values; i++)
		e->values[i].offset = e->values[i].length = 0;
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
	if (is_mail(r->head))
		forget_places(&ret->event);
	struct str name = r->f->infos.at[ret->event.format].name;
	struct event *e = &ret->event;
	if (!r->without_ids)
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

bool reader_reduce(struct reader *r, struct record *ret, struct str *ret_line, bool *ret_whole)
{
	struct piece p;

	*ret_whole = true;
	if (!next_piece(r, &p))
		return false;
	start_record(r, ret, p);
	if (p.too_long || (r->skip && r->skip(r->skip_arg, ret->number))) {
		*ret_whole = false;
		return false;
	}
	struct str facts = facts_of(r, (struct str){r->raw.p + p.from, p.n}, &ret->flaws);
	buf_clear(&r->line);
	for (uint32_t i = 0; i < ret->flaws.n; i++)
		buf_addf(&r->line, "%s%s", i ? "," : "", flaw_name(ret->flaws.at[i].code));
	buf_str(&r->line, facts);
	*ret_line = buf_view(&r->line);
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
