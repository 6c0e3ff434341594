#include "engine/rederive.h"

#include <stdlib.h>

#include "base/limits.h"

enum { ZSTD_LEVEL = 1 };

/* One batch on its way through a worker. */
struct task {
	struct run *run;
	size_t index;
	struct batch *batch; /* its head and spans must live until the worker is done */
	struct span *spans;
};

struct run {
	const struct rederive_options *opt;
	const struct rederive_batch *batches;
	struct snapshot *snap;
	struct buf raw;
};

static void task_free(struct task *t)
{
	batch_close(t->batch);
	free(t->spans);
	free(t);
}

static bool task_done(void *arg, const struct pool_result *res, struct err *err)
{
	struct task *t = res->task;
	struct run *r = t->run;
	struct rederived out = {r->batches[t->index].name, res->segment, t->index};

	(void)arg;
	task_free(t);
	return r->opt->done(r->opt->arg, &out, err);
}

static bool submit(struct run *r, struct pool *pool, size_t index, struct err *err)
{
	const struct rederive_batch *b = &r->batches[index];
	struct task *t = calloc(1, sizeof(*t));
	struct str file = b->file;
	char *input;
	size_t room;

	if (!t)
		BUG("out of memory");
	*t = (struct task){.run = r, .index = index};
	if (!file.p && !snapshot_batch(r->snap, b->name, &file, err))
		goto fail;
	if (!batch_open(file, &t->batch, err))
		goto fail;
	uint32_t n = batch_records(t->batch);
	t->spans = calloc(n ? n : 1, sizeof(*t->spans));
	if (!t->spans)
		BUG("out of memory");
	buf_clear(&r->raw);
	if (!batch_raw(t->batch, &r->raw, t->spans, err) || !pool_input(pool, &input, &room, err))
		goto fail;
	if (r->raw.n > room) {
		err_set(err, ERR_CASE, "it holds more than a batch can");
		goto fail;
	}
	memcpy(input, r->raw.p ? r->raw.p : "", r->raw.n);
	struct pool_task task = {
		.head = *batch_head(t->batch),
		.raw_len = r->raw.n,
		.spans = t->spans,
		.n_spans = n,
		.task = t,
	};
	return pool_submit(pool, &task, err);
fail:
	task_free(t);
	return err_in(err, "batch '" STR_FMT "'", STR_ARG(b->name));
}

bool rederive(struct snapshot *snap, const struct rederive_batch *batches, size_t n,
	const struct rederive_options *opt, struct err *err)
{
	struct run r = {.opt = opt, .batches = batches, .snap = snap};
	struct pool_options po = {
		.box = opt->box,
		.jobs = opt->jobs,
		.zstd_level = ZSTD_LEVEL,
		.done = task_done,
	};
	struct pool *pool;

	if (!pool_start(&po, &pool, err))
		return false;
	bool done = true;
	for (size_t i = 0; done && i < n; i++)
		done = submit(&r, pool, i, err);
	done = done && pool_drain(pool, err);
	pool_stop(pool);
	buf_release(&r.raw);
	return done;
}
