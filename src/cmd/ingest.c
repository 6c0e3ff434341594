#include "engine/ingest.h"

#include <fcntl.h>
#include <stdio.h>

#include "base/file.h"
#include "base/limits.h"
#include "cmd/caselook.h"
#include "cmd/commands.h"
#include "cmd/progress.h"
#include "engine/acquired.h"
#include "engine/again.h"
#include "engine/caserules.h"
#include "engine/coverage.h"
#include "engine/live.h"

static const struct option_spec options[] = {
	{"as", 0, OPTION_TEXT, "FORMAT",
		"take the records for this format, whatever they look like"},
	{"acquired", 0, OPTION_TEXT, "FILE",
		"JSON that says how the source was acquired: who, tool, query, when"},
	{"jobs", 'j', OPTION_COUNT, "N", "workers (default: one a core)"},
	{"no-merge", 0, OPTION_FLAG, NULL, "leave merging of segments to a later run"},
};

static void draw(void *arg, const struct ingest_progress *p)
{
	progress_draw(arg, p->path ? p->path : "", p->bytes, p->bytes_total);
}

static void json_source(struct jsonw *w, const struct ingested *s)
{
	char hex[65];

	jsonw_open(w, '{');
	jsonw_member_str(w, "path", s->path);
	if (s->not_read.n) {
		jsonw_member_str(w, "not_read", s->not_read);
		jsonw_close(w, '}');
		return;
	}
	jsonw_member_str(w, "format", s->format);
	sha256_hex(s->sha256, hex);
	jsonw_key(w, "sha256");
	jsonw_text(w, hex);
	jsonw_key(w, "known");
	jsonw_bool(w, s->facts.known);
	jsonw_member_u64(w, "records", s->facts.records);
	jsonw_member_u64(w, "events", s->facts.events);
	jsonw_member_u64(w, "duplicates", s->facts.copies);
	jsonw_member_u64(w, "flaws", s->facts.flaws);
	jsonw_member_when(w, "first", s->first);
	jsonw_member_when(w, "last", s->last);
	jsonw_close(w, '}');
}

static void print_json(
	const struct ingest *in, const struct live *live, uint64_t hits, struct buf *out)
{
	struct jsonw w = jsonw_of(out);

	jsonw_open(&w, '{');
	jsonw_member_u64(&w, "records", in->records);
	jsonw_member_u64(&w, "events", in->events);
	jsonw_member_u64(&w, "observables", in->observables);
	jsonw_member_u64(&w, "distinct_observables", in->distinct);
	jsonw_member_u64(&w, "duplicates", in->copies);
	jsonw_member_u64(&w, "flaws", in->flaws);
	jsonw_member_u64(&w, "bytes", in->bytes);
	jsonw_key(&w, "seconds");
	jsonw_f64(&w, in->seconds);
	jsonw_member_u64(&w, "acquired_again", in->again);
	jsonw_member_u64(&w, "sightings", live->sightings);
	jsonw_member_u64(&w, "findings", hits);
	jsonw_key(&w, "sources");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < in->sources.n; i++)
		json_source(&w, &in->sources.at[i]);
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	jsonw_line(&w);
}

static void say_span(struct buf *out, int64_t first, int64_t last)
{
	if (first == INT64_MIN)
		return;
	buf_str(out, STR(", "));
	when_print((struct when){first}, out);
	buf_str(out, STR(" to "));
	when_print((struct when){last}, out);
}

static void say_source(struct buf *out, const struct ingested *s)
{
	safe_print(out, s->path);
	if (s->not_read.n) {
		buf_str(out, STR(": not read: "));
		safe_print(out, s->not_read);
	} else if (s->facts.known) {
		buf_str(out, STR(": known already, nothing added"));
	} else {
		buf_str(out, STR(": "));
		safe_print(out, s->format.n  ? s->format
				: s->archive ? STR("archive")
					     : STR("no known format"));
		buf_str(out, STR(", "));
		count_print(out, s->facts.records);
		buf_str(out, STR(" records, "));
		count_print(out, s->facts.new_events);
		buf_str(out, STR(" new events"));
		if (s->facts.copies) {
			buf_str(out, STR(", "));
			count_print(out, s->facts.copies);
			buf_str(out, STR(" copies"));
		}
		if (s->facts.flaws) {
			buf_str(out, STR(", "));
			count_print(out, s->facts.flaws);
			buf_str(out, STR(" flaws"));
		}
		say_span(out, s->first, s->last);
	}
	buf_putc(out, '\n');
}

static void print_text(
	const struct ingest *in, const struct live *live, uint64_t hits, struct buf *out)
{
	for (size_t i = 0; i < in->sources.n; i++)
		say_source(out, &in->sources.at[i]);
	count_print(out, in->records);
	buf_str(out, STR(" records, "));
	count_print(out, in->events);
	buf_str(out, STR(" new events, "));
	count_print(out, in->observables);
	buf_str(out, STR(" observables in "));
	buf_addf(out, "%.1f s (", in->seconds);
	bytes_print(out, in->bytes);
	buf_str(out, STR(")\n"));
	if (in->again) {
		count_print(out, in->again);
		buf_str(out, STR(" known sources: it is kept that they came again, and how\n"));
	}
	if (live->sightings) {
		count_print(out, live->sightings);
		buf_str(out, STR(" known indicators are in it: see 'spoor match'\n"));
	}
	if (in->without_rules) {
		count_print(out, in->without_rules);
		buf_str(out,
			STR(" batches of mail could not be held against YARA rules, which end the "
			    "worker on it\n"));
	}
	if (hits) {
		count_print(out, hits);
		buf_str(out, STR(" times the case's rules match it: see 'spoor detect'\n"));
	}
}

static bool read_acquired(struct app *app, struct str *ret_json, struct err *err)
{
	const char *path = option_text(app, "acquired");
	struct buf text = {0};
	struct acquired acquired;

	if (!path)
		return true;
	if (!file_read(AT_FDCWD, path, LIMIT_PREAMBLE_BYTES, &text, err))
		return false;
	struct str s = str_trim(buf_view(&text));
	/* Nothing at all is no JSON either. */
	bool good = acquired_parse(&app->arena, s.n ? s : STR(" "), &acquired, err);
	if (good)
		*ret_json = arena_dup(&app->arena, s);
	else
		err_in(err, "'%s'", path);
	buf_release(&text);
	return good;
}

static int finish(struct app *app, struct folder *f, struct ingest *in)
{
	struct err err = {0};
	struct buf out = {0};
	struct live live = {0};

	uint64_t hits;

	if (!live_update(f, &app->arena, in, &live, &err) || !case_look(app, f, &hits, &err))
		return app_fail(app, &err);
	if (app->json)
		print_json(in, &live, hits, &out);
	else
		print_text(in, &live, hits, &out);
	bool done = app_print(app, &out) && !in->not_read;
	buf_release(&out);
	return done ? 0 : 1;
}

static int run(struct app *app)
{
	const struct given *given = app_given(app);
	const char *folders[4], *as = option_text(app, "as");
	struct progress progress = progress_begin(app->quiet);
	struct ingest_options opt = {
		.as = as ? str_of(as) : STR(""),
		.jobs = (unsigned)option_count(app, "jobs", 0),
		.no_merge = option_on(app, "no-merge"),
		.progress = draw,
		.arg = &progress,
	};
	struct ingest in = {0};
	struct walk walk = {0};
	struct folder *f;
	struct err err = {0};

	if (!read_acquired(app, &opt.acquired, &err))
		return app_fail(app, &err);
	if (!app_open(app, true, &f))
		return 1;
	opt.n_formats = app_formats(app, folders);
	opt.formats = folders;
	for (size_t i = 0; i < given->n_words; i++)
		walk_path(&app->arena, given->words[i], &walk);
	struct case_rules rules = {0};
	bool known = case_rules_read(f, &rules, &err);
	if (rules.n_yara)
		opt.rules = buf_view(&rules.files);
	bool done = known && ingest_run(f, &app->arena, &walk, &opt, &in, &err) &&
		    ingest_again(f, &in, opt.acquired, &in.again, &err);
	case_rules_release(&rules);
	progress_end(&progress);
	int status = done ? finish(app, f, &in) : app_fail(app, &err);
	ingest_release(&in);
	walk_release(&walk);
	folder_close(f);
	return status;
}

const struct command command_ingest = {
	.name = "ingest",
	.words = "PATH…",
	.summary = "read logs into the case",
	.help = "Reads files, folders with all that is in them, or standard input (-), whatever "
		"they are:\n"
		"the content decides which format it is.  gzip and zstd are undone.  The bytes are "
		"kept\n"
		"as evidence; ingesting a file again adds nothing.  A source becomes visible as a "
		"whole.\n"
		"What is broken in a record is noted as a flaw, and the rest is kept.\n\n"
		"examples:\n"
		"  spoor ingest AuditLog_2021.csv\n"
		"  spoor ingest /exports/cloudtrail/\n"
		"  zcat old.json.gz | spoor ingest -",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.min_words = 1,
	.run = run,
};
