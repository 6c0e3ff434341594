#include "engine/erase.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/vec.h"
#include "box/jobs.h"
#include "casedb/sighting.h"
#include "casedb/source.h"
#include "engine/coverage.h"
#include "engine/erasing.h"
#include "engine/normalise.h"
#include "engine/rederive.h"
#include "engine/replace.h"

/* A batch that has something to lose. */
struct hit {
	struct str name;
	struct buf file; /* what replaces it */
};

struct run {
	struct folder *f;
	const struct erase_options *opt;
	struct arena arena;
	struct erasing what;
	struct replacement *rep;
	struct snapshot *snap;
	struct box *box;
	struct buf raw, description;
	VEC(struct str) batches; /* all of the case */
	VEC(struct hit) hits;
	VEC(struct str) dropped; /* batches of which merging left copies out */
	struct erased done;
};

static bool note_batch(void *arg, const struct batch_row *b)
{
	struct run *r = arg;

	*vec_push(&r->batches) = arena_dup(&r->arena, b->name);
	return true;
}

static bool note_dropped(void *arg, struct str batch)
{
	struct run *r = arg;

	*vec_push(&r->dropped) = arena_dup(&r->arena, batch);
	return true;
}

/* Runs the scan of one batch in the box; ret_marks: n bytes for records, n + 1 for gaps. */
static bool scan(struct run *r, struct batch *b, struct str *ret_marks, struct err *err)
{
	uint32_t n = batch_records(b);
	struct span *spans = calloc(n + 1, sizeof(*spans));
	struct box_reply reply;
	bool done = false;

	if (!spans)
		BUG("out of memory");
	buf_clear(&r->raw);
	buf_clear(&r->description);
	if (!batch_raw(b, &r->raw, spans, err))
		goto out;
	struct scan_job job = {.head = *batch_head(b),
		.records = spans,
		.n_records = n,
		.values = r->what.values.at,
		.n_values = r->what.values.n};
	scan_job_pack(&job, &r->description);
	if (r->raw.n + r->description.n > box_input_room(r->box)) {
		err_set(err, ERR_CASE, "it holds more than a batch can");
		goto out;
	}
	memcpy(box_input(r->box), r->raw.p ? r->raw.p : "", r->raw.n);
	if (!box_send(r->box, BOX_SCAN, r->raw.n, buf_view(&r->description), err) ||
		!box_receive(r->box, &reply, ret_marks, err))
		goto out;
	done = reply.status == BOX_OK && ret_marks->n == 2 * (size_t)n + 1;
	if (!done)
		err_set(err, ERR_BOX, "it can't be searched");
out:
	free(spans);
	return done;
}

/* Takes out what the marks say. */
static bool cut_out(
	struct run *r, struct str name, struct batch *b, struct str marks, struct err *err)
{
	uint32_t n = batch_records(b);
	bool *drop = arena_array(&r->arena, marks.n, sizeof(*drop));
	struct hit *h = vec_push(&r->hits);
	uint64_t records = 0;

	*h = (struct hit){.name = name};
	for (size_t i = 0; i < marks.n; i++)
		drop[i] = marks.p[i] != 0;
	for (uint32_t i = 0; i < n; i++)
		records += drop[i];
	r->done.records += records;
	r->done.batches++;
	if (r->opt->dry_run)
		return true;
	return batch_without(b, drop, drop + n, ERASING_ZSTD_LEVEL, &h->file, err) &&
	       replace_batch(r->rep, name, buf_view(&h->file), records, err);
}

static bool search_batch(struct run *r, struct str name, struct err *err)
{
	struct str file, marks;
	struct batch *b;
	bool any = false;

	if (!snapshot_batch(r->snap, name, &file, err) || !batch_open(file, &b, err))
		return false;
	bool done = scan(r, b, &marks, err);
	for (size_t i = 0; done && i < marks.n; i++) {
		if (marks.p[i] != 0 && marks.p[i] != 1)
			done = err_set(err, ERR_BOX, "the worker's answer makes no sense");
		any |= marks.p[i] != 0;
	}
	/* Names of columns can't be taken out of a batch: the whole source goes. */
	if (done && erasing_holds(&r->what, batch_head(b)->preamble))
		r->what.preamble = true;
	if (done && any)
		done = cut_out(r, name, b, marks, err);
	batch_close(b);
	r->done.batches_searched++;
	return done || err_in(err, "batch '" STR_FMT "'", STR_ARG(name));
}

static bool is_hit(const struct run *r, struct str batch)
{
	for (size_t i = 0; i < r->hits.n; i++)
		if (str_eq(r->hits.at[i].name, batch))
			return true;
	for (size_t i = 0; i < r->dropped.n; i++)
		if (str_eq(r->dropped.at[i], batch))
			return true;
	return false;
}

static bool segment_done(void *arg, const struct rederived *d, struct err *err)
{
	struct run *r = arg;

	return replace_segment(r->rep, d->batch, d->segment, err);
}

/* All batches of the segments that hold a batch which changed, or whose copies may come back. */
static bool derive_again(struct run *r, struct err *err)
{
	VEC(struct rederive_batch) list = {0};
	struct rederive_options opt = {
		.formats = r->opt->box.formats,
		.n_formats = r->opt->box.n_formats,
		.jobs = r->opt->jobs,
		.done = segment_done,
		.arg = r,
	};

	for (size_t i = 0; i < r->snap->n; i++) {
		const struct snapshot_segment *s = &r->snap->at[i];
		bool hit = false;
		for (uint32_t b = 0; b < s->n_batches; b++)
			hit |= is_hit(r, s->batch_names[b]);
		for (uint32_t b = 0; hit && b < s->n_batches; b++) {
			struct rederive_batch *one = vec_push(&list);
			*one = (struct rederive_batch){.name = s->batch_names[b]};
			for (size_t h = 0; h < r->hits.n; h++)
				if (str_eq(r->hits.at[h].name, one->name))
					one->file = buf_view(&r->hits.at[h].file);
		}
	}
	bool done = rederive(r->snap, list.at, list.n, &opt, err);
	vec_release(&list);
	return done;
}

struct sources {
	struct run *r;
	struct err *err;
	bool failed;
};

static bool clean_source(void *arg, const struct source_row *s)
{
	struct sources *c = arg;
	struct run *r = c->r;

	if (!erasing_holds(&r->what, s->path) && !erasing_holds(&r->what, s->acquired))
		return true;
	r->done.sources++;
	if (r->opt->dry_run)
		return true;
	struct str path = erasing_blank(&r->what, &r->arena, s->path);
	struct str acquired = erasing_blank(&r->what, &r->arena, s->acquired);
	c->failed = !replace_source(r->rep, &s->sha256, path, acquired, c->err);
	return !c->failed;
}

static bool search_all(struct run *r, struct err *err)
{
	struct sources c = {r, err, false};

	if (!casedb_batch_each(folder_db(r->f), 0, note_batch, r, err))
		return false;
	for (size_t i = 0; i < r->batches.n; i++)
		if (!search_batch(r, r->batches.at[i], err))
			return false;
	if (r->what.preamble)
		return err_set(err, ERR_CASE,
			"the value stands in the header row of a source, which can't be taken out "
			"alone");
	return casedb_source_each(folder_db(r->f), clean_source, &c, err) && !c.failed &&
	       erasing_intel(
		       &r->what, r->f, r->opt->dry_run ? NULL : r->rep, &r->done.indicators, err);
}

static bool run_inside(struct run *r, struct err *err)
{
	if (!snapshot_open(r->f, &r->snap, err) || !box_start(&r->opt->box, &r->box, err) ||
		!search_all(r, err))
		return false;
	if (r->opt->dry_run)
		return true;
	if (r->hits.n && (!replace_dropped(r->f, note_dropped, r, err) || !derive_again(r, err)))
		return false;
	if (!casedb_sighting_clear(folder_db(r->f), err))
		return false;
	/* The maps of what is to go are let go of first. */
	snapshot_close(r->snap);
	r->snap = NULL;
	struct replacement *rep = r->rep;
	r->rep = NULL;
	return replace_publish(rep, err);
}

bool erase_values(struct folder *f, const struct str *values, size_t n,
	const struct erase_options *opt, struct erased *ret, struct err *err)
{
	struct run r = {.f = f, .opt = opt};
	bool done = erasing_init(&r.what, &r.arena, values, n, err) &&
		    replace_begin(f, REPLACE_ERASE, &r.rep, err) && run_inside(&r, err);

	replace_drop(r.rep);
	snapshot_close(r.snap);
	box_stop(r.box);
	for (size_t i = 0; i < r.hits.n; i++)
		buf_release(&r.hits.at[i].file);
	vec_release(&r.hits);
	vec_release(&r.batches);
	vec_release(&r.dropped);
	buf_release(&r.raw);
	buf_release(&r.description);
	erasing_release(&r.what);
	arena_release(&r.arena);
	if (done)
		*ret = r.done;
	return done;
}
