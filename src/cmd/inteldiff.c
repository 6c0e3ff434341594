/* spoor intel diff, and remove */
#include "cmd/intelcmd.h"
#include "cmd/progress.h"
#include "engine/walk.h"

struct showing {
	struct app *app;
	struct buf out;
};

static const char *const words[] = {
	[CHANGE_NEW] = "new", [CHANGE_GONE] = "gone", [CHANGE_CHANGED] = "changed"};

static void json_aspects(struct jsonw *w, unsigned aspects)
{
	jsonw_key(w, "what");
	jsonw_open(w, '[');
	for (unsigned i = 0; i < ASPECTS; i++) {
		if (aspects & 1u << i)
			jsonw_text(w, aspect_name(i));
	}
	jsonw_close(w, ']');
}

static void show_json(struct buf *out, enum intel_change c, const struct indicator *in,
	struct str value, unsigned aspects)
{
	struct jsonw w = jsonw_of(out);

	jsonw_open(&w, '{');
	jsonw_member_str(&w, "change", str_of(words[c]));
	jsonw_member_str(&w, "indicator", in->original);
	if (in->what == INDICATOR_VALUE)
		jsonw_member_str(&w, "kind", str_of(kind_name((enum kind)in->o.kind)));
	jsonw_member_str(&w, "value", value);
	jsonw_member_str(&w, "id", in->id);
	jsonw_member_u64(&w, "line", in->line);
	if (c == CHANGE_CHANGED)
		json_aspects(&w, aspects);
	jsonw_close(&w, '}');
	jsonw_line(&w);
}

static void show_text(struct buf *out, enum intel_change c, struct str value, unsigned aspects)
{
	static const char signs[] = {
		[CHANGE_NEW] = '+', [CHANGE_GONE] = '-', [CHANGE_CHANGED] = '~'};
	const char *before = "  ";

	buf_addf(out, "%c ", signs[c]);
	safe_print(out, str_upto(value, 200));
	for (unsigned i = 0; i < ASPECTS; i++) {
		if (!(aspects & 1u << i))
			continue;
		buf_addf(out, "%s%s", before, aspect_name(i));
		before = ", ";
	}
	buf_putc(out, '\n');
}

static bool show(void *arg, enum intel_change c, const struct indicator *was,
	const struct indicator *is, unsigned aspects)
{
	struct showing *s = arg;
	const struct indicator *in = is ? is : was;
	struct buf value = {0};

	intel_cmd_value(in, &value);
	if (s->app->json)
		show_json(&s->out, c, in, buf_view(&value), aspects);
	else
		show_text(&s->out, c, buf_view(&value), aspects);
	buf_release(&value);
	return s->out.n < (1 << 20) || app_print(s->app, &s->out);
}

static bool diff(struct app *app, struct folder *f, const struct walk *walk, struct err *err)
{
	struct intel_options opt = intel_cmd_options(app);
	struct str *paths = arena_array(&app->arena, walk->files.n + 1, sizeof(*paths));
	struct showing s = {.app = app};
	struct intel_differences d;

	opt.name = str_of(app_given(app)->words[1]);
	for (size_t i = 0; i < walk->files.n; i++) {
		if (walk->files.at[i].not_read.n)
			return err_set(err, ERR_IO, "'%s': %s", walk->files.at[i].path.p,
				walk->files.at[i].not_read.p);
		paths[i] = walk->files.at[i].path;
	}
	bool done = intel_compare(f, paths, walk->files.n, &opt, show, &s, &d, err);
	if (done && !app->json) {
		count_print(&s.out, d.new);
		buf_addf(&s.out, " new, %llu gone, %llu changed\n", (unsigned long long)d.gone,
			(unsigned long long)d.changed);
	}
	done = done && app_print(app, &s.out);
	buf_release(&s.out);
	return done;
}

int intel_cmd_diff(struct app *app)
{
	const struct given *given = app_given(app);
	struct walk walk = {0};
	struct err err = {0};
	struct folder *f;

	if (given->n_words < 3)
		return app_usage(app, "diff NAME PATH…: both are needed");
	/* A place for the copy is needed, though nothing changes. */
	if (!app_open(app, true, &f))
		return 1;
	for (size_t i = 2; i < given->n_words; i++)
		walk_path(&app->arena, given->words[i], &walk);
	int status = diff(app, f, &walk, &err) ? 0 : app_fail(app, &err);
	walk_release(&walk);
	folder_close(f);
	return status;
}

int intel_cmd_remove(struct app *app)
{
	const struct given *given = app_given(app);
	struct buf out = {0};
	struct err err = {0};
	struct folder *f;

	if (given->n_words != 2)
		return app_usage(app, "remove NAME: one name is needed");
	if (!app_open(app, true, &f))
		return 1;
	struct str name = str_of(given->words[1]);
	int status = intel_remove(f, name, &err) ? 0 : app_fail(app, &err);
	if (status == 0 && app->json) {
		struct jsonw w = jsonw_of(&out);
		jsonw_open(&w, '{');
		jsonw_member_str(&w, "removed", name);
		jsonw_close(&w, '}');
		jsonw_line(&w);
	} else if (status == 0) {
		buf_str(&out, STR("removed: "));
		safe_print(&out, name);
		buf_putc(&out, '\n');
	}
	if (!app_print(app, &out))
		status = 1;
	buf_release(&out);
	folder_close(f);
	return status;
}
