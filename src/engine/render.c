#include "engine/render.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/vec.h"
#include "box/jobs.h"

enum { GROUP_MAX = 512 };

/* Where an event's record is. */
struct place {
	size_t order; /* in what was asked for */
	struct str batch;
	uint32_t record;
	bool conflict;
};

struct renderer {
	struct snapshot *snap;
	struct box_options opt;
	struct box *box; /* started on first need */
	struct buf description, raw;
};

struct renderer *renderer_new(struct snapshot *snap, const struct box_options *opt)
{
	struct renderer *r = calloc(1, sizeof(*r));

	if (!r)
		BUG("out of memory");
	*r = (struct renderer){.snap = snap, .opt = *opt};
	return r;
}

void renderer_free(struct renderer *r)
{
	if (!r)
		return;
	box_stop(r->box);
	buf_release(&r->description);
	buf_release(&r->raw);
	free(r);
}

static int by_batch(const void *x, const void *y)
{
	const struct place *a = x, *b = y;
	int c = str_cmp(a->batch, b->batch);

	if (c)
		return c;
	return a->record < b->record ? -1 : a->record > b->record;
}

/* The source's hash, as far as a batch's name has it (spoor-case(5)). */
static struct str source_of(struct str batch_name)
{
	size_t slash = str_chr(batch_name, '/');
	struct str base = slash < batch_name.n ? str_from(batch_name, slash + 1) : batch_name;

	return str_upto(base, str_chr(base, '-'));
}

static bool send_job(
	struct renderer *r, struct batch *b, const struct place *p, size_t n, struct err *err)
{
	struct render_item *items = calloc(n, sizeof(*items));
	struct render_job job = {.head = *batch_head(b),
		.source = source_of(p[0].batch),
		.items = items,
		.n_items = n};
	bool done = false;

	if (!items)
		BUG("out of memory");
	buf_clear(&r->raw);
	for (size_t i = 0; i < n; i++) {
		uint32_t len;
		bool erased;
		items[i].off = (uint32_t)r->raw.n;
		items[i].conflict = p[i].conflict;
		if (!batch_record_at(b, p[i].record, &items[i].source_offset, &len, &erased)) {
			err_set(err, ERR_CASE,
				"batch '" STR_FMT "' has no record %u; try 'spoor fsck'",
				STR_ARG(p[i].batch), p[i].record);
			goto out;
		}
		if (!batch_record(b, p[i].record, &r->raw, err))
			goto out;
		items[i].len = (uint32_t)(r->raw.n - items[i].off);
	}
	if (r->raw.n > box_input_room(r->box) / 2) {
		err_set(err, ERR_LIMIT,
			"the records of these events are larger than a worker's input");
		goto out;
	}
	buf_clear(&r->description);
	render_job_pack(&job, &r->description);
	memcpy(box_input(r->box), r->raw.p ? r->raw.p : "", r->raw.n);
	done = box_send(r->box, BOX_RENDER, r->raw.n, buf_view(&r->description), err);
out:
	free(items);
	return done;
}

/* Gives each event of the group its line; a group is of one batch. */
static bool render_group(struct renderer *r, const struct place *p, size_t n, struct str *lines,
	struct arena *a, struct err *err)
{
	struct box_reply reply;
	struct str file, out;
	struct batch *b;

	if (!snapshot_batch(r->snap, p[0].batch, &file, err) || !batch_open(file, &b, err))
		return false;
	bool sent = send_job(r, b, p, n, err);
	batch_close(b);
	if (!sent || !box_receive(r->box, &reply, &out, err))
		return false;
	if (reply.status != BOX_OK)
		return err_set(err, ERR_BOX, "cannot show events of batch '" STR_FMT "'",
			STR_ARG(p[0].batch));
	struct str all = arena_dup(a, out);
	for (size_t i = 0; i < n; i++) {
		if (!all.n)
			return err_set(
				err, ERR_BOX, "the worker shows fewer events than asked for");
		lines[p[i].order] = str_cut(&all, '\n');
	}
	return true;
}

static struct place place_of(const struct renderer *r, const struct event_at *e, size_t order)
{
	const struct snapshot_segment *s = &r->snap->at[e->segment];
	struct place p = {.order = order};
	struct seg_row row;

	if (segment_row(s->seg, e->row, &row) && row.batch < s->n_batches) {
		p.batch = s->batch_names[row.batch];
		p.record = row.record;
		p.conflict = rowset_has(s->conflict, e->row);
	}
	return p;
}

bool render_events(struct renderer *r, const struct event_at *events, size_t n, struct buf *out,
	struct err *err)
{
	struct arena a = {0};
	struct place *p = arena_array(&a, n + 1, sizeof(*p));
	struct str *lines = arena_array(&a, n + 1, sizeof(*lines));
	bool done = false;

	if (!r->box && !box_start(&r->opt, &r->box, err))
		goto out;
	for (size_t i = 0; i < n; i++) {
		p[i] = place_of(r, &events[i], i);
		lines[i] = STR("{}");
		if (!p[i].batch.n) {
			err_set(err, ERR_CASE,
				"a segment names no batch for an event; try 'spoor fsck'");
			goto out;
		}
	}
	qsort(p, n, sizeof(*p), by_batch);
	for (size_t from = 0, to; from < n; from = to) {
		for (to = from + 1;
			to < n && to - from < GROUP_MAX && str_eq(p[to].batch, p[from].batch); to++)
			;
		if (!render_group(r, p + from, to - from, lines, &a, err))
			goto out;
	}
	for (size_t i = 0; i < n; i++) {
		buf_str(out, lines[i]);
		buf_putc(out, '\n');
	}
	done = true;
out:
	arena_release(&a);
	return done;
}
