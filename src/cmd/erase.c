#include "engine/erase.h"

#include <stdio.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/progress.h"

static const struct option_spec options[] = {
	{"yes", 'y', OPTION_FLAG, NULL, "don't ask"},
	{"dry-run", 'n', OPTION_FLAG, NULL, "only say what would go"},
	{"jobs", 'j', OPTION_COUNT, "N", "workers (default: one a core)"},
};

static bool sure(struct app *app)
{
	char answer[16] = "";

	if (option_on(app, "yes") || option_on(app, "dry-run"))
		return true;
	if (!isatty(STDIN_FILENO)) {
		app_usage(app, "say --yes to erase without being asked");
		return false;
	}
	fprintf(stderr,
		"Erase every record of this case that holds one of these values, for good? [y/N] ");
	return fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

static void print(struct app *app, const struct erased *e, struct buf *out)
{
	struct jsonw w = jsonw_of(out);
	bool dry = option_on(app, "dry-run");

	if (app->json) {
		jsonw_open(&w, '{');
		jsonw_key(&w, "dry_run");
		jsonw_bool(&w, dry);
		jsonw_key(&w, "records");
		jsonw_u64(&w, e->records);
		jsonw_key(&w, "batches");
		jsonw_u64(&w, e->batches);
		jsonw_key(&w, "batches_searched");
		jsonw_u64(&w, e->batches_searched);
		jsonw_key(&w, "unread");
		jsonw_u64(&w, e->unread);
		jsonw_key(&w, "sources");
		jsonw_u64(&w, e->sources);
		jsonw_key(&w, "indicators");
		jsonw_u64(&w, e->indicators);
		jsonw_close(&w, '}');
		jsonw_line(&w);
		return;
	}
	buf_str(out, dry ? STR("would erase ") : STR("erased "));
	count_print(out, e->records);
	buf_addf(out,
		" records in %llu of %llu batches, %llu indicators and notes, %llu sources' "
		"names\n",
		(unsigned long long)e->batches, (unsigned long long)e->batches_searched,
		(unsigned long long)e->indicators, (unsigned long long)e->sources);
	if (!e->unread)
		return;
	count_print(out, e->unread);
	buf_addf(out, " of the records could not be looked into: %s too, since they may hold it\n",
		dry ? "they would be erased" : "they were erased");
}

static int run(struct app *app)
{
	const struct given *given = app_given(app);
	const char *folders[4];
	struct erase_options opt = {.jobs = (unsigned)option_count(app, "jobs", 0),
		.dry_run = option_on(app, "dry-run")};
	struct str *values = arena_array(&app->arena, given->n_words + 1, sizeof(*values));
	struct erased e;
	struct buf out = {0};
	struct err err = {0};
	struct folder *f;
	struct progress progress;
	struct watcher watcher = {progress_watch, &progress};

	if (!sure(app))
		return option_on(app, "yes") || isatty(STDIN_FILENO) ? 1 : 2;
	if (!app_open(app, true, &f))
		return 1;
	progress = progress_begin(app->quiet);
	opt.watcher = &watcher;
	opt.box.n_formats = app_formats(app, folders);
	opt.box.formats = folders;
	app_own_hosts(f, &opt.box);
	for (size_t i = 0; i < given->n_words; i++)
		values[i] = str_of(given->words[i]);
	bool done = erase_values(f, values, given->n_words, &opt, &e, &err);
	progress_end(&progress);
	folder_close(f);
	if (!done)
		return app_fail(app, &err);
	print(app, &e, &out);
	int status = app_print(app, &out) ? 0 : 1;
	buf_release(&out);
	return status;
}

const struct command command_erase = {
	.name = "erase",
	.words = "VALUE…",
	.summary = "take every record that holds a value out of the case, for good",
	.help = "Rewrites the evidence without the records that hold one of the values, in any "
		"spelling,\n"
		"and what was derived from them; takes indicators out that name one.  Afterwards "
		"no byte\n"
		"of the case folder has it.  Everything else stays.  The journal notes that "
		"records were\n"
		"erased, and not which value.\n\n"
		"examples:\n"
		"  spoor erase --dry-run jo@example.org\n"
		"  spoor erase --yes jo@example.org +441632960961",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.min_words = 1,
	.run = run,
};
