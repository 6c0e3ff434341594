#include "engine/intel.h"

#include <stdio.h>

#include "casedb/intel.h"
#include "cmd/commands.h"
#include "cmd/progress.h"
#include "engine/walk.h"

static const struct option_spec options[] = {
	{"name", 0, OPTION_TEXT, "NAME", "what to call it; a later file of that name replaces it"},
	{"tlp", 0, OPTION_TEXT, "LABEL",
		"marking of what the file marks not: clear, green, amber, amber+strict, red"},
	{"confidence", 0, OPTION_COUNT, "N", "0 to 100, of what says none itself"},
	{"knowledge", 0, OPTION_FLAG, NULL,
		"add what came with spoor: names of groups, and public claims"},
};

/* What could not be used, from all files of one `add`. */
struct sums {
	uint64_t indicators, patterns, actors, claims, sightings, files;
	struct buf skipped; /* JSON objects, or lines of text */
	struct jsonw w;
};

static void add_unused(
	struct app *app, struct sums *s, struct str path, struct str what, struct str why)
{
	if (app->json) {
		jsonw_open(&s->w, '{');
		jsonw_key(&s->w, "path");
		jsonw_str(&s->w, path);
		jsonw_key(&s->w, "what");
		jsonw_str(&s->w, what);
		jsonw_key(&s->w, "why");
		jsonw_str(&s->w, why);
		jsonw_close(&s->w, '}');
		return;
	}
	buf_str(&s->skipped, STR("  "));
	safe_print(&s->skipped, str_upto(what, 100));
	buf_str(&s->skipped, STR(": "));
	safe_print(&s->skipped, why);
	buf_putc(&s->skipped, '\n');
}

static void take_unused(
	struct app *app, struct sums *s, struct str path, const struct intel_added *r)
{
	for (size_t i = 0; i < r->read.skipped.n; i++)
		add_unused(app, s, path, r->read.skipped.at[i].what, r->read.skipped.at[i].why);
	for (size_t i = 0; i < r->read.indicators.n; i++) {
		const struct indicator *in = &r->read.indicators.at[i];
		if (in->what == INDICATOR_PENDING)
			add_unused(app, s, path, in->original, in->why);
	}
}

static void say_file(struct buf *out, struct str path, const struct intel_added *r)
{
	safe_print(out, path);
	if (r->known) {
		buf_str(out, STR(": known already, nothing added\n"));
		return;
	}
	buf_str(out, STR(": "));
	count_print(out, r->indicators);
	buf_addf(out, " indicators, %llu patterns pending, %llu not used",
		(unsigned long long)r->pending, (unsigned long long)r->skipped);
	if (r->read.said.claims.n)
		buf_addf(out, ", %zu claims", r->read.said.claims.n);
	if (r->replaced)
		buf_addf(out, " (replaces what it had: %llu new, %llu gone)",
			(unsigned long long)r->added, (unsigned long long)r->gone);
	buf_putc(out, '\n');
}

/* The pack's files replace those of an older spoor, wherever that was installed. */
static struct str name_in_pack(struct app *app, struct str path)
{
	const char *slash = strrchr(path.p, '/');

	return arena_printf(&app->arena, "spoor-knowledge:%s", slash ? slash + 1 : path.p);
}

static bool add_files(
	struct app *app, struct folder *f, const struct walk *walk, struct sums *s, struct buf *out)
{
	const char *name = option_text(app, "name"), *tlp = option_text(app, "tlp");
	struct intel_options opt = {
		.name = name ? str_of(name) : STR(""),
		.marking = tlp ? arena_printf(&app->arena, "TLP:%s", tlp) : STR(""),
		.confidence =
			option_on(app, "confidence") ? (int)option_count(app, "confidence", 0) : -1,
		.later = true,
	};
	bool all = true;

	for (size_t i = 0; i < walk->files.n; i++) {
		const struct walk_file *file = &walk->files.at[i];
		struct intel_added r;
		struct err err = {0};
		if (file->not_read.n) {
			err_set(&err, ERR_IO, "'%s': %s", file->path.p, file->not_read.p);
			app_fail(app, &err);
			all = false;
			continue;
		}
		if (option_on(app, "knowledge"))
			opt.name = name_in_pack(app, file->path);
		if (!intel_add(f, file->path.p, &opt, &r, &err)) {
			app_fail(app, &err);
			all = false;
			continue;
		}
		s->files++;
		s->indicators += r.indicators;
		s->patterns += r.pending;
		s->claims += r.read.said.claims.n;
		for (size_t k = 0; k < r.read.said.nodes.n; k++)
			s->actors += r.read.said.nodes.at[k].type == NODE_ACTOR;
		if (!app->json)
			say_file(out, file->path, &r);
		if (!r.known)
			take_unused(app, s, file->path, &r);
		intel_added_release(&r);
	}
	return all;
}

static void print_sums(struct app *app, const struct sums *s, struct buf *out)
{
	struct jsonw w = jsonw_of(out);

	if (!app->json) {
		if (s->skipped.n) {
			buf_str(out, STR("not used, or not yet:\n"));
			buf_str(out, buf_view(&s->skipped));
		}
		count_print(out, s->indicators);
		buf_str(out, STR(" indicators; "));
		count_print(out, s->sightings);
		buf_str(out, s->sightings ? STR(" new sightings in history: see 'spoor match'\n")
					  : STR(" new sightings in history\n"));
		return;
	}
	jsonw_open(&w, '{');
	jsonw_member_u64(&w, "indicators", s->indicators);
	jsonw_member_u64(&w, "patterns", s->patterns);
	jsonw_member_u64(&w, "rules", 0);
	jsonw_member_u64(&w, "actors", s->actors);
	jsonw_member_u64(&w, "claims", s->claims);
	jsonw_member_u64(&w, "warninglists", 0);
	jsonw_member_u64(&w, "sightings", s->sightings);
	jsonw_key(&w, "skipped");
	jsonw_open(&w, '[');
	jsonw_raw(&w, buf_view(&s->skipped));
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	jsonw_line(&w);
}

static int run_add(struct app *app)
{
	const struct given *given = app_given(app);
	struct walk walk = {0};
	struct sums s = {0};
	struct buf out = {0};
	struct folder *f;

	bool pack = option_on(app, "knowledge");
	if (pack && (given->n_words > 1 || option_on(app, "name")))
		return app_usage(app, "--knowledge stands alone");
	if (!pack && given->n_words < 2)
		return app_usage(app, "PATH… is missing");
	if (option_count(app, "confidence", 0) > 100)
		return app_usage(app, "--confidence is from 0 to 100");
	if (!app_open(app, true, &f))
		return 1;
	s.w = jsonw_of(&s.skipped);
	for (size_t i = 1; i < given->n_words; i++)
		walk_path(&app->arena, given->words[i], &walk);
	if (pack)
		walk_path(&app->arena, app_knowledge(app), &walk);
	if (option_on(app, "name") && walk.files.n > 1) {
		folder_close(f);
		walk_release(&walk);
		return app_usage(app, "--name is for one file: each would replace the one before");
	}
	bool all = add_files(app, f, &walk, &s, &out);
	struct err err = {0};
	if (s.files && !intel_look_back(f, &s.sightings, &err)) {
		app_fail(app, &err);
		all = false;
	}
	print_sums(app, &s, &out);
	int status = app_print(app, &out) && all ? 0 : 1;
	walk_release(&walk);
	buf_release(&s.skipped);
	buf_release(&out);
	folder_close(f);
	return status;
}

struct listing {
	struct app *app;
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
		buf_addf(&l->out, "  %llu indicators, %llu pending, %llu not used, added ",
			(unsigned long long)r->indicators, (unsigned long long)r->pending,
			(unsigned long long)r->skipped);
		when_print(r->added, &l->out);
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
	jsonw_key(&w, "added");
	jsonw_when(&w, r->added);
	jsonw_close(&w, '}');
	jsonw_line(&w);
	return true;
}

static bool show_indicator(void *arg, uint32_t id, int64_t source, const struct indicator *in)
{
	static const char *const whats[] = {"value", "network", "pending"};
	struct listing *l = arg;
	struct jsonw w = jsonw_of(&l->out);
	struct buf value = {0};

	(void)id;
	(void)source;
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
		jsonw_member_str(&w, "marking", in->marking);
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

static int run_list(struct app *app, struct str name)
{
	struct listing l = {.app = app, .name = name};
	struct folder *f;
	struct err err = {0};
	int status = 1;

	if (!app_open(app, false, &f))
		return 1;
	bool done = casedb_intel_source_each(folder_db(f), list_source, &l, &err);
	if (done && name.n && !l.id)
		done = err_set(&err, ERR_USAGE,
			"no intelligence named '%s'; 'spoor intel list' lists it", name.p);
	if (done && name.n)
		done = casedb_indicator_each(folder_db(f), l.id, show_indicator, &l, &err);
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
		return run_add(app);
	if (strcmp(what, "list") == 0 && given->n_words == 1)
		return run_list(app, STR(""));
	if (strcmp(what, "show") == 0 && given->n_words == 2)
		return run_list(app, str_of(given->words[1]));
	return app_usage(app, "say 'add PATH…', 'list' or 'show NAME'");
}

const struct command command_intel = {
	.name = "intel",
	.words = "add PATH… | add --knowledge | list | show NAME",
	.summary = "load indicators, list them, show what one file said",
	.help = "Takes intelligence as it comes: STIX 2.0 and 2.1, CSV, lists and text.  Values "
		"are\n"
		"refanged and typed; what can't be matched yet is listed as pending, and what is "
		"no\n"
		"indicator with the reason.  What is new is looked up in all of history at "
		"once.\n\n"
		"examples:\n"
		"  spoor intel add apt31.json iocs/*.csv\n"
		"  spoor intel add --name partner --tlp amber feed.txt\n"
		"  spoor intel add --knowledge",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.min_words = 1,
	.run = run,
};
