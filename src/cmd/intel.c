#include "casedb/intel.h"
#include "cmd/commands.h"
#include "cmd/intelactor.h"
#include "cmd/intelcmd.h"
#include "cmd/progress.h"
#include "engine/markings.h"

static const struct option_spec options[] = {
	{"name", 0, OPTION_TEXT, "NAME",
		"one source of all files, under this name; takes the place of the one before"},
	{"tlp", 0, OPTION_TEXT, "LABEL",
		"marking of what the file marks not: clear, green, amber, amber+strict, red"},
	{"confidence", 0, OPTION_COUNT, "N", "0 to 100, of what says none itself"},
	{"knowledge", 0, OPTION_FLAG, NULL,
		"add what came with spoor: names of groups, and public claims"},
	{"stix", 0, OPTION_FLAG, NULL, "show: the objects as they were given, in one STIX bundle"},
	{"object", 0, OPTION_TEXT, "ID", "the same of one object"},
};

struct intel_options intel_cmd_options(struct app *app)
{
	const char *name = option_text(app, "name"), *tlp = option_text(app, "tlp");

	return (struct intel_options){
		.name = name ? str_of(name) : STR(""),
		.marking = tlp ? arena_printf(&app->arena, "TLP:%s", tlp) : STR(""),
		.confidence =
			option_on(app, "confidence") ? (int)option_count(app, "confidence", 0) : -1,
	};
}

void intel_cmd_value(const struct indicator *in, struct buf *out)
{
	if (in->what == INDICATOR_VALUE)
		observable_text(in->o, out);
	else
		buf_str(out, in->original);
}

struct listing {
	struct app *app;
	struct folder *folder;
	struct buf out;
	struct str name; /* intel show NAME */
	int64_t id;
};

static bool list_source(void *arg, const struct intel_source_row *r)
{
	struct listing *l = arg;
	struct jsonw w = jsonw_of(&l->out);

	if (l->name.n) {
		if (str_eq(l->name, r->name) || str_eq(l->name, r->path))
			l->id = r->id;
		return true;
	}
	if (!l->app->json) {
		safe_print(&l->out, r->name.n ? r->name : r->path);
		buf_addf(&l->out, "  %llu %s, %llu pending, %llu not used, added ",
			(unsigned long long)r->indicators,
			r->role == INTEL_WARNING ? "entries of a warning list" : "indicators",
			(unsigned long long)r->pending, (unsigned long long)r->skipped);
		when_print(r->added, &l->out);
		if (r->gone || r->changed || r->new < r->indicators)
			buf_addf(&l->out, " (%llu new, %llu gone, %llu changed then)",
				(unsigned long long)r->new, (unsigned long long)r->gone,
				(unsigned long long)r->changed);
		buf_putc(&l->out, '\n');
		return true;
	}
	jsonw_open(&w, '{');
	jsonw_member_str(&w, "name", r->name);
	jsonw_member_str(&w, "path", r->path);
	jsonw_member_str(&w, "title", r->title);
	jsonw_member_str(&w, "kind", r->kind);
	jsonw_member_str(&w, "marking", r->marking);
	jsonw_member_u64(&w, "indicators", r->indicators);
	jsonw_member_u64(&w, "pending", r->pending);
	jsonw_member_u64(&w, "skipped", r->skipped);
	jsonw_member_str(
		&w, "role", r->role == INTEL_WARNING ? STR("warninglist") : STR("indicators"));
	jsonw_member_u64(&w, "files", r->files);
	jsonw_member_u64(&w, "new", r->new);
	jsonw_member_u64(&w, "gone", r->gone);
	jsonw_member_u64(&w, "changed", r->changed);
	jsonw_key(&w, "added");
	jsonw_when(&w, r->added);
	jsonw_close(&w, '}');
	jsonw_line(&w);
	return true;
}

static bool show_indicator(void *arg, const struct indicator *in)
{
	static const char *const whats[] = {
		"value", "network", "pending", "substring", "regular expression"};
	struct listing *l = arg;
	struct jsonw w = jsonw_of(&l->out);
	struct buf value = {0};

	if (in->what == INDICATOR_VALUE)
		observable_text(in->o, &value);
	if (l->app->json) {
		jsonw_open(&w, '{');
		jsonw_member_str(&w, "what", str_of(whats[in->what]));
		jsonw_member_str(&w, "indicator", in->original);
		if (in->what == INDICATOR_VALUE) {
			jsonw_member_str(&w, "kind", str_of(kind_name((enum kind)in->o.kind)));
			jsonw_member_str(&w, "value", buf_view(&value));
		}
		jsonw_member_str(&w, "id", in->id);
		jsonw_member_str(&w, "actor", in->actor);
		jsonw_member_str(&w, "context", in->context);
		jsonw_member_str(
			&w, "marking", markings_label(folder_db(l->folder), l->id, in->marking));
		jsonw_member_str(&w, "why", in->why);
		jsonw_member_u64(&w, "line", in->line);
		jsonw_key(&w, "valid_from");
		jsonw_when(&w, in->valid_from);
		jsonw_key(&w, "valid_until");
		jsonw_when(&w, in->valid_until);
		jsonw_key(&w, "revoked");
		jsonw_bool(&w, in->revoked);
		jsonw_close(&w, '}');
		jsonw_line(&w);
	} else {
		safe_print(&l->out, str_upto(in->original, 200));
		if (in->what == INDICATOR_VALUE)
			buf_addf(&l->out, "  (%s)", kind_name((enum kind)in->o.kind));
		if (in->what == INDICATOR_PENDING) {
			buf_str(&l->out, STR("  pending: "));
			safe_print(&l->out, in->why);
		}
		buf_putc(&l->out, '\n');
	}
	buf_release(&value);
	return l->out.n < (1 << 20) || app_print(l->app, &l->out);
}

static bool show_skipped(void *arg, const struct skipped_row *r)
{
	struct listing *l = arg;
	struct jsonw w = jsonw_of(&l->out);

	if (l->app->json) {
		jsonw_open(&w, '{');
		jsonw_member_str(&w, "what", STR("skipped"));
		jsonw_member_str(&w, "indicator", r->what);
		jsonw_member_str(&w, "why", r->why);
		jsonw_member_u64(&w, "line", r->line);
		jsonw_close(&w, '}');
		jsonw_line(&w);
	} else {
		safe_print(&l->out, str_upto(r->what, 200));
		buf_str(&l->out, STR("  not used: "));
		safe_print(&l->out, r->why);
		buf_putc(&l->out, '\n');
	}
	return l->out.n < (1 << 20) || app_print(l->app, &l->out);
}

static int run_list(struct app *app, struct str name)
{
	struct listing l = {.app = app, .name = name};
	struct folder *f;
	struct err err = {0};
	int status = 1;

	if (!app_open(app, false, &f))
		return 1;
	l.folder = f;
	bool done = casedb_intel_source_each(folder_db(f), list_source, &l, &err);
	if (done && name.n && !l.id && intel_show_actor(app, f, name, &status)) {
		folder_close(f);
		return status;
	}
	if (done && name.n && !l.id)
		done = err_set(&err, ERR_USAGE,
			"no intelligence and no actor named '%s'; 'spoor intel list' and 'spoor "
			"intel"
			" actors' list them",
			name.p);
	if (done && name.n)
		done = intel_each(f, l.id, show_indicator, &l, &err) &&
		       casedb_skipped_each(folder_db(f), l.id, show_skipped, &l, &err);
	if (done && !name.n && !l.out.n && !app->json)
		buf_str(&l.out, STR("no intelligence yet: try 'spoor intel add FILE'\n"));
	if (done)
		status = app_print(app, &l.out) ? 0 : 1;
	else
		status = app_fail(app, &err);
	buf_release(&l.out);
	folder_close(f);
	return status;
}

static int run(struct app *app)
{
	const struct given *given = app_given(app);
	const char *what = given->words[0];

	if (strcmp(what, "add") == 0)
		return intel_cmd_add(app);
	if (strcmp(what, "list") == 0 && given->n_words == 1)
		return run_list(app, STR(""));
	bool stix = option_on(app, "stix") || option_on(app, "object");
	if (strcmp(what, "show") == 0 && given->n_words == 2 && stix)
		return intel_cmd_stix(app);
	if (strcmp(what, "show") == 0 && given->n_words == 2)
		return run_list(app, str_of(given->words[1]));
	if (strcmp(what, "remove") == 0)
		return intel_cmd_remove(app);
	if (strcmp(what, "diff") == 0)
		return intel_cmd_diff(app);
	if (strcmp(what, "actors") == 0 && given->n_words == 1)
		return intel_actors(app);
	return app_usage(app, "say 'add PATH…', 'list', 'show NAME', 'actors', 'remove NAME' or "
			      "'diff NAME PATH…'");
}

const struct command command_intel = {
	.name = "intel",
	.words = "add PATH… | add --knowledge | list | show NAME | actors | remove NAME"
		 " | diff NAME PATH…",
	.summary = "load intelligence, list it, show what a source or what all say of an actor",
	.help = "Takes intelligence as it comes: STIX 2.0 and 2.1, CSV, lists and text.  Values "
		"are\n"
		"refanged and typed; what is no value is listed as pending, and what is "
		"no\n"
		"indicator with the reason.  What is new is looked up in all of history at "
		"once.\n\n"
		"examples:\n"
		"  spoor intel add apt31.json iocs/*.csv\n"
		"  spoor intel add --name partner --tlp amber feed.txt\n"
		"  spoor intel diff partner feed-of-today.txt\n"
		"  spoor intel add --knowledge\n"
		"  spoor intel show APT31",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.min_words = 1,
	.run = run,
};
