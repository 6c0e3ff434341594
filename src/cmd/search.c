#include "engine/search.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "cmd/commands.h"
#include "cmd/hits.h"
#include "cmd/progress.h"
#include "cmd/purpose.h"
#include "engine/coverage.h"
#include "engine/normalise.h"
#include "engine/render.h"

static const struct option_spec options[] = {
	{"file", 'f', OPTION_TEXT, "FILE", "values to look up, one a line ('-': standard input)"},
	{"events", 0, OPTION_FLAG, NULL, "print the events themselves, one JSON object a line"},
	{"kind", 'k', OPTION_TEXT, "KIND",
		"take the values for this kind only (ip, domain, account, …)"},
	{"exact", 0, OPTION_FLAG, NULL, "only the value itself: no subdomains, no URLs of a host"},
	{"cases", 0, OPTION_TEXT, "DIR", "ask every case in DIR instead of one"},
};

/* What is constant from value to value. */
struct asking {
	struct app *app;
	struct folder *folder;
	struct snapshot *snap;
	struct coverage coverage;
	struct renderer *renderer;
	struct str case_name; /* with --cases, else "" */
	bool has_kind;
	enum kind kind;
	struct buf *out;
};

static void json_streams(struct asking *q, struct jsonw *w, const struct found *f)
{
	struct stream_set set = {0};
	struct buf name = {0};

	if (f)
		found_streams(q->snap, f, &set);
	jsonw_key(w, "streams");
	jsonw_open(w, '[');
	for (size_t i = 0; i < set.at.n; i++) {
		buf_clear(&name);
		stream_name(set.at.at[i].format, set.at.at[i].organisation, &name);
		jsonw_str(w, buf_view(&name));
	}
	jsonw_close(w, ']');
	buf_release(&name);
	stream_set_release(&set);
}

/* One line: a value that was found, or (found NULL) one that was not. */
static void json_line(
	struct asking *q, struct str asked, struct observable o, const struct found *f)
{
	struct jsonw w = jsonw_of(q->out);
	struct buf value = {0};

	observable_text(o, &value);
	jsonw_open(&w, '{');
	if (q->case_name.n) {
		jsonw_member_str(&w, "case", q->case_name);
	}
	jsonw_member_str(&w, "asked", asked);
	jsonw_key(&w, "kind");
	jsonw_text(&w, kind_name((enum kind)o.kind));
	jsonw_member_str(&w, "value", buf_view(&value));
	jsonw_key(&w, "how");
	if (f)
		jsonw_text(&w, how_name((enum how)f->how));
	else
		jsonw_null(&w);
	jsonw_member_u64(&w, "count", f ? f->count : 0);
	jsonw_member_when(&w, "first", f ? f->first : INT64_MIN);
	jsonw_member_when(&w, "last", f ? f->last : INT64_MIN);
	json_streams(q, &w, f);
	hits_json_events(q->snap, f, &w);
	jsonw_key(&w, "blind");
	coverage_blind(&q->coverage, INT64_MIN, INT64_MAX, &w);
	jsonw_close(&w, '}');
	jsonw_line(&w);
	buf_release(&value);
}

static void text_streams(struct asking *q, const struct found *f)
{
	struct stream_set set = {0};

	found_streams(q->snap, f, &set);
	for (size_t i = 0; i < set.at.n; i++) {
		struct buf name = {0};
		stream_name(set.at.at[i].format, set.at.at[i].organisation, &name);
		buf_str(q->out, i ? STR(", ") : STR("  in "));
		safe_print(q->out, buf_view(&name));
		buf_release(&name);
	}
	if (set.at.n)
		buf_putc(q->out, '\n');
	stream_set_release(&set);
}

static void text_line(struct asking *q, const struct found *f)
{
	struct buf value = {0};

	observable_text(f->o, &value);
	if (q->case_name.n) {
		safe_print(q->out, q->case_name);
		buf_str(q->out, STR(": "));
	}
	safe_print(q->out, buf_view(&value));
	buf_addf(q->out, "  (%s, %s)  ", kind_name((enum kind)f->o.kind),
		how_name((enum how)f->how));
	count_print(q->out, f->count);
	buf_str(q->out, f->count == 1 ? STR(" event") : STR(" events"));
	if (f->first != INT64_MIN) {
		buf_str(q->out, STR(", "));
		when_print((struct when){f->first}, q->out);
		if (f->last != f->first) {
			buf_str(q->out, STR(" to "));
			when_print((struct when){f->last}, q->out);
		}
	}
	buf_putc(q->out, '\n');
	text_streams(q, f);
	buf_release(&value);
}

static void text_blind(struct asking *q)
{
	size_t gaps = 0;

	for (size_t i = 0; i < q->coverage.streams.n; i++) {
		const struct stream_coverage *s = &q->coverage.streams.at[i];
		struct buf name = {0};
		stream_name(s->format, s->organisation, &name);
		buf_str(q->out, STR("  seen only in "));
		safe_print(q->out, buf_view(&name));
		buf_release(&name);
		if (s->first != INT64_MIN) {
			buf_str(q->out, STR(", "));
			when_print((struct when){s->first}, q->out);
			buf_str(q->out, STR(" to "));
			when_print((struct when){s->last}, q->out);
		}
		if (s->gaps.n)
			buf_addf(q->out, ", with %zu gaps", s->gaps.n);
		buf_putc(q->out, '\n');
		gaps += s->gaps.n;
	}
	if (q->coverage.streams.n == 0)
		buf_str(q->out, STR("  nothing has been ingested yet\n"));
	if (gaps)
		buf_str(q->out, STR("  ('spoor coverage' lists the gaps)\n"));
}

static bool print_events(struct asking *q, const struct answer *answer, bool exact, struct err *err)
{
	struct events_at ev = {0};
	bool done = true;

	for (size_t i = 0; i < answer->found.n; i++)
		if (!exact || answer->found.at[i].how == HOW_EXACT)
			found_events(q->snap, &answer->found.at[i], SIZE_MAX, &ev);
	events_sort(&ev);
	for (size_t i = 0; i < ev.at.n && done; i += 4096) {
		size_t n = ev.at.n - i < 4096 ? ev.at.n - i : 4096;
		done = render_events(q->renderer, ev.at.at + i, n, q->out, err) &&
		       app_print(q->app, q->out);
	}
	vec_release(&ev.at);
	return done;
}

static void print_answer(struct asking *q, struct str asked, struct observable likely,
	const struct answer *answer, bool exact)
{
	size_t shown = 0;

	for (size_t i = 0; i < answer->found.n; i++) {
		const struct found *f = &answer->found.at[i];
		if (exact && f->how != HOW_EXACT && f->how != HOW_CIDR)
			continue;
		shown++;
		if (q->app->json)
			json_line(q, asked, f->o, f);
		else
			text_line(q, f);
	}
	if (shown)
		return;
	if (q->app->json) {
		json_line(q, asked, likely, NULL);
		return;
	}
	safe_print(q->out, asked);
	buf_str(q->out, STR("  never seen\n"));
	text_blind(q);
}

/* A record's own id is no entry of a dictionary; what it finds is one event. */
static bool print_record(struct asking *q, struct str asked, struct err *err)
{
	struct events_at ev = {0};
	bool done = true;

	search_record_id(q->snap, asked, &ev);
	for (size_t i = 0; i < ev.at.n && done; i++) {
		struct found_in none = {0};
		struct found f = {.how = HOW_RECORD_ID,
			.count = 1,
			.first = ev.at.at[i].time,
			.last = ev.at.at[i].time,
			.in = &none,
			.n_in = 0,
			.o = {KIND_RECORD_ID, FORM_TEXT, asked}};
		if (option_on(q->app, "events"))
			done = render_events(q->renderer, &ev.at.at[i], 1, q->out, err);
		else if (q->app->json)
			json_line(q, asked, f.o, &f);
		else
			text_line(q, &f);
	}
	vec_release(&ev.at);
	return done;
}

static bool ask(struct asking *q, struct str asked, struct err *err)
{
	struct typed types[VALUES_MAX];
	struct answer answer = {0};
	uint8_t from[16], to[16];
	bool exact = option_on(q->app, "exact"), done = true;

	if (value_network(asked, from, to)) {
		search_range(q->snap, from, to, &answer);
		for (size_t i = 0; i < answer.found.n; i++)
			answer.found.at[i].how = HOW_CIDR;
		types[0] = (struct typed){{KIND_IP, FORM_TEXT, asked}, true};
	} else {
		size_t n = 0;
		if (!normalise_value(&q->app->arena, asked, types, &n, err))
			return false;
		if (q->has_kind) {
			size_t kept = 0;
			for (size_t i = 0; i < n; i++)
				if (types[i].o.kind == q->kind)
					types[kept++] = types[i];
			n = kept;
		}
		if (!n)
			types[0] = (struct typed){
				{(uint8_t)(q->has_kind ? q->kind : KIND_ACCOUNT), FORM_TEXT, asked},
				false};
		if (!purpose_allows(q->app, q->folder, types, n))
			return err_set(err, ERR_NONE, "no purpose");
		search_types(q->snap, types, n, &answer);
	}
	size_t before = q->out->n;
	if (!q->has_kind || q->kind == KIND_RECORD_ID)
		done = print_record(q, asked, err);
	if (done && option_on(q->app, "events"))
		done = print_events(q, &answer, exact, err);
	else if (done && (answer.found.n || q->out->n == before))
		print_answer(q, asked, types[0].o, &answer, exact);
	answer_release(&answer);
	return done && app_print(q->app, q->out);
}

static bool ask_file(struct asking *q, const char *path, struct err *err)
{
	struct buf text = {0};
	bool done = true;

	if (!file_read(AT_FDCWD, strcmp(path, "-") ? path : "/dev/stdin", LIMIT_INTEL_BYTES, &text,
		    err))
		return false;
	struct str left = buf_view(&text);
	while (done && left.n) {
		struct str line = str_trim(str_cut(&left, '\n'));
		if (line.n)
			done = ask(q, line, err);
	}
	buf_release(&text);
	return done;
}

static bool ask_all(struct asking *q, struct err *err)
{
	const struct given *given = app_given(q->app);
	const char *file = option_text(q->app, "file");

	for (size_t i = 0; i < given->n_words; i++)
		if (!ask(q, str_of(given->words[i]), err))
			return false;
	return !file || ask_file(q, file, err);
}

static int ask_case(struct asking *q)
{
	struct app *app = q->app;
	struct err err = {0};
	const char *folders[4];
	struct box_options box = {.formats = folders};
	int status = 1;

	if (!app_open(app, false, &q->folder))
		return 1;
	box.n_formats = app_formats(app, folders);
	app_own_hosts(q->folder, &box);
	if (!snapshot_open(q->folder, &q->snap, &err) ||
		!coverage_load(q->folder, q->snap, &app->arena, &q->coverage, &err)) {
		status = app_fail(app, &err);
		goto out;
	}
	q->renderer = renderer_new(q->snap, &box);
	status = 0;
	if (!ask_all(q, &err))
		status = err.code ? app_fail(app, &err) : 1;
	renderer_free(q->renderer);
	coverage_release(&q->coverage);
out:
	snapshot_close(q->snap);
	folder_close(q->folder);
	q->snap = NULL;
	q->folder = NULL;
	return status;
}

static int run(struct app *app)
{
	struct buf out = {0};
	struct asking q = {.app = app, .out = &out};
	const char *kind = option_text(app, "kind"), *cases = option_text(app, "cases");
	int status = 0;

	if (kind && !kind_by_name(str_of(kind), &q.kind))
		return app_usage(app, "'%s' is no kind of observable", kind);
	q.has_kind = kind != NULL;
	if (!app_given(app)->n_words && !option_text(app, "file"))
		return app_usage(app, "VALUE… is missing (or --file FILE)");
	if (!cases) {
		status = ask_case(&q);
	} else {
		struct str *paths;
		size_t n = app_cases(app, cases, &paths);
		for (size_t i = 0; i < n; i++) {
			app->case_path = paths[i].p;
			q.case_name = paths[i];
			q.coverage = (struct coverage){0};
			if (ask_case(&q))
				status = 1;
		}
		if (!n)
			status = app_usage(app, "no case in '%s'", cases);
	}
	buf_release(&out);
	return status;
}

const struct command command_search = {
	.name = "search",
	.words = "VALUE…",
	.summary = "every use of a value, ever, and where the case was blind",
	.help = "Looks values up in all of history: addresses, domains, URLs, mail addresses, "
		"accounts,\n"
		"sessions, hashes, user agents, message ids, networks (192.0.2.0/24), records' own "
		"ids …\n"
		"Defanged spellings are undone.  A domain also finds what is below it, mail "
		"addresses at\n"
		"it and URLs on it; each answer says how.  A value that was never seen comes with "
		"the\n"
		"streams and times in which it could have been.\n\n"
		"examples:\n"
		"  spoor search 203.0.113.7 evil.example\n"
		"  spoor search --events hxxps://evil[.]example/login\n"
		"  spoor search -f iocs.txt --json",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.run = run,
};
