#include "engine/people.h"

#include "cmd/commands.h"
#include "cmd/peoplelist.h"
#include "cmd/progress.h"
#include "engine/lists.h"
#include "engine/peoplefile.h"

static const struct option_spec options[] = {
	{"as", 0, OPTION_TEXT, "KIND",
		"what the file is: entra, popolo, csv (else its content says)"},
	{"source", 0, OPTION_TEXT, "NAME",
		"what to call the list (else the file's name); a later one takes its place"},
	{"at", 0, OPTION_TIME, "DATE",
		"import, remove: the date that the list is of; list: who it was then"},
};

/* import */

static void say_skipped(struct app *app, const struct people_added *r, struct jsonw *w)
{
	for (size_t i = 0; i < r->read.skipped.n; i++) {
		const struct people_skipped *s = &r->read.skipped.at[i];
		if (app->json) {
			jsonw_open(w, '{');
			jsonw_member_u64(w, "line", s->line);
			jsonw_member_str(w, "what", s->what);
			jsonw_member_str(w, "why", s->why);
			jsonw_close(w, '}');
			continue;
		}
		buf_addf(w->out, "  line %u: ", s->line);
		safe_print(w->out, str_upto(s->what, 100));
		buf_str(w->out, STR(": "));
		safe_print(w->out, s->why);
		buf_putc(w->out, '\n');
	}
}

static void say_file(
	struct app *app, const char *path, const struct people_added *r, struct buf *out)
{
	struct jsonw w = jsonw_of(out);

	if (app->json) {
		jsonw_open(&w, '{');
		jsonw_member_str(&w, "path", str_of(path));
		jsonw_member_str(&w, "list", r->list);
		jsonw_member_str(&w, "kind", r->read.kind);
		jsonw_key(&w, "known");
		jsonw_bool(&w, r->known);
		jsonw_key(&w, "replaced");
		jsonw_bool(&w, r->replaced);
		jsonw_member_u64(&w, "persons", r->persons);
		jsonw_member_u64(&w, "identities", r->identities);
		jsonw_key(&w, "skipped");
		jsonw_open(&w, '[');
		say_skipped(app, r, &w);
		jsonw_close(&w, ']');
		jsonw_close(&w, '}');
		jsonw_line(&w);
		return;
	}
	safe_print(out, str_of(path));
	if (r->known) {
		buf_str(out, STR(": known already, nothing changed\n"));
		return;
	}
	buf_str(out, STR(": "));
	count_print(out, r->persons);
	buf_str(out, STR(" persons, "));
	count_print(out, r->identities);
	buf_addf(out, " addresses, accounts and numbers, %llu not used%s\n",
		(unsigned long long)r->skipped,
		r->replaced ? " (takes the place of what the list had)" : "");
	say_skipped(app, r, &w);
}

static int run_import(struct app *app)
{
	const struct given *given = app_given(app);
	const char *as = option_text(app, "as"), *source = option_text(app, "source");
	struct people_options opt = {
		.list = source ? str_of(source) : STR(""),
		.as = as ? str_of(as) : STR(""),
		.at = option_time(app, "at"),
	};
	struct buf out = {0};
	struct folder *f;
	int status = 0;

	if (given->n_words < 2)
		return app_usage(app, "FILE… is missing");
	if (as && !people_is_kind(opt.as))
		return app_usage(app, "--as is entra, popolo or csv, not '%s'", as);
	if (source && given->n_words > 2)
		return app_usage(
			app, "--source is for one file: each would replace the one before");
	if (!app_open(app, true, &f))
		return 1;
	for (size_t i = 1; i < given->n_words; i++) {
		struct people_added r;
		struct err err = {0};
		if (!people_add(f, given->words[i], &opt, &r, &err)) {
			status = app_fail(app, &err);
			continue;
		}
		say_file(app, given->words[i], &r, &out);
		people_added_release(&r);
	}
	if (!app_print(app, &out))
		status = 1;
	buf_release(&out);
	folder_close(f);
	return status;
}

/* lists, remove */

static void say_list(struct app *app, const struct list_version *v, struct buf *out)
{
	struct jsonw w = jsonw_of(out);

	if (app->json) {
		jsonw_open(&w, '{');
		jsonw_member_str(&w, "list", v->name);
		jsonw_key(&w, "at");
		jsonw_when(&w, v->at);
		jsonw_member_str(&w, "kind", v->kind);
		jsonw_member_str(&w, "path", v->path);
		jsonw_member_u64(&w, "persons", v->persons);
		jsonw_member_u64(&w, "identities", v->identities);
		jsonw_member_u64(&w, "skipped", v->skipped);
		jsonw_key(&w, "added");
		jsonw_when(&w, v->added);
		jsonw_close(&w, '}');
		jsonw_line(&w);
		return;
	}
	safe_print(out, v->name);
	if (when_known(v->at)) {
		buf_str(out, STR(" of "));
		when_print(v->at, out);
	}
	buf_str(out, STR("  "));
	safe_print(out, v->kind);
	buf_addf(out, ", %llu persons, %llu not used, added ", (unsigned long long)v->persons,
		(unsigned long long)v->skipped);
	when_print(v->added, out);
	buf_putc(out, '\n');
}

static bool remove_one(struct app *app, struct folder *f, const struct lists *lists,
	struct str name, struct err *err)
{
	struct when at = option_time(app, "at");
	bool any = false;

	for (size_t i = 0; i < lists->at.n; i++) {
		const struct list_version *v = &lists->at.at[i];
		if (!str_eq(v->name, name) || (option_on(app, "at") && v->at.us != at.us))
			continue;
		any = true;
		if (!people_retract(f, &v->key, err))
			return false;
	}
	return any || err_set(err, ERR_USAGE, "no list '%s'%s; 'spoor people lists' shows them",
			      name.p, option_on(app, "at") ? " of that date" : "");
}

static int run_lists(struct app *app, bool remove)
{
	const struct given *given = app_given(app);
	struct lists lists;
	struct buf out = {0};
	struct err err = {0};
	struct folder *f;
	int status = 0;

	if (!app_open(app, remove, &f))
		return 1;
	if (!lists_load(folder_db(f), &lists, &err)) {
		folder_close(f);
		return app_fail(app, &err);
	}
	if (remove) {
		if (!remove_one(app, f, &lists, str_of(given->words[1]), &err))
			status = app_fail(app, &err);
	} else {
		for (size_t i = 0; i < lists.at.n; i++)
			say_list(app, &lists.at.at[i], &out);
		if (!lists.at.n && !app->json)
			buf_str(&out, STR("no lists yet: try 'spoor people import FILE'\n"));
		status = app_print(app, &out) ? 0 : 1;
	}
	lists_release(&lists);
	buf_release(&out);
	folder_close(f);
	return status;
}

static int run_asking(struct app *app, bool all)
{
	const struct given *given = app_given(app);
	struct err err = {0};
	struct folder *f;

	if (!app_open(app, false, &f))
		return 1;
	bool done = all ? people_list(app, f, &err)
			: people_show(app, f, str_of(given->words[1]), &err);
	int status = done ? 0 : err.code ? app_fail(app, &err) : 1;
	folder_close(f);
	return status;
}

static int run(struct app *app)
{
	const struct given *given = app_given(app);
	struct str what = str_of(given->words[0]);

	if (str_eq(what, STR("import")))
		return run_import(app);
	if (str_eq(what, STR("list")) && given->n_words == 1)
		return run_asking(app, true);
	if (str_eq(what, STR("show")) && given->n_words == 2)
		return run_asking(app, false);
	if (str_eq(what, STR("lists")) && given->n_words == 1)
		return run_lists(app, false);
	if (str_eq(what, STR("remove")) && given->n_words == 2)
		return run_lists(app, true);
	return app_usage(
		app, "say 'import FILE…', 'list', 'show PERSON', 'lists' or 'remove LIST'");
}

const struct command command_people = {
	.name = "people",
	.words = "import FILE… | list | show PERSON | lists | remove LIST",
	.summary = "who the people of the case are: read lists of them, show them",
	.help = "Reads lists of people, so that events belong to persons and not to addresses, "
		"which "
		"change\n"
		"hands: users of Microsoft Entra (the portal's CSV, Microsoft Graph's JSON), "
		"Popolo JSON "
		"of\n"
		"parliaments, and plain CSV (spoor-people(5)).  Who is the same in several lists "
		"is "
		"found by\n"
		"ids and sign-in names, never by name.  A list that is imported again takes the "
		"place "
		"of what\n"
		"it was; with --at, each date's is kept, and what changed hands in between is "
		"known.\n"
		"Members of parliaments, candidates, journalists and families are protected: see "
		"--purpose.\n\n"
		"examples:\n"
		"  spoor people import --source entra --at 2024-03-01 users.csv\n"
		"  spoor people import members.json family.csv\n"
		"  spoor people list --at 2019-01-01\n"
		"  spoor people show id:17",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.min_words = 1,
	.run = run,
};
