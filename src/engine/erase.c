#include "engine/erase.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/vec.h"
#include "box/jobs.h"
#include "casedb/source.h"
#include "engine/coverage.h"
#include "engine/erasing.h"
#include "engine/live.h"
#include "engine/normalise.h"
#include "engine/rederive.h"
#include "engine/refresh.h"
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
	VEC(uint32_t) unread;          /* of the batch at hand: struct scan_job.unread */
	uint32_t suspect;              /* where the search ended last time */
	VEC(struct batch_row) batches; /* all of the case */
	VEC(uint64_t) derived;         /* bytes of those that are derived again */
	uint64_t bytes_done, bytes_total;
	VEC(struct hit) hits;
	VEC(struct str) dropped; /* batches of which merging left copies out */
	struct noticed noticed;
	struct erased done;
};

static bool note_batch(void *arg, const struct batch_row *b)
{
	struct run *r = arg;

	struct batch_row *to = vec_push(&r->batches);
	*to = *b;
	to->name = arena_dup(&r->arena, b->name);
	r->bytes_total += b->bytes;
	return true;
}

static bool note_dropped(void *arg, struct str batch)
{
	struct run *r = arg;

	*vec_push(&r->dropped) = arena_dup(&r->arena, batch);
	return true;
}

static bool scan_once(struct run *r, const struct scan_job *job, struct box_reply *ret_reply,
	struct str *ret_marks, struct err *err)
{
	buf_clear(&r->description);
	scan_job_pack(job, &r->description);
	if (r->raw.n + r->description.n > box_input_room(r->box))
		return err_set(err, ERR_CASE, "it holds more than a batch can");
	memcpy(box_input(r->box), r->raw.p ? r->raw.p : "", r->raw.n);
	return box_send(r->box, BOX_SCAN, r->raw.n, buf_view(&r->description), err) &&
	       box_receive(r->box, ret_reply, ret_marks, err);
}

/*
 * The place that ended the search twice running is left out of it: once may be the machine's fault
 * (memory that others took), and what is erased for it does not come back.  False: no place's fault.
 */
static bool leave_out(struct run *r, uint32_t n, const struct box_reply *reply)
{
	uint32_t place = box_progress_record(r->box);
	size_t at = 0;

	if (place > n || (reply->status != BOX_CRASHED && reply->status != BOX_LOOPED &&
				 reply->status != BOX_STARVED))
		return false;
	if (place != r->suspect) {
		r->suspect = place;
		return true;
	}
	while (at < r->unread.n && r->unread.at[at] < place)
		at++;
	if (at < r->unread.n && r->unread.at[at] == place)
		return false;
	vec_push(&r->unread);
	memmove(r->unread.at + at + 1, r->unread.at + at,
		(r->unread.n - 1 - at) * sizeof(*r->unread.at));
	r->unread.at[at] = place;
	return true;
}

/*
 * Runs the scan of one batch in the box; ret_marks: n bytes for records, n + 1 for gaps.  As when
 * it is parsed, a batch with too many records that attack the search is given up whole: then
 * everything in it counts as holding a value, and *ret_marks is empty.
 */
static bool scan(struct run *r, struct batch *b, struct str *ret_marks, struct err *err)
{
	uint32_t n = batch_records(b);
	struct span *spans = calloc(n + 1, sizeof(*spans));
	struct box_reply reply = {.status = BOX_FAILED};
	bool done = false, fair = true;

	if (!spans)
		BUG("out of memory");
	buf_clear(&r->raw);
	r->unread.n = 0;
	r->suspect = UINT32_MAX;
	if (!batch_raw(b, &r->raw, spans, err))
		goto out;
	struct scan_job job = {.head = *batch_head(b),
		.records = spans,
		.n_records = n,
		.values = r->what.values.at,
		.n_values = r->what.values.n};
	for (unsigned i = 0; fair && reply.status != BOX_OK && i <= 2 * LIMIT_RESTARTS_PER_BATCH;
		i++) {
		job.unread = r->unread.at;
		job.n_unread = r->unread.n;
		if (!scan_once(r, &job, &reply, ret_marks, err))
			goto out;
		fair = reply.status == BOX_OK || leave_out(r, n, &reply);
	}
	if (fair && reply.status != BOX_OK && r->unread.n >= LIMIT_RESTARTS_PER_BATCH) {
		*ret_marks = STR("");
		done = true;
	} else {
		done = reply.status == BOX_OK && ret_marks->n == 2 * (size_t)n + 1;
		if (!done)
			err_set(err, ERR_BOX, "it can't be searched");
	}
out:
	free(spans);
	return done;
}

/* What the marks say, and what was not looked into, whatever the worker says of that. */
static bool what_to_drop(
	struct run *r, uint32_t n, struct str marks, bool *ret_drop, struct err *err)
{
	bool all = marks.n == 0;

	for (size_t i = 0; i < 2 * (size_t)n + 1; i++) {
		if (!all && marks.p[i] != 0 && marks.p[i] != 1)
			return err_set(err, ERR_BOX, "the worker's answer makes no sense");
		ret_drop[i] = all || marks.p[i];
	}
	for (size_t i = 0; i < r->unread.n; i++) {
		uint32_t place = r->unread.at[i];
		ret_drop[n + place] = true;
		if (place < n)
			ret_drop[place] = true;
	}
	r->done.unread += all ? n : r->unread.n;
	return true;
}

/* Takes out what is marked: n records, n + 1 gaps. */
static bool cut_out(
	struct run *r, struct str name, struct batch *b, const bool *drop, struct err *err)
{
	uint32_t n = batch_records(b);
	struct hit *h = vec_push(&r->hits);
	uint64_t records = 0;

	*h = (struct hit){.name = name};
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
	struct arena_mark mark = arena_mark(&r->arena);
	bool any = false;

	if (!snapshot_batch(r->snap, name, &file, err) || !batch_open(file, &b, err))
		return false;
	uint32_t n = batch_records(b);
	bool *drop = arena_array(&r->arena, 2 * (size_t)n + 1, sizeof(*drop));
	bool done = scan(r, b, &marks, err) && what_to_drop(r, n, marks, drop, err);
	for (size_t i = 0; done && i < 2 * (size_t)n + 1; i++)
		any |= drop[i];
	/* Names of columns can't be taken out of a batch: the whole source goes. */
	if (done && erasing_holds(&r->what, batch_head(b)->preamble))
		r->what.preamble = true;
	if (done && any)
		done = cut_out(r, name, b, drop, err);
	batch_close(b);
	arena_rewind(&r->arena, mark);
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

	r->bytes_done += r->derived.at[d->index];
	watcher_tell(r->opt->watcher, "deriving again", r->bytes_done, r->bytes_total);
	return replace_segment(r->rep, d->batch, d->segment, err);
}

static uint64_t bytes_of(const struct run *r, struct str batch)
{
	size_t from = 0, to = r->batches.n;

	/* They came by name. */
	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int c = str_cmp(r->batches.at[mid].name, batch);
		if (c == 0)
			return r->batches.at[mid].bytes;
		if (c < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return 0;
}

/* All batches of the segments that hold a batch which changed, or whose copies may come back. */
static bool derive_again(struct run *r, struct err *err)
{
	VEC(struct rederive_batch) list = {0};
	struct rederive_options opt = {
		.box = r->opt->box,
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
			*vec_push(&r->derived) = bytes_of(r, one->name);
			r->bytes_total += bytes_of(r, one->name);
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
	for (size_t i = 0; i < r->batches.n; i++) {
		watcher_tell(r->opt->watcher, "searching", r->bytes_done, r->bytes_total);
		if (!search_batch(r, r->batches.at[i].name, err))
			return false;
		r->bytes_done += r->batches.at[i].bytes;
	}
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
	if (!noticed_take(r->f, &r->noticed, err))
		return false;
	/* The maps of what is to go are let go of first. */
	snapshot_close(r->snap);
	r->snap = NULL;
	struct replacement *rep = r->rep;
	r->rep = NULL;
	return replace_publish(rep, err) && refresh(r->f, &r->arena, err) &&
	       noticed_give_back(r->f, &r->noticed, err);
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
	vec_release(&r.derived);
	vec_release(&r.unread);
	vec_release(&r.dropped);
	buf_release(&r.raw);
	buf_release(&r.description);
	noticed_release(&r.noticed);
	erasing_release(&r.what);
	arena_release(&r.arena);
	if (done)
		*ret = r.done;
	return done;
}
