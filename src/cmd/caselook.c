#include "cmd/caselook.h"

#include "cmd/progress.h"
#include "cmd/rulefiles.h"
#include "engine/hits.h"

static bool look(struct app *app, struct folder *f, const struct rulebook *book, uint64_t *ret_hits,
	struct err *err)
{
	struct progress progress = progress_begin(app->quiet);
	struct watcher watcher = {progress_watch, &progress};
	const char *folders[4];
	struct hits_options opt = {.box = {.formats = folders},
		.jobs = (unsigned)option_count(app, "jobs", 0),
		.book = book,
		.fresh = true,
		.watcher = &watcher};
	struct snapshot *snap = NULL;
	struct hits hits = {0};

	opt.box.n_formats = app_formats(app, folders);
	app_own_hosts(f, &opt.box);
	bool done = snapshot_open(f, &snap, err) && hits_find(f, snap, &opt, &hits, err);
	progress_end(&progress);
	for (size_t i = 0; done && i < hits.at.n; i++)
		*ret_hits += !book->rules.at[hits.at.at[i].rule].silent;
	hits_release(&hits);
	snapshot_close(snap);
	return done;
}

bool case_look(struct app *app, struct folder *f, uint64_t *ret_hits, struct err *err)
{
	const struct rule_paths none = {0};
	struct case_rules own;
	struct rulebook book = {0};
	const char *folders[4];

	*ret_hits = 0;
	if (!case_rules_read(f, &own, err))
		return false;
	bool done = true;
	if (own.files.n) {
		struct rules_asked ask = rule_paths_question(app, &none, "check", folders);
		ask.placeholders = NULL;
		ask.more = buf_view(&own.files);
		done = rulebook_read(&ask, &book, err) && look(app, f, &book, ret_hits, err);
	}
	rulebook_release(&book);
	case_rules_release(&own);
	return done;
}
