#include "engine/detect.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "box/jobs.h"
#include "engine/boxes.h"

/* A job has batches up to about so many bytes, so that the rules are not read for a few records. */
enum { JOB_BYTES = 8 << 20, PARTS_MAX = 1024, DESCRIPTION_ROOM = 48 << 20 };

/* An event that counts, and where its record is. */
struct place {
	uint32_t batch, record, row;
};

/* A batch in a job: its head lives with it. */
struct part {
	struct batch *batch;
	uint32_t segment;
	uint32_t *rows; /* of its records in the job */
	struct span *spans;
	size_t n;
};

struct task {
	VEC(struct part) parts;
	VEC(uint32_t) skip; /* ascending */
	size_t raw_len;
	uint32_t records;
};

struct run {
	struct snapshot *snap;
	const struct detect_options *opt;
	struct detected *out;
	struct boxes boxes;
	struct task *tasks; /* by box */
	struct task next;   /* which is being filled, and its bytes */
	struct buf next_raw;
	struct buf raw, description; /* scratch */
	VEC(struct span) spans;      /* scratch */
	uint64_t bytes_done;
};

static void task_clear(struct task *t)
{
	for (size_t i = 0; i < t->parts.n; i++) {
		batch_close(t->parts.at[i].batch);
		free(t->parts.at[i].rows);
		free(t->parts.at[i].spans);
	}
	vec_release(&t->parts);
	vec_release(&t->skip);
	*t = (struct task){0};
}

static bool send(struct run *r, unsigned box, struct err *err)
{
	const struct task *t = &r->tasks[box];
	struct detect_part *parts = calloc(t->parts.n + 1, sizeof(*parts));
	struct detect_job job = {r->opt->rules, parts, t->parts.n, t->skip.at, t->skip.n};

	if (!parts)
		BUG("out of memory");
	for (size_t i = 0; i < t->parts.n; i++) {
		const struct part *p = &t->parts.at[i];
		parts[i] = (struct detect_part){*batch_head(p->batch), p->spans, p->n};
	}
	buf_clear(&r->description);
	detect_job_pack(&job, &r->description);
	free(parts);
	if (t->raw_len + r->description.n > box_input_room(r->boxes.at[box]))
		return err_set(err, ERR_LIMIT, "rules and records are more than a worker can take");
	r->boxes.busy[box] = true;
	return box_send(r->boxes.at[box], BOX_DETECT, t->raw_len, buf_view(&r->description), err);
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

static bool run_again(struct run *r, unsigned box, uint32_t status, struct err *err)
{
	struct task *t = &r->tasks[box];

	if (status == BOX_REFUSED)
		return err_set(err, ERR_BOX, "the rules match more than an answer can hold");
	if (!take_out(t, box_progress_record(r->boxes.at[box])))
		return err_set(
			err, ERR_BOX, "the worker failed on the rules, in its box (%u)", status);
	/* As when it is parsed: what attacks too often is given up, and said to be. */
	if (t->skip.n > LIMIT_RESTARTS_PER_BATCH * t->parts.n) {
		r->out->unread += t->records;
		task_clear(t);
		return true;
	}
	return send(r, box, err);
}

/* Which event record number n of a task is; the parts' records are numbered through. */
static bool event_of(struct run *r, const struct task *t, uint32_t n, struct detection *ret)
{
	size_t i = 0;
	struct seg_row row;

	while (n >= t->parts.at[i].n)
		n -= (uint32_t)t->parts.at[i++].n;
	const struct part *p = &t->parts.at[i];
	if (!segment_row(r->snap->at[p->segment].seg, p->rows[n], &row))
		return false;
	*ret = (struct detection){
		.time = row.time,
		.id = row.id,
		.content = row.content,
		.segment = p->segment,
		.row = p->rows[n],
	};
	return true;
}

static bool hit_follows(const struct detect_hit *h, const struct detect_hit *last)
{
	if (h->record != last->record)
		return h->record > last->record;
	return h->rule != last->rule ? h->rule > last->rule : h->part > last->part;
}

static bool take_hits(struct run *r, struct task *t, struct str answer, struct err *err)
{
	struct detect_hit h, last = {0};
	bool first = true;

	while (answer.n) {
		struct detection d;
		if (!detect_hit_next(&answer, &h) || h.record >= t->records ||
			h.rule >= r->opt->n_rules || (!first && !hit_follows(&h, &last)))
			return err_set(err, ERR_BOX, "the worker's answer makes no sense");
		if (!event_of(r, t, h.record, &d))
			return err_set(err, ERR_CASE, "a segment is damaged; try 'spoor fsck'");
		d.rule = h.rule;
		d.why = arena_dup(&r->out->arena, h.why);
		*vec_push(&r->out->at) = d;
		last = h;
		first = false;
	}
	r->out->unread += t->skip.n;
	return true;
}

static bool reply(void *arg, unsigned box, struct err *err)
{
	struct run *r = arg;
	struct task *t = &r->tasks[box];
	struct box_reply reply;
	struct str answer;

	if (!box_receive(r->boxes.at[box], &reply, &answer, err))
		return false;
	r->boxes.busy[box] = false;
	if (reply.status != BOX_OK)
		return run_again(r, box, reply.status, err);
	if (!take_hits(r, t, answer, err))
		return false;
	r->bytes_done += t->raw_len;
	watcher_tell(r->opt->watcher, "detecting", r->bytes_done, 0);
	task_clear(t);
	return true;
}

/* Sends what has been gathered. */
static bool submit(struct run *r, struct err *err)
{
	unsigned box;

	if (!r->next.records)
		return true;
	if (!boxes_free(&r->boxes, reply, r, &box, err))
		return false;
	memcpy(box_input(r->boxes.at[box]), r->next_raw.p, r->next_raw.n);
	r->next.raw_len = r->next_raw.n;
	r->tasks[box] = r->next;
	r->next = (struct task){0};
	buf_clear(&r->next_raw);
	return send(r, box, err);
}

/* The part's records, behind those that are there. */
static bool fill_part(struct run *r, struct part *p, const struct place *at, struct err *err)
{
	uint32_t held = batch_records(p->batch);

	r->spans.n = 0;
	for (uint32_t i = 0; i < held; i++)
		(void)vec_push(&r->spans);
	for (size_t i = 0; i < p->n; i++) {
		if (at[i].record >= held)
			return err_set(err, ERR_CASE, "it has no record %u; try 'spoor fsck'",
				at[i].record);
	}
	buf_clear(&r->raw);
	if (!batch_raw(p->batch, &r->raw, r->spans.at, err))
		return false;
	if (r->next_raw.n + r->raw.n > LIMIT_SLICE_BYTES && !submit(r, err))
		return false;
	for (size_t i = 0; i < p->n; i++) {
		struct span from = r->spans.at[at[i].record];
		p->rows[i] = at[i].row;
		p->spans[i] = (struct span){(uint32_t)r->next_raw.n, from.len};
		buf_str(&r->next_raw, (struct str){r->raw.p + from.off, from.len});
	}
	return true;
}

static bool add_batch(
	struct run *r, uint32_t segment, const struct place *at, size_t n, struct err *err)
{
	const struct snapshot_segment *s = &r->snap->at[segment];
	struct part p = {.segment = segment, .n = n};
	struct str file, name;

	if (at->batch >= s->n_batches)
		return err_set(err, ERR_CASE, "a segment names no batch; try 'spoor fsck'");
	name = s->batch_names[at->batch];
	p.rows = calloc(n, sizeof(*p.rows));
	p.spans = calloc(n, sizeof(*p.spans));
	if (!p.rows || !p.spans)
		BUG("out of memory");
	if (!snapshot_batch(r->snap, name, &file, err) || !batch_open(file, &p.batch, err) ||
		!fill_part(r, &p, at, err)) {
		batch_close(p.batch);
		free(p.rows);
		free(p.spans);
		return err_in(err, "batch '" STR_FMT "'", STR_ARG(name));
	}
	*vec_push(&r->next.parts) = p;
	r->next.records += (uint32_t)n;
	r->out->events += n;
	if (batch_head(p.batch)->framing == FRAMING_FACTS)
		r->out->reduced += n;
	return (r->next_raw.n < JOB_BYTES && r->next.parts.n < PARTS_MAX) || submit(r, err);
}

static int by_place(const void *x, const void *y)
{
	const struct place *a = x, *b = y;

	if (a->batch != b->batch)
		return a->batch < b->batch ? -1 : 1;
	return a->record < b->record ? -1 : a->record > b->record;
}

static bool in_time(const struct run *r, int64_t time)
{
	return time >= r->opt->from && time < r->opt->to;
}

/* The events of a segment that count, batch by batch. */
static bool add_segment(struct run *r, uint32_t segment, struct err *err)
{
	const struct snapshot_segment *s = &r->snap->at[segment];
	struct seg_scan *scan = segment_scan(s->seg, r->opt->from, r->opt->to);
	VEC(struct place) places = {0};
	struct seg_row row;
	uint32_t number;
	bool done = true;

	while (seg_scan_next(scan, &number, &row, NULL))
		if (in_time(r, row.time) && !rowset_has(s->hidden, number))
			*vec_push(&places) = (struct place){row.batch, row.record, number};
	seg_scan_free(scan);
	if (places.n)
		qsort(places.at, places.n, sizeof(*places.at), by_place);
	for (size_t from = 0, to; done && from < places.n; from = to) {
		for (to = from + 1; to < places.n && places.at[to].batch == places.at[from].batch;
			to++)
			;
		done = add_batch(r, segment, places.at + from, to - from, err);
	}
	vec_release(&places);
	return done;
}

static int by_row(const void *x, const void *y)
{
	const struct detection *a = x, *b = y;

	if (a->segment != b->segment)
		return a->segment < b->segment ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

static int by_time(const void *x, const void *y)
{
	const struct detection *a = x, *b = y;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	int c = memcmp(a->id.b, b->id.b, sizeof(a->id.b));
	if (c)
		return c;
	if (a->content != b->content)
		return a->content < b->content ? -1 : 1;
	return a->rule < b->rule ? -1 : a->rule > b->rule;
}

static void add_account(
	struct detection *d, const struct segment *seg, const uint64_t *columns, enum field f)
{
	int column = seg_column_of(f);
	struct seg_entry e;

	if (d->n_accounts == DETECTION_ACCOUNTS || column < 0 || columns[column] == UINT64_MAX ||
		!segment_entry(seg, columns[column], &e))
		return;
	for (uint32_t i = 0; i < d->n_accounts; i++)
		if (str_eq(d->accounts[i].v, e.o.v))
			return;
	d->accounts[d->n_accounts++] = e.o;
}

/* Of n detections of one segment, by row: one walk through its columns. */
static void name_accounts(const struct segment *seg, struct detection *d, size_t n)
{
	struct seg_scan *scan = segment_scan(seg, INT64_MIN, INT64_MAX);
	uint64_t *columns = calloc(seg_columns(), sizeof(*columns));
	struct seg_row row;
	uint32_t number;
	size_t i = 0;

	if (!columns)
		BUG("out of memory");
	while (i < n && seg_scan_next(scan, &number, &row, columns)) {
		for (; i < n && d[i].row == number; i++) {
			add_account(&d[i], seg, columns, FIELD_USER_NAME);
			add_account(&d[i], seg, columns, FIELD_USER_EMAIL);
			if (!d[i].n_accounts)
				add_account(&d[i], seg, columns, FIELD_USER_ID);
		}
	}
	seg_scan_free(scan);
	free(columns);
}

static void finish(struct run *r)
{
	struct detected *d = r->out;

	if (!d->at.n)
		return;
	qsort(d->at.at, d->at.n, sizeof(*d->at.at), by_row);
	for (size_t from = 0, to; from < d->at.n; from = to) {
		uint32_t segment = d->at.at[from].segment;
		for (to = from + 1; to < d->at.n && d->at.at[to].segment == segment; to++)
			;
		name_accounts(r->snap->at[segment].seg, d->at.at + from, to - from);
	}
	qsort(d->at.at, d->at.n, sizeof(*d->at.at), by_time);
}

static bool run_all(struct run *r, struct err *err)
{
	bool done = true;

	for (uint32_t i = 0; done && i < r->snap->n; i++)
		done = add_segment(r, i, err);
	return done && submit(r, err) && boxes_drain(&r->boxes, reply, r, err);
}

bool detect(struct snapshot *snap, const struct detect_options *opt, struct detected *ret,
	struct err *err)
{
	struct run r = {.snap = snap, .opt = opt, .out = ret};
	struct box_options box = opt->box;

	*ret = (struct detected){0};
	box.input_room = (size_t)LIMIT_SLICE_BYTES + opt->rules.n + DESCRIPTION_ROOM;
	if (!boxes_start(&r.boxes, &box, opt->jobs, err))
		return false;
	r.tasks = calloc(r.boxes.n, sizeof(*r.tasks));
	if (!r.tasks)
		BUG("out of memory");
	bool done = run_all(&r, err);
	if (done)
		finish(&r);
	for (unsigned i = 0; i < r.boxes.n; i++)
		task_clear(&r.tasks[i]);
	task_clear(&r.next);
	boxes_stop(&r.boxes);
	free(r.tasks);
	buf_release(&r.next_raw);
	buf_release(&r.raw);
	buf_release(&r.description);
	vec_release(&r.spans);
	return done;
}

void detected_release(struct detected *d)
{
	vec_release(&d->at);
	arena_release(&d->arena);
	*d = (struct detected){0};
}
