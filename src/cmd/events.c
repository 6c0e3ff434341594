#include <stdio.h>

#include "cmd/commands.h"
#include "cmd/progress.h"
#include "cmd/purpose.h"
#include "engine/normalise.h"
#include "engine/render.h"
#include "engine/timeline.h"

static const struct option_spec options[] = {
	{"account", 'a', OPTION_TEXT, "VALUE", "events of this account or mail address"},
	{"from", 0, OPTION_TIME, "TIME", "not before (RFC 3339)"},
	{"to", 0, OPTION_TIME, "TIME", "before (RFC 3339)"},
	{"action", 0, OPTION_TEXT, "ACTION", "events with this event.action, e.g. New-InboxRule"},
	{"format", 0, OPTION_TEXT, "FORMAT", "events of this format, e.g. m365-ual"},
	{"count", 0, OPTION_FLAG, NULL, "how many they are, not which"},
};

enum { AT_ONCE = 4096 };

struct asking {
	struct app *app;
	struct folder *folder;
	struct snapshot *snap;
	struct renderer *renderer;
	int64_t from, to; /* [from, to) */
	const char *format, *action;
	struct events_at page;
	uint64_t count;
	struct buf out;
};

static bool flush(struct asking *q, struct err *err)
{
	bool done = option_on(q->app, "count") ||
		    (render_events(q->renderer, q->page.at.at, q->page.at.n, &q->out, err) &&
			    app_print(q->app, &q->out));

	q->count += q->page.at.n;
	q->page.at.n = 0;
	return done;
}

static bool in_time(const struct asking *q, int64_t t)
{
	return t >= q->from && t < q->to;
}

static bool same_id(const struct event_at *a, const struct event_at *b)
{
	return a->time == b->time && memcmp(a->id.b, b->id.b, sizeof(a->id.b)) == 0;
}

/* Events that share an id come in order of content, whatever segments they are in. */
static void add(struct events_at *page, struct event_at e)
{
	size_t i = page->at.n;

	vec_push(&page->at);
	for (; i && same_id(&page->at.at[i - 1], &e) && page->at.at[i - 1].content > e.content; i--)
		page->at.at[i] = page->at.at[i - 1];
	page->at.at[i] = e;
}

/* All events in order of time, by format if one is asked for. */
static bool by_time(struct asking *q, struct err *err)
{
	struct timeline *t = timeline_open(q->snap, q->from, q->to);
	struct timeline_row row;
	bool done = true;

	while (done && timeline_next(t, &row, NULL)) {
		if (!in_time(q, row.row.time) ||
			(q->format &&
				!str_eq(timeline_stream(t, row.stream).format, str_of(q->format))))
			continue;
		struct event_at e = {
			row.segment, row.number, row.row.time, row.row.id, row.row.content};
		bool again = q->page.at.n && same_id(&q->page.at.at[q->page.at.n - 1], &e);
		if (q->page.at.n >= AT_ONCE && !again)
			done = flush(q, err);
		add(&q->page, e);
	}
	timeline_close(t);
	return done && flush(q, err);
}

static bool wanted(const struct asking *q, const struct event_at *e)
{
	const struct segment *seg = q->snap->at[e->segment].seg;
	struct seg_row row;
	struct seg_stream st;

	if (!in_time(q, e->time))
		return false;
	if (!q->format)
		return true;
	return segment_row(seg, e->row, &row) && segment_stream(seg, row.stream, &st) &&
	       str_eq(st.format, str_of(q->format));
}

static void events_of(
	const struct asking *q, const struct typed *types, size_t n, struct events_at *ret)
{
	struct answer answer;

	*ret = (struct events_at){0};
	search_types(q->snap, types, n, &answer);
	for (size_t i = 0; i < answer.found.n; i++) {
		uint8_t how = answer.found.at[i].how;
		if (how == HOW_EXACT || how == HOW_EMAIL_ACCOUNT)
			found_events(q->snap, &answer.found.at[i], SIZE_MAX, ret);
	}
	events_sort(ret);
	answer_release(&answer);
}

static bool same_event(const struct event_at *a, const struct event_at *b)
{
	return a->segment == b->segment && a->row == b->row;
}

/* What both have; both are sorted alike. */
static void intersect(struct events_at *a, const struct events_at *b)
{
	size_t kept = 0, k = 0;

	for (size_t i = 0; i < a->at.n; i++) {
		const struct event_at *e = &a->at.at[i];
		while (k < b->at.n && b->at.at[k].time < e->time)
			k++;
		for (size_t m = k; m < b->at.n && b->at.at[m].time == e->time; m++) {
			if (same_event(&b->at.at[m], e)) {
				a->at.at[kept++] = *e;
				break;
			}
		}
	}
	a->at.n = kept;
}

/* Events of an account or an action, by the postings. */
static bool by_value(struct asking *q, struct err *err)
{
	const char *account = option_text(q->app, "account");
	struct typed types[VALUES_MAX];
	struct events_at found = {0}, more = {0};
	size_t n = 0;
	bool done = true;

	if (account) {
		if (!normalise_value(&q->app->arena, str_of(account), types, &n, err))
			return false;
		if (!purpose_allows(q->app, q->folder, types, n))
			return err_set(err, ERR_NONE, "no purpose");
		size_t kept = 0;
		for (size_t i = 0; i < n; i++)
			if (types[i].o.kind == KIND_ACCOUNT || types[i].o.kind == KIND_EMAIL)
				types[kept++] = types[i];
		events_of(q, types, kept, &found);
	}
	if (q->action) {
		types[0] = (struct typed){{KIND_ACTION, FORM_TEXT, str_of(q->action)}, true};
		events_of(q, types, 1, account ? &more : &found);
		if (account)
			intersect(&found, &more);
	}
	for (size_t i = 0; done && i < found.at.n; i++) {
		if (!wanted(q, &found.at.at[i]))
			continue;
		*vec_push(&q->page.at) = found.at.at[i];
		if (q->page.at.n == AT_ONCE)
			done = flush(q, err);
	}
	vec_release(&found.at);
	vec_release(&more.at);
	return done && flush(q, err);
}

static void say_count(struct asking *q)
{
	struct jsonw w = jsonw_of(&q->out);

	if (q->app->json) {
		jsonw_open(&w, '{');
		jsonw_key(&w, "events");
		jsonw_u64(&w, q->count);
		jsonw_close(&w, '}');
	} else {
		count_print(&q->out, q->count);
	}
	buf_putc(&q->out, '\n');
}

static int run(struct app *app)
{
	const char *folders[4];
	struct box_options box = {.formats = folders};
	struct err err = {0};
	struct when from = option_time(app, "from"), to = option_time(app, "to");
	struct asking q = {
		.app = app,
		.from = from.us,
		.to = when_known(to) ? to.us : INT64_MAX,
		.format = option_text(app, "format"),
		.action = option_text(app, "action"),
	};
	int status = 1;

	if (!app_open(app, false, &q.folder))
		return 1;
	box.n_formats = app_formats(app, folders);
	app_own_hosts(q.folder, &box);
	if (!snapshot_open(q.folder, &q.snap, &err)) {
		app_fail(app, &err);
		goto out;
	}
	q.renderer = renderer_new(q.snap, &box);
	bool done = q.action || option_on(app, "account") ? by_value(&q, &err) : by_time(&q, &err);
	if (done && option_on(app, "count"))
		say_count(&q);
	status = done && app_print(app, &q.out) ? 0 : 1;
	if (!done && err.code)
		app_fail(app, &err);
	renderer_free(q.renderer);
out:
	snapshot_close(q.snap);
	folder_close(q.folder);
	vec_release(&q.page.at);
	buf_release(&q.out);
	return status;
}

const struct command command_events = {
	.name = "events",
	.words = "",
	.summary = "what happened, in Elastic Common Schema, one event a line",
	.help = "Prints events in order of time, each once whatever the number of its copies, as "
		"JSON\n"
		"with the field names of the Elastic Common Schema; what that lacks stands under "
		"spoor.*.\n\n"
		"examples:\n"
		"  spoor events --action New-InboxRule\n"
		"  spoor events --account jo@example.org --from 2021-05-01T00:00:00Z\n"
		"  spoor events --format aws-cloudtrail --count",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.max_words = 0,
	.run = run,
};
