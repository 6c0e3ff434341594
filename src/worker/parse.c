/* The job parse: the records of a slice become a segment, and the slice a batch. */
#include "base/limits.h"
#include "base/vec.h"
#include "box/jobs.h"
#include "worker/hooks.h"
#include "worker/index.h"
#include "worker/job.h"
#include "worker/mailyara.h"

struct parse {
	struct job *job;
	struct parse_job in;
	struct indexer *indexer;
	struct batch_head head; /* of what is kept, which is raw unless mails are reduced */
	struct str raw;
	struct buf facts, line;
	VEC(struct span) spans;
	size_t next_skip; /* records come in ascending order */
};

/* The status for which a record isn't parsed, or BOX_OK. */
static enum box_status skipped(struct parse *p, uint32_t number)
{
	while (p->next_skip < p->in.n_skip && p->in.skip[p->next_skip] < number)
		p->next_skip++;
	if (p->next_skip < p->in.n_skip && p->in.skip[p->next_skip] == number)
		return (enum box_status)p->in.skip_why[p->next_skip];
	return BOX_OK;
}

static bool must_skip(void *arg, uint32_t number)
{
	return skipped(arg, number) != BOX_OK;
}

static void flaw_of_skipped(struct parse *p, struct record *rec, enum box_status why)
{
	enum flaw_code code = FLAW_KILLED_PARSER;

	if (why == BOX_LOOPED)
		code = FLAW_LOOPED_PARSER;
	else if (why == BOX_STARVED)
		code = FLAW_STARVED_PARSER;
	rec->has_event = false;
	flaw_add(&rec->flaws, code, 0);
	indexer_record(p->indexer, rec);
}

static void one_record(struct parse *p, struct record *rec)
{
	enum box_status why = skipped(p, rec->number);

	if (why != BOX_OK) {
		flaw_of_skipped(p, rec, why);
		return;
	}
	hook_record((struct str){p->raw.p + rec->span.off, rec->span.len});
	indexer_record(p->indexer, rec);
}

/*
 * Framed anew: the reader finds the records.  Where places are known, false at the first one that
 * is another.  The progress word names a record before it is looked for, so that it is blamed
 * for what its framing does, too.
 */
static bool read_all(struct parse *p, struct reader *r)
{
	struct record rec = {0};

	reader_skip(r, must_skip, p);
	reader_begin(r, &p->head, p->raw);
	p->job->progress->record = 0;
	while (reader_next(r, &rec)) {
		size_t i = p->spans.n;
		if (p->in.spans && (i >= p->in.n_spans || p->in.spans[i].off != rec.span.off ||
					   p->in.spans[i].len != rec.span.len))
			return false;
		*vec_push(&p->spans) = rec.span;
		one_record(p, &rec);
		p->job->progress->record = rec.number + 1;
	}
	return !p->in.spans || p->spans.n == p->in.n_spans;
}

/* By the places they had when they came in, whatever today's reader would find. */
static void read_spans(struct parse *p, struct reader *r)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];

	for (uint32_t i = 0; i < p->in.n_spans; i++) {
		struct span at = p->in.spans[i];
		struct record rec = {.flaws = {.at = room}};
		*vec_push(&p->spans) = at;
		if (at.len == 0)
			continue; /* erased, but numbered */
		p->job->progress->record = i;
		if (!must_skip(p, i))
			(void)reader_one(
				r, &p->head, (struct str){p->raw.p + at.off, at.len}, &rec);
		rec.number = i;
		rec.span = at;
		one_record(p, &rec);
	}
}

/*
 * When even the framing can't be trusted with these bytes: lines, cut where they are too long,
 * so that nothing but memchr(3) looks at them.
 */
static void read_nothing(struct parse *p)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct str raw = p->job->raw;
	bool known = p->in.spans != NULL;

	for (uint32_t i = 0; known && i < p->in.n_spans; i++)
		*vec_push(&p->spans) = p->in.spans[i];
	for (size_t at = 0; !known && at < raw.n;) {
		struct str rest = str_from(raw, at);
		size_t line = str_chr(rest, '\n'), n = line;
		if (n > LIMIT_RECORD_BYTES)
			n = LIMIT_RECORD_BYTES;
		if (n)
			*vec_push(&p->spans) = (struct span){(uint32_t)at, (uint32_t)n};
		at += n + (n == line && line < rest.n);
	}
	for (size_t i = 0; i < p->spans.n; i++) {
		struct record rec = {.number = (uint32_t)i, .flaws = {.at = room}};
		if (p->spans.at[i].len)
			flaw_of_skipped(p, &rec, BOX_CRASHED);
	}
}

static bool all_inside(const struct parse *p, bool *ret_erased)
{
	for (uint32_t i = 0; i < p->in.n_spans; i++) {
		struct span at = p->in.spans[i];
		if (at.off > p->job->raw.n || at.len > p->job->raw.n - at.off)
			return false;
		*ret_erased |= at.len == 0;
	}
	return true;
}

static void start(struct parse *p, struct segbuild *sb)
{
	segbuild_reset(sb);
	indexer_free(p->indexer);
	p->indexer = indexer_new(p->job->formats, sb);
	p->spans.n = 0;
	p->next_skip = 0;
}

/*
 * Mails become lines of facts, and from then on it is these that are read and kept.  Where one can't
 * be read, all are kept as they came: it is evidence of what it did.
 */
static void reduce(struct parse *p, struct reader *r)
{
	struct record rec = {0};
	struct str line;
	bool whole;

	struct mail_yara *yara = p->in.rules.n ? mail_yara_new(p->job, p->in.rules) : NULL;
	if (yara)
		mail_yara_listen(yara, r);
	reader_begin(r, &p->head, p->raw);
	p->job->progress->record = 0;
	for (;;) {
		if (yara)
			mail_yara_begin(yara, STR(""));
		if (!reader_reduce(r, &rec, &line, &whole))
			break;
		hook_record((struct str){p->raw.p + rec.span.off, rec.span.len});
		buf_clear(&p->line);
		buf_str(&p->line, line);
		if (yara)
			mail_yara_add(yara, &p->line);
		line = buf_view(&p->line);
		whole = line.n < LIMIT_RECORD_BYTES && p->facts.n + line.n < LIMIT_SLICE_BYTES;
		if (!whole)
			break;
		buf_str(&p->facts, line);
		buf_putc(&p->facts, '\n');
		p->job->progress->record = rec.number + 1;
	}
	if (yara)
		reader_listen(r, &(struct listener){0});
	if (!whole || !p->facts.n)
		return;
	p->head.framing = FRAMING_FACTS;
	p->raw = buf_view(&p->facts);
}

static void read_records(struct parse *p, struct segbuild *sb, bool erased)
{
	start(p, sb);
	p->head = p->in.head;
	p->raw = p->job->raw;
	if (p->in.skip_all) {
		read_nothing(p);
		return;
	}
	struct reader *r = reader_new(p->job->formats);
	reader_mail(r, &p->job->mail);
	if (p->in.reduce && !p->in.n_skip)
		reduce(p, r);
	/* Known places are those that framing gives, but for a batch with holes or of an older reader. */
	if (erased || !read_all(p, r)) {
		start(p, sb);
		read_spans(p, r);
	}
}

static bool write_result(struct parse *p, struct segbuild *sb)
{
	struct buf segment = {0}, batch = {0};
	char head[16];

	hook_segment(sb);
	segbuild_finish(sb, &segment);
	if (p->in.want_batch)
		batch_build(&p->head, p->raw, p->spans.at, p->spans.n, p->in.zstd_level, &batch);
	parse_out_pack_head(batch.n, segment.n, head);
	return job_write(p->job, (struct str){head, sizeof(head)}) &&
	       job_write(p->job, buf_view(&batch)) && job_write(p->job, buf_view(&segment));
}

bool job_parse(struct job *j)
{
	struct parse p = {.job = j};
	struct arena arena = {0};

	if (!parse_job_unpack(&arena, j->description, &p.in))
		return false;
	bool erased = false;
	if (!all_inside(&p, &erased))
		return false;
	struct segbuild *sb = segbuild_new();
	read_records(&p, sb, erased);
	indexer_end(p.indexer);
	/* What happens from here on is no record's fault. */
	j->progress->record = UINT32_MAX;
	return write_result(&p, sb);
}
