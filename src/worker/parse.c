/* The job parse: the records of a slice become a segment, and the slice a batch. */
#include "base/limits.h"
#include "base/vec.h"
#include "box/jobs.h"
#include "worker/hooks.h"
#include "worker/index.h"
#include "worker/job.h"

struct parse {
	struct job *job;
	struct parse_job in;
	struct indexer *indexer;
	VEC(struct span) spans;
	size_t next_skip; /* records come in ascending order */
};

static void on_record(void *arg, uint32_t number)
{
	struct parse *p = arg;

	p->job->progress->record = number;
}

/* The status for which a record isn't parsed, or BOX_OK. */
static enum box_status skipped(struct parse *p, uint32_t number)
{
	if (p->in.skip_all)
		return BOX_CRASHED;
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
	hook_record((struct str){p->job->raw.p + rec->span.off, rec->span.len});
	indexer_record(p->indexer, rec);
}

/* Framed anew: the reader finds the records. */
static void read_all(struct parse *p, struct reader *r)
{
	struct record rec = {0};

	reader_skip(r, must_skip, p);
	reader_progress(r, on_record, p);
	reader_begin(r, &p->in.head, p->job->raw);
	while (reader_next(r, &rec)) {
		p->job->progress->record = rec.number;
		*vec_push(&p->spans) = rec.span;
		one_record(p, &rec);
	}
}

/* Reindexing: as it was framed when it came in, whatever today's reader would find. */
static bool read_spans(struct parse *p, struct reader *r)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct str raw = p->job->raw;

	for (uint32_t i = 0; i < p->in.n_spans; i++) {
		struct span at = p->in.spans[i];
		struct record rec = {.flaws = {.at = room}};
		if (at.off > raw.n || at.len > raw.n - at.off)
			return false;
		*vec_push(&p->spans) = at;
		if (at.len == 0)
			continue;
		p->job->progress->record = i;
		if (!must_skip(p, i) &&
			!reader_one(r, &p->in.head, (struct str){raw.p + at.off, at.len}, &rec))
			rec = (struct record){.flaws = {.at = room}};
		rec.number = i;
		rec.span = at;
		one_record(p, &rec);
	}
	return true;
}

static bool write_result(struct parse *p, struct segbuild *sb)
{
	struct buf segment = {0}, batch = {0};
	char head[16];

	segbuild_finish(sb, &segment);
	if (p->in.want_batch)
		batch_build(&p->in.head, p->job->raw, p->spans.at, p->spans.n, p->in.zstd_level,
			&batch);
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
	struct segbuild *sb = segbuild_new();
	struct reader *r = reader_new(j->formats);
	p.indexer = indexer_new(j->formats, sb);
	if (!p.in.spans)
		read_all(&p, r);
	else if (!read_spans(&p, r))
		return false;
	indexer_end(p.indexer);
	return write_result(&p, sb);
}
