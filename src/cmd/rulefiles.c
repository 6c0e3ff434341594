#include "cmd/rulefiles.h"

/* What is read of a folder: rules, not what lies beside them, as what log sources mean does. */
static bool is_rule_file(struct str path)
{
	bool sigma = str_ends(path, STR(".yml")) || str_ends(path, STR(".yaml"));
	bool yara = str_ends(path, STR(".yar")) || str_ends(path, STR(".yara"));

	return yara || str_ends(path, STR(".stix")) ||
	       (sigma && !str_ends(path, STR("/logsources.yaml")));
}

bool rule_paths_add(struct app *app, const char *path, struct rule_paths *p, struct err *err)
{
	size_t before = p->walk.files.n;

	walk_path(&app->arena, path, &p->walk);
	for (size_t i = before; i < p->walk.files.n; i++) {
		const struct walk_file *f = &p->walk.files.at[i];
		bool given = str_eq(f->path, str_of(path));
		if (f->not_read.n)
			return err_set(err, ERR_IO, "'%s': %s", f->path.p, f->not_read.p);
		if (given || is_rule_file(f->path))
			*vec_push(&p->at) = f->path;
	}
	return true;
}

void rule_paths_release(struct rule_paths *p)
{
	walk_release(&p->walk);
	vec_release(&p->at);
}

struct rules_asked rule_paths_question(
	struct app *app, const struct rule_paths *p, const char *what, const char *folders[4])
{
	struct rules_asked q = {.what = what,
		.placeholders = option_text(app, "placeholders"),
		.files = p->at.at,
		.n_files = p->at.n,
		.box = {.formats = folders}};

	q.box.n_formats = app_formats(app, folders);
	q.logsources = arena_printf(&app->arena, "%s/logsources.yaml", app_rules(app)).p;
	return q;
}
