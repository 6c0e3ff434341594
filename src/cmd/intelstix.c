#include <stdio.h>

#include "casedb/intel.h"
#include "cmd/intelcmd.h"
#include "engine/writeback.h"

/* The newest source of that name or path. */
struct wanted {
	struct app *app;
	struct str name, kind;
	int64_t id;
};

static bool find(void *arg, const struct intel_source_row *r)
{
	struct wanted *s = arg;

	if (str_eq(s->name, r->name) || str_eq(s->name, r->path)) {
		s->id = r->id;
		s->kind = arena_dup(&s->app->arena, r->kind);
	}
	return true;
}

static bool print(void *arg, struct buf *text)
{
	const struct app *app = arg;

	return app_print(app, text);
}

static bool write_source(struct app *app, struct folder *f, struct writeback *w, struct err *err)
{
	struct wanted s = {.app = app, .name = str_of(app_given(app)->words[1])};
	struct intel_set set = {0};

	if (!casedb_intel_source_each(folder_db(f), find, &s, err))
		return false;
	if (!s.id)
		return err_set(err, ERR_USAGE,
			"no intelligence named '%s'; 'spoor intel list' lists it", s.name.p);
	if (!intel_set_open(f, &set, err))
		return false;
	const struct intel_file *file = intel_set_find(&set, s.id);
	w->kind = s.kind;
	bool done = file ? writeback_bundle(f, file, w, err)
			 : err_set(err, ERR_CASE, "'%s' is gone", s.name.p);
	intel_set_close(&set);
	return done;
}

int intel_cmd_stix(struct app *app)
{
	const char *id = option_text(app, "object");
	struct writeback w = {.id = id ? str_of(id) : STR(""), .emit = print, .arg = app};
	struct folder *f;
	struct err err = {0};
	int status = 0;

	if (!app_open(app, false, &f))
		return 1;
	if (!write_source(app, f, &w, &err))
		status = err.msg[0] ? app_fail(app, &err) : 1;
	else if (id && w.written + w.left_out == 0)
		fprintf(stderr, "spoor intel: it has no object '%s'\n", id);
	else if (w.written + w.left_out == 0)
		fprintf(stderr, "spoor intel: nothing of it is STIX\n");
	else if (w.left_out)
		fprintf(stderr,
			"spoor intel: %zu objects are left out: what was given of them is no JSON, "
			"or was erased\n",
			w.left_out);
	folder_close(f);
	return status;
}
