#include "engine/status.h"

#include <stdio.h>

#include "box/client.h"
#include "cmd/commands.h"
#include "cmd/progress.h"

static const struct {
	const char *key, *text;
	size_t at;
	bool bytes;
} lines[] = {
#define LINE(field, text, bytes)                                                                   \
	{                                                                                          \
#field, text, offsetof(struct status, field), bytes                                \
	}
	LINE(sources, "sources", false),
	LINE(records, "records", false),
	LINE(events, "events", false),
	LINE(copies, "copies", false),
	LINE(conflicts, "events whose id has other content too", false),
	LINE(records_without_event, "records without an event", false),
	LINE(observables, "observables", false),
	LINE(distinct, "distinct observables, per segment", false),
	LINE(intel_sources, "intelligence files", false),
	LINE(indicators, "indicators", false),
	LINE(pending, "patterns pending", false),
	LINE(people_lists, "lists of people", false),
	LINE(persons, "persons", false),
	LINE(batches, "batches", false),
	LINE(segments, "segments", false),
	LINE(source_bytes, "sources as given", true),
	LINE(batch_bytes, "evidence on disk", true),
	LINE(segment_bytes, "index on disk", true),
	LINE(index_bytes, "of that, dictionaries and postings", true),
	LINE(journal_lines, "lines in the journal", false),
	LINE(erasures, "erasures", false),
	LINE(free_bytes, "free on the disk", true),
#undef LINE
};

static uint64_t value_of(const struct status *s, size_t at)
{
	uint64_t v;

	memcpy(&v, (const char *)s + at, sizeof(v));
	return v;
}

static void print_json(const struct status *s, struct str box, struct buf *out)
{
	struct jsonw w = jsonw_of(out);

	jsonw_open(&w, '{');
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		jsonw_key(&w, lines[i].key);
		jsonw_u64(&w, value_of(s, lines[i].at));
	}
	jsonw_key(&w, "flaws_by_name");
	jsonw_open(&w, '{');
	for (unsigned i = 0; i < FLAW_CODES; i++) {
		if (!s->flaws[i])
			continue;
		jsonw_key(&w, flaw_name((enum flaw_code)i));
		jsonw_u64(&w, s->flaws[i]);
	}
	jsonw_close(&w, '}');
	jsonw_key(&w, "box");
	jsonw_str(&w, box);
	jsonw_close(&w, '}');
	jsonw_line(&w);
}

static void print_text(const struct status *s, struct str box, struct buf *out)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct buf v = {0};
		if (lines[i].bytes)
			bytes_print(&v, value_of(s, lines[i].at));
		else
			count_print(&v, value_of(s, lines[i].at));
		buf_addf(out, "%18.*s  %s\n", (int)v.n, v.p, lines[i].text);
		buf_release(&v);
	}
	for (unsigned i = 0; i < FLAW_CODES; i++)
		if (s->flaws[i])
			buf_addf(out, "%18llu  flaws %s: %s\n", (unsigned long long)s->flaws[i],
				flaw_name((enum flaw_code)i), flaw_meaning((enum flaw_code)i));
	buf_str(out, STR("hostile bytes are parsed in a box of: "));
	safe_print(out, box);
	buf_putc(out, '\n');
}

/* What keeps the parsers in: asked of a worker that is started for it. */
static struct str box_made_of(struct app *app, struct err *err)
{
	const char *folders[4];
	struct box_options opt = {.formats = folders};
	struct box *box;

	opt.n_formats = app_formats(app, folders);
	if (!box_start(&opt, &box, err))
		return arena_printf(&app->arena, "nothing can be parsed here: %s", err->msg);
	struct str strength = arena_dup(&app->arena, box_strength(box));
	box_stop(box);
	return strength;
}

static int run(struct app *app)
{
	struct folder *f;
	struct snapshot *snap = NULL;
	struct status s;
	struct buf out = {0};
	struct err err = {0};
	int status = 1;

	if (!app_open(app, false, &f))
		return 1;
	if (!snapshot_open(f, &snap, &err) || !status_read(f, snap, &s, &err)) {
		app_fail(app, &err);
	} else {
		struct str box = box_made_of(app, &err);
		if (app->json)
			print_json(&s, box, &out);
		else
			print_text(&s, box, &out);
		status = app_print(app, &out) ? 0 : 1;
	}
	snapshot_close(snap);
	folder_close(f);
	buf_release(&out);
	return status;
}

const struct command command_status = {
	.name = "status",
	.words = "",
	.summary = "what the case holds, how large it is, what was wrong with its sources",
	.help = "Counts what is there: sources, records, events, copies, flaws by kind, bytes; and "
		"says\n"
		"what the box is made of in which hostile bytes are parsed on this machine.",
	.run = run,
};
