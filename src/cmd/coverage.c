#include "engine/coverage.h"

#include <stdio.h>

#include "cmd/commands.h"
#include "cmd/progress.h"

static void say_time(struct buf *out, int64_t us)
{
	when_print((struct when){us}, out);
}

static void say_asked(struct buf *out, const struct asked_range *r)
{
	buf_str(out, STR("  asked for "));
	say_time(out, r->from);
	buf_str(out, STR(" to "));
	say_time(out, r->to);
	buf_str(out, STR(": "));
	count_print(out, r->records);
	if (r->counted) {
		buf_str(out, STR(" of "));
		count_print(out, r->count);
	}
	buf_str(out, r->whole ? STR(" records came\n") : STR(" records came, not all\n"));
}

static void say_stream(struct buf *out, const struct stream_coverage *s)
{
	struct buf name = {0};

	stream_name(s->format, s->organisation, &name);
	safe_print(out, buf_view(&name));
	buf_release(&name);
	buf_str(out, STR("  "));
	count_print(out, s->records);
	buf_str(out, STR(" events, "));
	say_time(out, s->first);
	buf_str(out, STR(" to "));
	say_time(out, s->last);
	buf_putc(out, '\n');
	for (size_t i = 0; i < s->gaps.n; i++) {
		buf_str(out, STR("  blind from "));
		say_time(out, s->gaps.at[i].from);
		buf_str(out, STR(" to "));
		say_time(out, s->gaps.at[i].to);
		buf_str(out, STR(": "));
		safe_print(out, s->gaps.at[i].why);
		buf_putc(out, '\n');
	}
	for (size_t i = 0; i < s->asked.n; i++)
		say_asked(out, &s->asked.at[i]);
	if (s->judged && !s->gaps.n)
		buf_str(out, STR("  no gaps\n"));
	for (size_t i = 0; i < s->missing.n; i++) {
		buf_str(out, STR("  "));
		safe_print(out, s->missing.at[i]);
		buf_putc(out, '\n');
	}
}

static int run(struct app *app)
{
	struct folder *f;
	struct snapshot *snap = NULL;
	struct coverage c = {0};
	struct buf out = {0};
	struct jsonw w = jsonw_of(&out);
	struct err err = {0};
	int status = 1;

	if (!app_open(app, false, &f))
		return 1;
	if (!snapshot_open(f, &snap, &err) || !coverage_load(f, snap, &app->arena, &c, &err)) {
		app_fail(app, &err);
		goto done;
	}
	for (size_t i = 0; i < c.streams.n; i++) {
		if (app->json) {
			coverage_json(&c.streams.at[i], &w);
			jsonw_line(&w);
		} else {
			say_stream(&out, &c.streams.at[i]);
		}
	}
	if (!c.streams.n && !app->json)
		buf_str(&out, STR("nothing has been ingested yet: try 'spoor ingest FILE'\n"));
	status = app_print(app, &out) ? 0 : 1;
	coverage_release(&c);
done:
	snapshot_close(snap);
	folder_close(f);
	buf_release(&out);
	return status;
}

const struct command command_coverage = {
	.name = "coverage",
	.words = "",
	.summary = "what the case has, since when, and where it is blind",
	.help = "Lists the streams (a format of one organisation) with their first and last event "
		"and\n"
		"their gaps: times without records that are too long to be chance, times when "
		"logging\n"
		"was throttled, exports that were cut.  A stream with less than 28 days of history "
		"is\n"
		"not judged, unless 'ingest --acquired' said what was asked for.  What would help "
		"to "
		"see\n"
		"more comes last; docs/getting-data.md says how to get it.",
	.run = run,
};
