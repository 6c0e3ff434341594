#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/vec.h"
#include "cmd/commands.h"
#include "cmd/findings.h"
#include "cmd/progress.h"
#include "cmd/rulefiles.h"
#include "engine/budget.h"

static const struct option_spec options[] = {
	{"rules", 0, OPTION_TEXT, "PATH",
		"rules to look by: a file or folder; may be given again (default: those that come "
		"with\n"
		"                             spoor and those that 'intel add' was given)"},
	{"budget", 0, OPTION_COUNT, "N", "tell at most so many findings of each day"},
	{"from", 0, OPTION_TIME, "TIME", "events not before (RFC 3339)"},
	{"to", 0, OPTION_TIME, "TIME", "events before (RFC 3339)"},
	{"placeholders", 0, OPTION_TEXT, "FILE",
		"values of %names% in rules: a YAML file, each name with its values"},
	{"jobs", 'j', OPTION_COUNT, "N", "workers (default: one a core)"},
};

struct asking {
	struct app *app;
	struct folder *folder;
	struct snapshot *snap;
	struct rule_paths paths;
	struct case_rules own; /* of the case */
	struct rulebook book;
	bool whole; /* by all rules that there are */
	struct detected found;
	uint64_t beyond; /* the budget: findings that are not told */
	struct buf out;
};

static bool gather_paths(struct asking *q, struct err *err)
{
	const struct given *given = app_given(q->app);
	const char *path;

	q->whole = !option_text(q->app, "rules") && !given->n_words;
	if (q->whole)
		return rule_paths_add(q->app, app_rules(q->app), &q->paths, err);

	for (size_t i = 0; (path = option_text_n(q->app, "rules", i)) != NULL; i++)
		if (!rule_paths_add(q->app, path, &q->paths, err))
			return false;
	for (size_t i = 0; i < given->n_words; i++)
		if (!rule_paths_add(q->app, given->words[i], &q->paths, err))
			return false;
	return true;
}

static bool read_rules(struct asking *q, struct err *err)
{
	const char *folders[4];
	struct rules_asked ask = rule_paths_question(q->app, &q->paths, "check", folders);

	if (q->whole && !case_rules_read(q->folder, &q->own, err))
		return false;
	ask.more = buf_view(&q->own.files);
	if (!rulebook_read(&ask, &q->book, err))
		return false;
	rulebook_name_patterns(&q->book, &q->own);
	return true;
}

static bool look(struct asking *q, struct err *err)
{
	const char *folders[4];
	struct when from = option_time(q->app, "from"), to = option_time(q->app, "to");
	struct progress progress = progress_begin(q->app->quiet);
	struct watcher watcher = {progress_watch, &progress};
	struct detect_options opt = {
		.hits = {.box = {.formats = folders},
			.jobs = (unsigned)option_count(q->app, "jobs", 0),
			.book = &q->book,
			.watcher = &watcher},
		.from = from.us,
		.to = when_known(to) ? to.us : INT64_MAX,
	};

	opt.hits.box.n_formats = app_formats(q->app, folders);
	app_own_hosts(q->folder, &opt.hits.box);
	bool done = detect(q->folder, q->snap, &opt, &q->found, err);
	progress_end(&progress);
	if (done && option_count(q->app, "budget", 0))
		q->beyond = budget_keep(&q->found, &q->book, option_count(q->app, "budget", 0));
	return done;
}

static bool print_json(struct asking *q, struct err *err)
{
	struct whose *whose;

	if (!whose_open(q->folder, &whose, err))
		return false;
	bool done = true;
	for (size_t i = 0; done && i < q->found.at.n; i++) {
		const struct detection *d = &q->found.at.at[i];
		done = finding_json(&q->out, &q->book.rules.at[d->rule], d, whose, err) &&
		       (q->out.n < 1 << 20 || app_print(q->app, &q->out));
	}
	whose_close(whose);
	return done;
}

/* Formats that the case has events of. */
struct formats_here {
	VEC(struct str) at;
};

static bool has(const struct formats_here *f, struct str name)
{
	for (size_t i = 0; i < f->at.n; i++)
		if (str_eq(f->at.at[i], name))
			return true;
	return false;
}

static void list_formats(const struct snapshot *snap, struct formats_here *ret)
{
	struct seg_stream st;

	for (size_t i = 0; i < snap->n; i++)
		for (uint32_t k = 0; segment_stream(snap->at[i].seg, k, &st); k++)
			if (!has(ret, st.format))
				*vec_push(&ret->at) = st.format;
}

static bool is_met(const struct told_rule *r, const struct formats_here *f)
{
	for (size_t i = 0; i < f->at.n; i++)
		if (told_rule_is_for(r, f->at.at[i]))
			return true;
	return false;
}

static int by_name(const void *x, const void *y)
{
	return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

/* Formats that no rule was about: where nothing could be found. */
static void say_formats(struct asking *q, struct formats_here *f, struct buf *out)
{
	size_t said = 0;

	if (f->at.n)
		qsort(f->at.at, f->at.n, sizeof(*f->at.at), by_name);
	for (size_t i = 0; i < f->at.n; i++) {
		bool met = false;
		for (size_t k = 0; k < q->book.rules.n && !met; k++)
			met = q->book.rules.at[k].loaded &&
			      told_rule_is_for(&q->book.rules.at[k], f->at.at[i]);
		if (met)
			continue;
		buf_str(out, said++ ? STR(", ") : STR("no rule is about: "));
		safe_print(out, f->at.at[i]);
	}
	if (said)
		buf_putc(out, '\n');
}

static void say_count(struct buf *out, const char *what, uint64_t n)
{
	if (!n)
		return;
	buf_addf(out, "%s: ", what);
	count_print(out, n);
	buf_putc(out, '\n');
}

/* The stretch of mail that could not be read: of it facts alone are kept. */
static void say_reduced(struct asking *q, struct buf *out)
{
	if (!q->found.reduced)
		return;
	buf_str(out,
		STR("mails whose facts alone are kept, so that rules did not see their text: "));
	count_print(out, q->found.reduced);
	if (q->found.reduced_last != INT64_MIN) {
		buf_str(out, STR(", "));
		when_print((struct when){q->found.reduced_first}, out);
		buf_str(out, STR(" to "));
		when_print((struct when){q->found.reduced_last}, out);
	}
	buf_putc(out, '\n');
}

/* What an answer can't say anything about. */
static void say_blind(struct asking *q, struct buf *out)
{
	struct formats_here here = {0};
	uint64_t refused = 0, unmet = 0;

	list_formats(q->snap, &here);
	for (size_t i = 0; i < q->book.rules.n; i++) {
		const struct told_rule *r = &q->book.rules.at[i];
		refused += !r->loaded;
		unmet += r->loaded && !is_met(r, &here);
	}
	say_count(out, "rules that were refused ('spoor rule check' says why)", refused);
	say_count(out, "rules for logs that this case does not have", unmet);
	say_formats(q, &here, out);
	say_reduced(q, out);
	say_count(
		out, "patterns that were not decided, since they met a limit", q->found.undecided);
	say_count(out, "findings beyond the budget of each day, not told", q->beyond);
	say_count(out, "events not held against the rules, since their records end the worker",
		q->found.hits.unread);
	vec_release(&here.at);
}

static bool answer(struct asking *q, struct err *err)
{
	struct buf blind = {0};
	bool done = true;

	say_blind(q, &blind);
	if (q->app->json) {
		done = print_json(q, err);
		fprintf(stderr, "%.*s", (int)blind.n, blind.n ? blind.p : "");
	} else {
		findings_text(&q->out, q->book.rules.at, q->book.rules.n, &q->found);
		count_print(&q->out, q->found.at.n);
		buf_str(&q->out, q->found.at.n == 1 ? STR(" finding in ") : STR(" findings in "));
		count_print(&q->out, q->found.events);
		buf_str(&q->out, STR(" events\n"));
		buf_str(&q->out, buf_view(&blind));
	}
	buf_release(&blind);
	return done && app_print(q->app, &q->out);
}

static int run(struct app *app)
{
	struct asking q = {.app = app};
	struct err err = {0};
	int status = 1;

	if (!app_open(app, access(app->case_path, W_OK) == 0, &q.folder))
		return 1;
	if (gather_paths(&q, &err) && read_rules(&q, &err) &&
		snapshot_open(q.folder, &q.snap, &err) && look(&q, &err) && answer(&q, &err))
		status = 0;
	else
		status = app_fail(app, &err);
	detected_release(&q.found);
	snapshot_close(q.snap);
	folder_close(q.folder);
	rule_paths_release(&q.paths);
	rulebook_release(&q.book);
	case_rules_release(&q.own);
	buf_release(&q.out);
	return status;
}

const struct command command_detect = {
	.name = "detect",
	.words = "[PATH…]",
	.summary = "rules against all of history",
	.help = "Holds all events that the case has against rules (https://sigmahq.io), whenever "
		"they "
		"came in,\n"
		"and says which rule matched which event, and why.  Each rule sees the logs that "
		"it "
		"was written\n"
		"for (spoor-rules(7)).  What rules could not see is said at the end.\n\n"
		"examples:\n"
		"  spoor detect\n"
		"  spoor detect --budget 10 --rules rules/ --rules /srv/sigma\n"
		"  spoor detect --json --from 2021-04-01 --to 2021-05-01 --rules inbox_forward.yml",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.run = run,
};
