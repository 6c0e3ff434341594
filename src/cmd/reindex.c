#include <stdio.h>

#include "base/vec.h"
#include "casedb/source.h"
#include "cmd/commands.h"
#include "cmd/progress.h"
#include "engine/rederive.h"
#include "engine/refresh.h"
#include "engine/replace.h"

static const struct option_spec options[] = {
	{"jobs", 'j', OPTION_COUNT, "N", "workers (default: one a core)"},
};

struct reindexing {
	struct app *app;
	struct folder *f;
	struct replacement *rep;
	struct snapshot *snap;
	VEC(struct rederive_batch) batches;
	VEC(uint64_t) bytes; /* of each */
	uint64_t bytes_done, bytes_total;
	struct progress progress;
};

static bool note_batch(void *arg, const struct batch_row *b)
{
	struct reindexing *x = arg;

	*vec_push(&x->batches) =
		(struct rederive_batch){.name = arena_dup(&x->app->arena, b->name)};
	*vec_push(&x->bytes) = b->bytes;
	x->bytes_total += b->bytes;
	return true;
}

static bool segment_done(void *arg, const struct rederived *d, struct err *err)
{
	struct reindexing *x = arg;

	x->bytes_done += x->bytes.at[d->index];
	progress_draw(&x->progress, "reading batches anew", x->bytes_done, x->bytes_total);
	return replace_segment(x->rep, d->batch, d->segment, err);
}

static bool reindex_all(struct reindexing *x, struct err *err)
{
	const char *folders[4];
	struct rederive_options opt = {.jobs = (unsigned)option_count(x->app, "jobs", 0),
		.box = {.formats = folders},
		.done = segment_done,
		.arg = x};

	opt.box.n_formats = app_formats(x->app, folders);
	app_own_hosts(x->f, &opt.box);
	if (!replace_begin(x->f, REPLACE_REINDEX, &x->rep, err) ||
		!snapshot_open(x->f, &x->snap, err) ||
		!casedb_batch_each(folder_db(x->f), 0, note_batch, x, err) ||
		!rederive(x->snap, x->batches.at, x->batches.n, &opt, err))
		return false;
	struct replacement *rep = x->rep;
	x->rep = NULL;
	return replace_publish(rep, err) && refresh(x->f, &x->app->arena, err);
}

static int run(struct app *app)
{
	struct reindexing x = {.app = app, .progress = progress_begin(app->quiet)};
	struct buf out = {0};
	struct err err = {0};

	if (!app_open(app, true, &x.f))
		return 1;
	bool done = reindex_all(&x, &err);
	progress_end(&x.progress);
	replace_drop(x.rep);
	snapshot_close(x.snap);
	folder_close(x.f);
	if (!done)
		return app_fail(app, &err);
	if (app->json) {
		struct jsonw w = jsonw_of(&out);
		jsonw_open(&w, '{');
		jsonw_key(&w, "batches");
		jsonw_u64(&w, x.batches.n);
		jsonw_close(&w, '}');
		jsonw_line(&w);
	} else {
		count_print(&out, x.batches.n);
		buf_str(&out, STR(" batches were read anew with the formats of now\n"));
	}
	vec_release(&x.batches);
	vec_release(&x.bytes);
	int status = app_print(app, &out) ? 0 : 1;
	buf_release(&out);
	return status;
}

const struct command command_reindex = {
	.name = "reindex",
	.words = "",
	.summary = "read all evidence anew with the formats of now",
	.help = "Derives every segment anew from the batches: after a format was added or changed, "
		"or\n"
		"when fsck finds a damaged segment.  The evidence is not touched, and answers "
		"stay\n"
		"available meanwhile.",
	.options = options,
	.n_options = 1,
	.run = run,
};
