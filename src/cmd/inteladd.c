/* spoor intel add */
#include "casedb/intel.h"
#include "cmd/caselook.h"
#include "cmd/intelcmd.h"
#include "cmd/progress.h"
#include "cmd/unused.h"
#include "engine/walk.h"
#include "intel/rulelang.h"

#include <stdlib.h>

/* What came of all sources of one `add`. */
struct sums {
	struct app *app;
	uint64_t indicators, patterns, actors, techniques, claims, parties, warninglists;
	uint64_t sightings, sources, hits, rules;
	uint64_t of_source;                /* rules of the source at hand */
	struct str path;                   /* of the source at hand */
	const struct intel_added *at_hand; /* it */
	struct unused unused;
	struct buf out;
	bool all; /* no file failed */
};

static void add_unused(
	struct sums *s, uint32_t member, uint32_t line, struct str what, struct str why)
{
	const struct intel_added *r = s->at_hand;
	struct unused_item item = {.path = s->path,
		.file = member < r->files.n ? r->files.at[member] : STR(""),
		.line = line,
		.what = what,
		.why = why};

	unused_add(&s->unused, &item);
}

/* What is no value, and asked of events as a rule; or what nobody can ask of them yet. */
static bool add_pending(void *arg, const struct indicator *in)
{
	struct sums *s = arg;

	if (in->what != INDICATOR_PENDING)
		return true;
	if (str_ends(in->why, STR(RULE_RUNS)) || str_ends(in->why, STR(RULES_RUN)))
		s->of_source++;
	else
		add_unused(s, in->member, in->line, in->original, in->why);
	return true;
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* How many of a type, each once, in however many files and objects it stands; is: how they begin. */
static uint64_t count_nodes(const struct said *said, enum node_type type, struct str is)
{
	VEC(struct str) ids = {0};
	uint64_t n = 0;

	for (size_t i = 0; i < said->nodes.n; i++) {
		const struct node *node = &said->nodes.at[i];
		if (node->type == type && str_starts(node->is, is))
			*vec_push(&ids) = node->id;
	}
	if (ids.n)
		qsort(ids.at, ids.n, sizeof(*ids.at), by_text);
	for (size_t i = 0; i < ids.n; i++)
		n += i == 0 || !str_eq(ids.at[i], ids.at[i - 1]);
	vec_release(&ids);
	return n;
}

static void say_count(struct buf *out, uint64_t n, const char *what)
{
	if (n == 0)
		return;
	buf_str(out, STR(", "));
	count_print(out, n);
	buf_addf(out, " %s", what);
}

/* What one source has. */
struct holding {
	uint64_t actors, techniques, claims, parties, warninglists;
};

static struct holding holding_of(const struct intel_added *r)
{
	const struct said *said = &r->read.said;

	return (struct holding){
		.actors = count_nodes(said, NODE_ACTOR, STR("")),
		.techniques = count_nodes(said, NODE_TECHNIQUE, STR("")),
		.claims = said->claims.n,
		.parties = said->parties.n,
		.warninglists = count_nodes(said, NODE_OTHER, STR("misp-warninglist:")),
	};
}

static void say_source(struct sums *s, const struct intel_added *r, const struct holding *h)
{
	safe_print(&s->out, s->path);
	if (r->known) {
		buf_str(&s->out, STR(": known already, nothing added\n"));
		return;
	}
	buf_str(&s->out, STR(": "));
	count_print(&s->out, r->indicators);
	buf_str(&s->out, r->role == INTEL_WARNING ? STR(" entries") : STR(" indicators"));
	say_count(&s->out, h->warninglists, "warning lists");
	say_count(&s->out, h->actors, "actors");
	say_count(&s->out, h->techniques, "techniques");
	say_count(&s->out, h->claims, "claims");
	say_count(&s->out, h->parties, "designated parties");
	say_count(&s->out, s->of_source, "rules and patterns that run");
	say_count(&s->out, r->pending - s->of_source, "patterns that can't be matched yet");
	buf_addf(&s->out, ", %llu not used", (unsigned long long)r->skipped);
	if (r->replaced)
		buf_addf(&s->out, " (replaces what it had: %llu new, %llu gone, %llu changed)",
			(unsigned long long)r->swap.new, (unsigned long long)r->swap.gone,
			(unsigned long long)r->swap.changed);
	buf_putc(&s->out, '\n');
}

static bool take(struct sums *s, struct folder *f, const struct intel_added *r, struct err *err)
{
	struct holding h = holding_of(r);

	s->sources++;
	s->at_hand = r;
	s->indicators += r->role == INTEL_WARNING ? 0 : r->indicators;
	s->warninglists += h.warninglists;
	s->patterns += r->pending;
	s->actors += h.actors;
	s->techniques += h.techniques;
	s->claims += h.claims;
	s->parties += h.parties;
	s->of_source = 0;
	bool done = r->known || r->pending == 0 || intel_each(f, r->source, add_pending, s, err);
	s->rules += s->of_source;
	if (!s->app->json)
		say_source(s, r, &h);
	if (r->known)
		return true;
	for (size_t i = 0; i < r->read.skipped.n; i++) {
		const struct skipped *k = &r->read.skipped.at[i];
		add_unused(s, k->member, k->line, k->what, k->why);
	}
	return done;
}

static void failed(struct sums *s, const struct err *err)
{
	app_fail(s->app, err);
	s->all = false;
}

static void add_source(struct sums *s, struct folder *f, const struct str *paths, size_t n,
	const struct intel_options *opt)
{
	struct intel_added r;
	struct err err = {0};

	s->path = n > 1 ? opt->name : paths[0];
	if (!intel_add(f, paths, n, opt, &r, &err)) {
		failed(s, &err);
		return;
	}
	if (!take(s, f, &r, &err))
		failed(s, &err);
	s->at_hand = NULL;
	intel_added_release(&r);
}

/* With a name they are one source; without, each is its own. */
static void add_files(
	struct sums *s, struct folder *f, const struct walk *walk, const struct intel_options *opt)
{
	struct str *paths = arena_array(&s->app->arena, walk->files.n + 1, sizeof(*paths));
	struct err err;
	size_t n = 0;

	for (size_t i = 0; i < walk->files.n; i++) {
		const struct walk_file *file = &walk->files.at[i];
		if (file->not_read.n) {
			err_set(&err, ERR_IO, "'%s': %s", file->path.p, file->not_read.p);
			failed(s, &err);
		} else if (opt->name.n) {
			paths[n++] = file->path;
		} else {
			add_source(s, f, &file->path, 1, opt);
		}
	}
	/* As a whole or not at all. */
	if (n && s->all)
		add_source(s, f, paths, n, opt);
}

static void print_text(struct sums *s)
{
	unused_print(&s->unused, &s->out);
	count_print(&s->out, s->indicators);
	buf_str(&s->out, STR(" indicators; "));
	count_print(&s->out, s->sightings);
	buf_str(&s->out, s->sightings ? STR(" new sightings in history: see 'spoor match'\n")
				      : STR(" new sightings in history\n"));
	if (s->hits) {
		count_print(&s->out, s->hits);
		buf_str(&s->out, STR(" times its rules match history: see 'spoor detect'\n"));
	}
}

static void print_json(struct sums *s)
{
	struct jsonw w = jsonw_of(&s->out);

	jsonw_open(&w, '{');
	jsonw_member_u64(&w, "indicators", s->indicators);
	jsonw_member_u64(&w, "patterns", s->patterns);
	jsonw_member_u64(&w, "rules", s->rules);
	jsonw_member_u64(&w, "actors", s->actors);
	jsonw_member_u64(&w, "techniques", s->techniques);
	jsonw_member_u64(&w, "claims", s->claims);
	jsonw_member_u64(&w, "parties", s->parties);
	jsonw_member_u64(&w, "warninglists", s->warninglists);
	jsonw_member_u64(&w, "sightings", s->sightings);
	jsonw_member_u64(&w, "findings", s->hits);
	jsonw_key(&w, "skipped");
	jsonw_open(&w, '[');
	jsonw_raw(&w, buf_view(&s->unused.out));
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	jsonw_line(&w);
}

static int add(struct app *app, struct folder *f, const struct walk *walk)
{
	struct intel_options opt = intel_cmd_options(app);
	struct progress progress = progress_begin(app->quiet);
	struct watcher watcher = {progress_watch, &progress};
	struct sums s = {.app = app, .all = true};
	struct err err = {0};

	unused_begin(&s.unused, app->json);
	/* One source: it takes the place of an older spoor's, wherever that was installed. */
	if (option_on(app, "knowledge"))
		opt.name = STR("spoor-knowledge");
	opt.later = true;
	opt.watcher = &watcher;
	add_files(&s, f, walk, &opt);
	if (s.sources && !intel_look_back(f, &watcher, &s.sightings, &err))
		failed(&s, &err);
	progress_end(&progress);
	if (s.sources && !case_look(app, f, &s.hits, &err))
		failed(&s, &err);
	if (app->json)
		print_json(&s);
	else
		print_text(&s);
	int status = app_print(app, &s.out) && s.all ? 0 : 1;
	unused_release(&s.unused);
	buf_release(&s.out);
	return status;
}

int intel_cmd_add(struct app *app)
{
	const struct given *given = app_given(app);
	struct walk walk = {0};
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
	for (size_t i = 1; i < given->n_words; i++)
		walk_path(&app->arena, given->words[i], &walk);
	if (pack)
		walk_path(&app->arena, app_knowledge(app), &walk);
	int status = add(app, f, &walk);
	walk_release(&walk);
	folder_close(f);
	return status;
}
