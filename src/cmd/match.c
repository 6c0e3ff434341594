#include <stdio.h>
#include <stdlib.h>

#include "cmd/actorprint.h"
#include "cmd/commands.h"
#include "cmd/hits.h"
#include "cmd/intelcmd.h"
#include "cmd/judged.h"
#include "cmd/progress.h"
#include "engine/coverage.h"
#include "engine/markings.h"
#include "engine/sight.h"
#include "engine/versions.h"

static const struct option_spec options[] = {
	{"since", 0, OPTION_TIME, "TIME", "only what was seen in events at that time or later"},
};

struct asking {
	struct app *app;
	struct folder *folder;
	struct snapshot *snap;
	struct intel_set set;
	struct expressions expressions;
	struct actors actors; /* for JSON alone */
	struct buf out;
	uint64_t shown;
};

/* One that was met, and its source. */
struct met {
	const struct intel_file *source;
	struct indicator in;
	struct str marking;
	struct judged judged;
	struct newer_version newer;
};

/* What another file has since said of the same object, or null. */
static void json_newer(const struct asking *q, const struct newer_version *v, struct jsonw *w)
{
	const struct intel_file *file = intel_set_find(&q->set, v->source);

	if (!file) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_member_str(w, "source", file->name);
	jsonw_key(w, "modified");
	jsonw_when(w, v->modified);
	jsonw_key(w, "revoked");
	jsonw_bool(w, v->revoked);
	jsonw_close(w, '}');
}

static void print_newer(struct asking *q, const struct newer_version *v)
{
	const struct intel_file *file = intel_set_find(&q->set, v->source);

	if (!file)
		return;
	buf_str(&q->out, STR("  "));
	safe_print(&q->out, file->name);
	buf_str(&q->out, v->revoked ? STR(" revokes it, ") : STR(" has a newer version of it, "));
	when_print(v->modified, &q->out);
	buf_putc(&q->out, '\n');
}

static void print_json(
	struct asking *q, const struct found *f, const struct met *m, struct str value)
{
	const struct indicator *in = &m->in;
	struct jsonw w = jsonw_of(&q->out);

	jsonw_open(&w, '{');
	jsonw_member_str(&w, "indicator", in->original);
	jsonw_member_str(&w, "value", value);
	jsonw_member_str(&w, "kind", str_of(kind_name((enum kind)f->o.kind)));
	jsonw_member_str(&w, "how", str_of(how_name((enum how)f->how)));
	jsonw_member_u64(&w, "count", f->count);
	jsonw_member_when(&w, "first", f->first);
	jsonw_member_when(&w, "last", f->last);
	jsonw_member_str(&w, "actor", in->actor);
	actor_groups_json(&q->actors, in->actor, &w);
	jsonw_member_str(&w, "source", m->source->name);
	jsonw_member_str(&w, "marking", m->marking);
	jsonw_member_str(&w, "context", in->context);
	jsonw_key(&w, "newer");
	json_newer(q, &m->newer, &w);
	judged_json(&m->judged, &w);
	hits_json_events(q->snap, f, &w);
	jsonw_close(&w, '}');
	jsonw_line(&w);
}

static void print_text(
	struct asking *q, const struct found *f, const struct met *m, struct str value)
{
	const struct indicator *in = &m->in;

	safe_print(&q->out, in->original);
	buf_addf(&q->out, "  (%s)", how_name((enum how)f->how));
	if (!str_eq(value, in->original)) {
		buf_str(&q->out, STR("  as "));
		safe_print(&q->out, value);
	}
	buf_str(&q->out, STR("  "));
	count_print(&q->out, f->count);
	buf_str(&q->out, f->count == 1 ? STR(" event") : STR(" events"));
	if (f->first != INT64_MIN) {
		buf_str(&q->out, STR(", "));
		when_print((struct when){f->first}, &q->out);
		buf_str(&q->out, STR(" to "));
		when_print((struct when){f->last}, &q->out);
	}
	buf_str(&q->out, STR("\n  said by "));
	safe_print(&q->out, m->source->name);
	if (in->actor.n) {
		buf_str(&q->out, STR(", of "));
		safe_print(&q->out, in->actor);
	}
	if (in->context.n) {
		buf_str(&q->out, STR(": "));
		safe_print(&q->out, str_upto(in->context, 160));
	}
	buf_putc(&q->out, '\n');
	print_newer(q, &m->newer);
	judged_text(&m->judged, &q->out);
}

static bool print_sight(struct asking *q, uint32_t number, const struct sight *s, struct err *err)
{
	const struct intel_file *file = &q->set.at.at[s->source];
	struct indicators_reader r = {.in = &file->in};
	struct met m = {.source = file};
	struct buf value = {0}, own = {0};

	if (!indicators_at(&r, s->ordinal, &m.in))
		return err_set(err, ERR_CASE,
			"the indicators of '" STR_FMT "' are damaged: "
			"see `spoor fsck`",
			STR_ARG(file->name));
	if (!versions_newer(folder_db(q->folder), file->id, m.in.member, m.in.id, &m.newer, err))
		return false;
	m.marking = m.in.marking.n ? markings_label(folder_db(q->folder), file->id, m.in.marking)
				   : file->marking;
	if (!m.in.original.n) {
		intel_cmd_value(&m.in, &own);
		m.in.original = buf_view(&own);
	}
	struct arena a = {0};
	struct judge_sight sight = {file, &m.in, &s->found, &q->expressions, number};
	if (!judge(q->folder, &a, &q->set, &sight, &m.judged, err)) {
		arena_release(&a);
		buf_release(&own);
		return false;
	}
	observable_text(s->found.o, &value);
	if (q->app->json)
		print_json(q, &s->found, &m, buf_view(&value));
	else
		print_text(q, &s->found, &m, buf_view(&value));
	q->shown++;
	bool done = q->out.n < (1 << 20) || app_print(q->app, &q->out);
	judged_release(&m.judged);
	arena_release(&a);
	buf_release(&value);
	buf_release(&own);
	return done;
}

static void say_none(struct asking *q)
{
	struct coverage c = {0};
	struct err err = {0};

	buf_str(&q->out, STR("no indicator was seen\n"));
	if (!coverage_load(q->folder, q->snap, &q->app->arena, &c, &err))
		return;
	for (size_t i = 0; i < c.streams.n; i++) {
		buf_str(&q->out, STR("  looked in "));
		const struct stream_coverage *st = &c.streams.at[i];
		stream_name(st->format, st->organisation, &q->out);
		buf_addf(&q->out, ", with %zu gaps\n", st->gaps.n);
	}
	coverage_release(&c);
}

/* All that was met, by the lists that have regular expressions, in one box. */
static bool ask_expressions(struct asking *q, const struct sights *sights, struct err *err)
{
	struct arena a = {0};
	struct str *values = arena_array(&a, sights->at.n + 1, sizeof(*values));

	for (size_t i = 0; i < sights->at.n; i++) {
		struct buf text = {0};
		observable_text(sights->at.at[i].found.o, &text);
		values[i] = arena_dup(&a, buf_view(&text));
		buf_release(&text);
	}
	bool done = expressions_ask(&q->set, values, sights->at.n, NULL, &q->expressions, err);
	arena_release(&a);
	return done;
}

static bool match_all(struct asking *q, struct err *err)
{
	struct when since = option_time(q->app, "since");
	struct sights sights = {0};
	bool done = true;

	if (!intel_set_open(q->folder, &q->set, err))
		return false;
	if (q->app->json)
		done = actors_load(folder_db(q->folder), &q->actors, err);
	if (done)
		sight_snapshot(&q->set, q->snap, &sights);
	done = done && ask_expressions(q, &sights, err);
	for (size_t i = 0; done && i < sights.at.n; i++)
		if (!when_known(since) || sights.at.at[i].found.last >= since.us)
			done = print_sight(q, (uint32_t)i, &sights.at.at[i], err);
	if (done && !q->shown && !q->app->json)
		say_none(q);
	sights_release(&sights);
	expressions_release(&q->expressions);
	actors_release(&q->actors);
	intel_set_close(&q->set);
	return done && app_print(q->app, &q->out);
}

static int run(struct app *app)
{
	struct asking q = {.app = app};
	struct err err = {0};
	int status = 1;

	if (!app_open(app, false, &q.folder))
		return 1;
	if (snapshot_open(q.folder, &q.snap, &err) && match_all(&q, &err))
		status = 0;
	else
		app_fail(app, &err);
	snapshot_close(q.snap);
	folder_close(q.folder);
	buf_release(&q.out);
	return status;
}

const struct command command_match = {
	.name = "match",
	.words = "",
	.summary = "all indicators against all of history",
	.help = "Joins everything that 'spoor intel add' brought with everything that was "
		"ingested, and\n"
		"lists what was met: which value, how (the value itself, a name below it, a URL on "
		"it, an\n"
		"address in the network), how often, first and last, and who says that it is "
		"bad.\n\n"
		"example:\n"
		"  spoor match --since 2021-01-01 --json",
	.options = options,
	.n_options = 1,
	.run = run,
};
