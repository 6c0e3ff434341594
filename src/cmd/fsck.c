#include "engine/fsck.h"

#include <stdio.h>

#include "cmd/commands.h"
#include "cmd/progress.h"

struct saying {
	struct app *app;
	struct buf out;
};

static void say(void *arg, enum fsck_level level, struct str file, const char *what)
{
	struct saying *s = arg;
	struct jsonw w = jsonw_of(&s->out);
	const char *word = level == FSCK_DAMAGE ? "damage" : "note";

	if (s->app->json) {
		jsonw_open(&w, '{');
		jsonw_key(&w, "level");
		jsonw_text(&w, word);
		jsonw_key(&w, "file");
		jsonw_str(&w, file);
		jsonw_key(&w, "what");
		jsonw_text(&w, what);
		jsonw_close(&w, '}');
		jsonw_line(&w);
		return;
	}
	buf_addf(&s->out, "%s: ", word);
	if (file.n) {
		safe_print(&s->out, file);
		buf_str(&s->out, STR(": "));
	}
	safe_print(&s->out, str_of(what));
	buf_putc(&s->out, '\n');
}

static void sum_up(struct saying *s, const struct fsck *r)
{
	static const char *const keys[] = {
		"sources", "batches", "segments", "rows", "lines", "bytes", "notes", "damages"};
	const uint64_t values[] = {r->sources, r->batches, r->segments, r->rows, r->lines, r->bytes,
		r->notes, r->damages};
	struct jsonw w = jsonw_of(&s->out);

	if (s->app->json) {
		jsonw_open(&w, '{');
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
			jsonw_key(&w, keys[i]);
			jsonw_u64(&w, values[i]);
		}
		jsonw_close(&w, '}');
		jsonw_line(&w);
		return;
	}
	buf_str(&s->out, r->damages ? STR("DAMAGED: ") : STR("whole: "));
	count_print(&s->out, r->batches);
	buf_str(&s->out, STR(" batches, "));
	count_print(&s->out, r->segments);
	buf_str(&s->out, STR(" segments, "));
	count_print(&s->out, r->lines);
	buf_str(&s->out, STR(" lines of the journal ("));
	bytes_print(&s->out, r->bytes);
	buf_str(&s->out, STR(")\n"));
	if (r->damages)
		buf_str(&s->out, STR("a damaged segment is made anew by 'spoor reindex'; a damaged "
				     "batch is in a backup\n"));
}

static int run(struct app *app)
{
	struct saying s = {.app = app};
	struct fsck r;
	struct err err = {0};
	struct folder *f;

	/* What a crash left half-done is brought to its end first, where the case can be written. */
	if (!folder_open(app->case_path, true, &f, &err) && !app_open(app, false, &f))
		return 1;
	struct progress progress = progress_begin(app->quiet);
	struct watcher watcher = {progress_watch, &progress};
	bool done = fsck_run(f, say, &s, &watcher, &r, &err);
	progress_end(&progress);
	folder_close(f);
	if (!done) {
		app_print(app, &s.out);
		return app_fail(app, &err);
	}
	sum_up(&s, &r);
	bool printed = app_print(app, &s.out);
	buf_release(&s.out);
	return printed && !r.damages ? 0 : 1;
}

const struct command command_fsck = {
	.name = "fsck",
	.words = "",
	.summary = "is every byte of the case as it was written?",
	.help = "Checks the journal's chain, the catalogue against the files, each batch and each\n"
		"segment, the files of intelligence, and which events are copies of which.  What a "
		"crash interrupted is "
		"brought to its\n"
		"end first; nothing else is changed, and others may use the case meanwhile.  The "
		"exit status is 1 if anything is damaged.",
	.run = run,
};
