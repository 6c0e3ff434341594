#include "engine/evaluate.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/vec.h"
#include "engine/boxes.h"

/* A job has batches up to about so many bytes, so that the rules are not read for a few records. */
enum { JOB_BYTES = 8 << 20, PARTS_MAX = 1024, DESCRIPTION_ROOM = 48 << 20, FEW = 64 };

/* A batch in a job: its head lives with it. */
struct part {
	struct batch *batch;
	uint32_t number;
	struct evaluate_record *records;
	struct span *spans;
	size_t n;
};

struct task {
	VEC(struct part) parts;
	VEC(uint32_t) skip; /* ascending */
	size_t raw_len;
	uint32_t records;
};

struct evaluating {
	struct snapshot *snap;
	struct evaluate_options opt;
	struct boxes boxes;
	struct task *tasks; /* by box */
	struct task next;   /* which is being filled, and its bytes */
	struct buf next_raw;
	struct buf raw, description;   /* scratch */
	VEC(struct span) spans;        /* scratch */
	VEC(struct evaluate_hit) hits; /* scratch */
	uint64_t bytes_done;
};

static void part_release(struct part *p)
{
	batch_close(p->batch);
	free(p->records);
	free(p->spans);
}

static void task_clear(struct task *t)
{
	for (size_t i = 0; i < t->parts.n; i++)
		part_release(&t->parts.at[i]);
	vec_release(&t->parts);
	vec_release(&t->skip);
	*t = (struct task){0};
}

static bool send(struct evaluating *e, unsigned box, struct err *err)
{
	const struct task *t = &e->tasks[box];
	struct detect_part *parts = calloc(t->parts.n + 1, sizeof(*parts));
	struct detect_job job = {
		e->opt.rules, e->opt.only, e->opt.n_only, parts, t->parts.n, t->skip.at, t->skip.n};

	if (!parts)
		BUG("out of memory");
	for (size_t i = 0; i < t->parts.n; i++) {
		const struct part *p = &t->parts.at[i];
		parts[i] = (struct detect_part){*batch_head(p->batch), p->spans, p->n};
	}
	buf_clear(&e->description);
	detect_job_pack(&job, &e->description);
	free(parts);
	if (t->raw_len + e->description.n > box_input_room(e->boxes.at[box]))
		return err_set(err, ERR_LIMIT, "rules and records are more than a worker can take");
	e->boxes.busy[box] = true;
	return box_send(e->boxes.at[box], BOX_DETECT, t->raw_len, buf_view(&e->description), err);
}

/* Takes out the record that ended the worker; false if it was no record's fault. */
static bool take_out(struct task *t, uint32_t record)
{
	size_t at = 0;

	while (at < t->skip.n && t->skip.at[at] < record)
		at++;
	if (record >= t->records || (at < t->skip.n && t->skip.at[at] == record))
		return false;
	vec_push(&t->skip);
	memmove(t->skip.at + at + 1, t->skip.at + at, (t->skip.n - 1 - at) * sizeof(*t->skip.at));
	t->skip.at[at] = record;
	return true;
}

static bool hand_over(struct evaluating *e, const struct part *p, uint64_t unread, size_t from,
	size_t to, struct err *err)
{
	struct evaluated said = {
		.number = p->number,
		.reduced = batch_head(p->batch)->framing == FRAMING_FACTS,
		.unread = unread,
		.hits = e->hits.at ? e->hits.at + from : NULL,
		.n = to - from,
	};

	return e->opt.fn(e->opt.arg, &said, err);
}

/* As when it is parsed: what attacks too often is given up, and said to be. */
static bool give_up(struct evaluating *e, struct task *t, struct err *err)
{
	bool done = true;

	for (size_t i = 0; done && i < t->parts.n; i++)
		done = hand_over(e, &t->parts.at[i], t->parts.at[i].n, 0, 0, err);
	task_clear(t);
	return done;
}

static bool run_again(struct evaluating *e, unsigned box, uint32_t status, struct err *err)
{
	struct task *t = &e->tasks[box];

	if (status == BOX_REFUSED)
		return err_set(err, ERR_BOX, "the rules match more than an answer can hold");
	if (!take_out(t, box_progress_record(e->boxes.at[box])))
		return err_set(
			err, ERR_BOX, "the worker failed on the rules, in its box (%u)", status);
	if (t->skip.n > LIMIT_RESTARTS_PER_BATCH * t->parts.n)
		return give_up(e, t, err);
	return send(e, box, err);
}

static bool follows(const struct detect_hit *h, const struct detect_hit *last)
{
	if (h->record != last->record)
		return h->record > last->record;
	return h->rule != last->rule ? h->rule > last->rule : h->part > last->part;
}

static bool take_hits(
	struct evaluating *e, const struct task *t, struct str answer, struct err *err)
{
	struct detect_hit h, last = {0};
	uint32_t first = 0; /* record of the part at hand */
	size_t part = 0;

	e->hits.n = 0;
	while (answer.n) {
		if (!detect_hit_next(&answer, &h) || h.record >= t->records ||
			h.rule >= e->opt.n_rules || (e->hits.n && !follows(&h, &last)))
			return err_set(err, ERR_BOX, "the worker's answer makes no sense");
		while (h.record - first >= t->parts.at[part].n)
			first += (uint32_t)t->parts.at[part++].n;
		const struct part *p = &t->parts.at[part];
		*vec_push(&e->hits) = (struct evaluate_hit){
			&p->records[h.record - first], h.rule, h.part, h.values, h.why};
		last = h;
	}
	return true;
}

/* Batch by batch, also of those that have none. */
static bool hand_over_all(struct evaluating *e, const struct task *t, struct err *err)
{
	size_t at = 0, skip = 0;
	uint32_t end = 0;

	for (size_t i = 0; i < t->parts.n; i++) {
		const struct part *p = &t->parts.at[i];
		size_t from = at, skipped = skip;
		end += (uint32_t)p->n;
		while (at < e->hits.n && e->hits.at[at].of >= p->records &&
			e->hits.at[at].of < p->records + p->n)
			at++;
		while (skip < t->skip.n && t->skip.at[skip] < end)
			skip++;
		if (!hand_over(e, p, skip - skipped, from, at, err))
			return false;
	}
	return true;
}

static bool reply(void *arg, unsigned box, struct err *err)
{
	struct evaluating *e = arg;
	struct task *t = &e->tasks[box];
	struct box_reply reply;
	struct str answer;

	if (!box_receive(e->boxes.at[box], &reply, &answer, err))
		return false;
	e->boxes.busy[box] = false;
	if (reply.status != BOX_OK)
		return run_again(e, box, reply.status, err);
	if (!take_hits(e, t, answer, err) || !hand_over_all(e, t, err))
		return false;
	e->bytes_done += t->raw_len;
	watcher_tell(e->opt.watcher, "detecting", e->bytes_done, 0);
	task_clear(t);
	return true;
}

/* Sends what has been gathered. */
static bool submit(struct evaluating *e, struct err *err)
{
	unsigned box;

	if (!e->next.records)
		return true;
	if (!boxes_free(&e->boxes, reply, e, &box, err))
		return false;
	memcpy(box_input(e->boxes.at[box]), e->next_raw.p, e->next_raw.n);
	e->next.raw_len = e->next_raw.n;
	e->tasks[box] = e->next;
	e->next = (struct task){0};
	buf_clear(&e->next_raw);
	return send(e, box, err);
}

/* A few records of many: the blocks that they lie in are enough. */
static bool read_few(struct evaluating *e, const struct part *p, struct err *err)
{
	for (size_t i = 0; i < p->n; i++) {
		uint32_t record = p->records[i].record;
		size_t before = e->raw.n;
		if (!batch_record(p->batch, record, &e->raw, err))
			return false;
		e->spans.at[record] =
			(struct span){(uint32_t)before, (uint32_t)(e->raw.n - before)};
	}
	return true;
}

/* The part's records, behind those that are there. */
static bool fill_part(struct evaluating *e, struct part *p, struct err *err)
{
	uint32_t held = batch_records(p->batch);
	bool few = p->n < held / FEW;

	e->spans.n = 0;
	for (uint32_t i = 0; i < held; i++)
		(void)vec_push(&e->spans);
	for (size_t i = 0; i < p->n; i++) {
		if (p->records[i].record >= held)
			return err_set(err, ERR_CASE, "it has no record %u; try 'spoor fsck'",
				p->records[i].record);
	}
	buf_clear(&e->raw);
	if (few ? !read_few(e, p, err) : !batch_raw(p->batch, &e->raw, e->spans.at, err))
		return false;
	if (e->next_raw.n + e->raw.n > LIMIT_SLICE_BYTES && !submit(e, err))
		return false;
	for (size_t i = 0; i < p->n; i++) {
		struct span from = e->spans.at[p->records[i].record];
		p->spans[i] = (struct span){(uint32_t)e->next_raw.n, from.len};
		buf_str(&e->next_raw, (struct str){e->raw.p + from.off, from.len});
	}
	return true;
}

bool evaluate_add(struct evaluating *e, const struct evaluate_batch *b, struct err *err)
{
	struct part p = {.number = b->number, .n = b->n};
	struct str file;

	p.records = calloc(b->n + 1, sizeof(*p.records));
	p.spans = calloc(b->n + 1, sizeof(*p.spans));
	if (!p.records || !p.spans)
		BUG("out of memory");
	if (b->n)
		memcpy(p.records, b->records, b->n * sizeof(*p.records));
	if (!snapshot_batch(e->snap, b->name, &file, err) || !batch_open(file, &p.batch, err) ||
		!fill_part(e, &p, err)) {
		part_release(&p);
		return err_in(err, "batch '" STR_FMT "'", STR_ARG(b->name));
	}
	*vec_push(&e->next.parts) = p;
	e->next.records += (uint32_t)b->n;
	return (e->next_raw.n < JOB_BYTES && e->next.parts.n < PARTS_MAX) || submit(e, err);
}

bool evaluate_begin(struct snapshot *snap, const struct evaluate_options *opt,
	struct evaluating **ret_e, struct err *err)
{
	struct evaluating *e = calloc(1, sizeof(*e));
	struct box_options box = opt->box;

	if (!e)
		BUG("out of memory");
	e->snap = snap;
	e->opt = *opt;
	box.input_room = (size_t)LIMIT_SLICE_BYTES + opt->rules.n + DESCRIPTION_ROOM;
	if (!boxes_start(&e->boxes, &box, opt->jobs, err)) {
		free(e);
		return false;
	}
	e->tasks = calloc(e->boxes.n, sizeof(*e->tasks));
	if (!e->tasks)
		BUG("out of memory");
	*ret_e = e;
	return true;
}

bool evaluate_finish(struct evaluating *e, struct err *err)
{
	return submit(e, err) && boxes_drain(&e->boxes, reply, e, err);
}

void evaluate_free(struct evaluating *e)
{
	if (!e)
		return;
	for (unsigned i = 0; i < e->boxes.n; i++)
		task_clear(&e->tasks[i]);
	task_clear(&e->next);
	boxes_stop(&e->boxes);
	free(e->tasks);
	buf_release(&e->next_raw);
	buf_release(&e->raw);
	buf_release(&e->description);
	vec_release(&e->spans);
	vec_release(&e->hits);
	free(e);
}
