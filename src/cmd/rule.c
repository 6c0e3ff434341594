#include <stdio.h>
#include <string.h>

#include "cmd/commands.h"
#include "cmd/progress.h"
#include "cmd/rulefiles.h"
#include "text/members.h"

static const struct option_spec options[] = {
	{"placeholders", 0, OPTION_TEXT, "FILE",
		"values of %names% in rules: a YAML file, each name with its values"},
	{"stix-version", 0, OPTION_TEXT, "2.0|2.1",
		"what a STIX pattern may be made of; without it what either allows"},
};

struct asking {
	struct app *app;
	struct rule_paths paths;
	struct buf answer;
	struct buf out;
	uint64_t loaded, refused, matches, events;
};

static bool ask(struct asking *g, const char *what, const char *events, struct err *err)
{
	const char *folders[4];
	struct rules_asked q = rule_paths_question(g->app, &g->paths, what, folders);

	q.events = events;
	return rules_ask(&q, &g->answer, err);
}

static void say_rule(struct asking *g, const struct members *m)
{
	struct arena *a = &g->app->arena;
	bool loaded = members_bool(m, 0, "loaded");
	uint32_t formats = members_get(m, 0, "formats");
	struct str why = members_string(a, m, 0, "why");

	g->loaded += loaded;
	g->refused += !loaded;
	if (loaded && !why.n && members_count(m, formats))
		return;
	safe_print(&g->out, members_string(a, m, 0, "file"));
	buf_str(&g->out, STR(": "));
	safe_print(&g->out, members_string(a, m, 0, "title"));
	buf_str(&g->out, STR(": "));
	if (loaded)
		buf_str(&g->out, STR("loaded; "));
	if (why.n)
		safe_print(&g->out, why);
	else
		buf_str(&g->out, STR("no format that is read here is of its log source"));
	buf_putc(&g->out, '\n');
}

static void say_texts(struct asking *g, const struct members *m, uint32_t object, const char *key,
	const char *before)
{
	uint32_t texts = members_get(m, object, key);
	const char *with = before;

	MEMBERS_EACH(m, i, texts)
	{
		buf_str(&g->out, str_of(with));
		safe_print(&g->out, members_string_at(&g->app->arena, m, i));
		with = ", ";
	}
	if (with != before)
		buf_putc(&g->out, '\n');
}

/* What a correlation counts, of which rules. */
static void say_correlation(struct asking *g, const struct members *m)
{
	struct arena *a = &g->app->arena;
	uint32_t c = members_get(m, 0, "correlation");

	if (c == MEMBERS_NONE)
		return;
	buf_str(&g->out, STR("  "));
	safe_print(&g->out, members_string(a, m, c, "type"));
	buf_str(&g->out, STR(": "));
	safe_print(&g->out, members_string(a, m, c, "asks"));
	buf_putc(&g->out, '\n');
	say_texts(g, m, c, "rules", "  of what these match: ");
	say_texts(g, m, c, "group_by", "  for each: ");
	uint32_t aliases = members_get(m, c, "aliases");
	MEMBERS_EACH(m, i, aliases)
	{
		buf_str(&g->out, STR("  "));
		safe_print(&g->out, members_string(a, m, i, "alias"));
		buf_str(&g->out, STR(" is "));
		safe_print(&g->out, members_string(a, m, i, "field"));
		buf_str(&g->out, STR(" in "));
		safe_print(&g->out, members_string(a, m, i, "rule"));
		buf_putc(&g->out, '\n');
	}
}

/* A YARA rule looks at mails and what is attached to them. */
static void say_strings(struct asking *g, const struct members *m)
{
	uint32_t strings = members_get(m, 0, "strings");

	if (strings == MEMBERS_NONE)
		return;
	buf_str(&g->out, STR("  asked of mails and of each of their parts\n"));
	buf_addf(&g->out,
		"  looks for %u strings, by %llu beginnings:", (unsigned)members_count(m, strings),
		(unsigned long long)members_u64(m, 0, "atoms"));
	MEMBERS_EACH(m, i, strings)
	{
		buf_putc(&g->out, ' ');
		safe_print(&g->out, members_string_at(&g->app->arena, m, i));
	}
	buf_putc(&g->out, '\n');
}

/* The rule, where it is asked, and what it asks; a star: an event must have one of those. */
static void say_plan(struct asking *g, const struct members *m)
{
	struct arena *a = &g->app->arena;
	uint32_t tests = members_get(m, 0, "tests"), formats = members_get(m, 0, "formats");
	bool loaded = members_bool(m, 0, "loaded");

	g->loaded += loaded;
	g->refused += !loaded;
	safe_print(&g->out, members_string(a, m, 0, "title"));
	buf_putc(&g->out, '\n');
	struct str why = members_string(a, m, 0, "why");
	if (why.n) {
		buf_str(&g->out, STR("  "));
		safe_print(&g->out, why);
		buf_putc(&g->out, '\n');
	}
	if (tests == MEMBERS_NONE) {
		say_correlation(g, m);
		say_strings(g, m);
		return;
	}
	buf_str(&g->out, STR("  asked of events of:"));
	MEMBERS_EACH(m, i, formats)
	{
		buf_putc(&g->out, ' ');
		safe_print(&g->out, members_string_at(a, m, i));
	}
	buf_addf(&g->out, "\n  at most %llu tests an event:\n",
		(unsigned long long)members_u64(m, 0, "cost"));
	bool starred = false;
	MEMBERS_EACH(m, i, tests)
	{
		bool witness = members_bool(m, i, "witness");
		starred |= witness;
		buf_str(&g->out, witness ? STR("  * ") : STR("    "));
		safe_print(&g->out, members_string(a, m, i, "test"));
		buf_putc(&g->out, '\n');
	}
	buf_str(&g->out, starred ? STR("  an event that it matches has one of those with a star\n")
				 : STR("  nothing is sure to be in what it matches\n"));
}

/* What events were together. */
static void say_finding(struct asking *g, const struct members *m, uint32_t events)
{
	struct arena *a = &g->app->arena;

	safe_print(&g->out, members_string(a, m, 0, "rule"));
	buf_str(&g->out, members_bool(m, 0, "match") ? STR(": match: ") : STR(": no match: "));
	safe_print(&g->out, members_string(a, m, 0, "why"));
	if (members_count(m, events))
		buf_addf(&g->out,
			"; of %llu events:", (unsigned long long)members_u64(m, 0, "events_total"));
	MEMBERS_EACH(m, i, events)
	{
		buf_putc(&g->out, ' ');
		safe_print(&g->out, members_text(m, i));
	}
	buf_putc(&g->out, '\n');
}

static void say_event(struct asking *g, const struct members *m)
{
	uint32_t events = members_get(m, 0, "events");
	if (events != MEMBERS_NONE) {
		say_finding(g, m, events);
		return;
	}
	bool match = members_bool(m, 0, "match");

	g->events++;
	g->matches += match;
	buf_addf(
		&g->out, "%llu: %s: ", (unsigned long long)g->events, match ? "match" : "no match");
	safe_print(&g->out, members_string(&g->app->arena, m, 0, "why"));
	buf_putc(&g->out, '\n');
}

static void say_lines(struct asking *g, void (*say)(struct asking *g, const struct members *m))
{
	struct str lines = buf_view(&g->answer);

	while (lines.n) {
		struct str line = str_cut(&lines, '\n');
		struct members m;
		if (members_read(line, &m))
			say(g, &m);
		members_release(&m);
	}
}

/* Rules that were refused, of the answer to "check". */
static void count_refused(struct asking *g)
{
	struct buf out = g->out;

	g->out = (struct buf){0};
	say_lines(g, say_rule);
	buf_release(&g->out);
	g->out = out;
}

/* check and explain: of each rule. */
static bool tell(struct asking *g, const char *what, struct err *err)
{
	const struct given *given = app_given(g->app);
	bool plan = strcmp(what, "explain") == 0;

	for (size_t i = 1; i < given->n_words; i++) {
		if (!rule_paths_add(g->app, given->words[i], &g->paths, err))
			return false;
	}
	if (!ask(g, what, NULL, err))
		return false;
	say_lines(g, plan ? say_plan : say_rule);
	if (g->app->json) {
		buf_clear(&g->out);
		buf_str(&g->out, buf_view(&g->answer));
	} else if (!plan) {
		buf_addf(&g->out, "%llu rules loaded, %llu refused\n",
			(unsigned long long)g->loaded, (unsigned long long)g->refused);
	}
	return true;
}

static bool test(struct asking *g, struct err *err)
{
	const struct given *given = app_given(g->app);

	if (!rule_paths_add(g->app, given->words[1], &g->paths, err) || !ask(g, "check", NULL, err))
		return false;
	count_refused(g);
	if (g->refused || !g->loaded) {
		say_lines(g, say_rule);
		return err_set(err, ERR_CONFIG, "'%s' is no valid rule: " STR_FMT, given->words[1],
			STR_ARG(str_trim(buf_view(&g->out))));
	}
	buf_clear(&g->answer);
	buf_clear(&g->out);
	if (!ask(g, "test", given->words[2], err))
		return false;
	say_lines(g, say_event);
	if (g->app->json) {
		buf_clear(&g->out);
		buf_str(&g->out, buf_view(&g->answer));
	} else {
		buf_addf(&g->out, "%llu of %llu events match\n", (unsigned long long)g->matches,
			(unsigned long long)g->events);
	}
	return true;
}

static bool is_pattern(const char *word)
{
	return word[0] == '[' || word[0] == '(';
}

/* The one line of the answer about a pattern. */
static bool say_pattern(struct asking *g, struct str line, struct err *err)
{
	struct members m;
	bool done = members_read(line, &m);
	bool valid = done && members_get(&m, 0, "valid") == MEMBERS_NONE;

	if (!done)
		err_set(err, ERR_BOX, "no answer about the pattern");
	else if (!valid)
		err_set(err, ERR_CONFIG, "no valid pattern: at byte %llu: " STR_FMT,
			(unsigned long long)members_u64(&m, 0, "at"),
			STR_ARG(members_string(&g->app->arena, &m, 0, "want")));
	else if (g->app->json)
		buf_str(&g->out, line);
	else
		say_event(g, &m);
	members_release(&m);
	return valid;
}

/* About the file as a whole: what a pattern says is of all observations together. */
static bool test_pattern(struct asking *g, struct err *err)
{
	const struct given *given = app_given(g->app);
	const char *version = option_text(g->app, "stix-version");
	const char *folders[4];
	struct rules_asked q = rule_paths_question(g->app, &g->paths, "pattern", folders);

	if (version && strcmp(version, "2.0") != 0 && strcmp(version, "2.1") != 0)
		return err_set(err, ERR_USAGE, "'%s' is no version of STIX: 2.0 or 2.1", version);
	if (version)
		q.what = version[2] == '0' ? "pattern 2.0" : "pattern 2.1";
	q.pattern = str_of(given->words[1]);
	q.events = given->words[2];
	return rules_ask(&q, &g->answer, err) && say_pattern(g, buf_view(&g->answer), err);
}

static int run(struct app *app)
{
	const struct given *given = app_given(app);
	struct asking g = {.app = app};
	struct err err = {0};
	const char *what = given->words[0];
	bool is_test = strcmp(what, "test") == 0;
	int status = 1;

	if (is_test ? given->n_words != 3
		    : given->n_words < 2 ||
				(strcmp(what, "check") != 0 && strcmp(what, "explain") != 0))
		return app_usage(
			app, "say 'check PATH…', 'explain PATH…' or 'test RULE-FILE|PATTERN FILE'");
	if (!is_test                          ? !tell(&g, what, &err)
		: is_pattern(given->words[1]) ? !test_pattern(&g, &err)
					      : !test(&g, &err))
		status = app_fail(app, &err);
	else if (app_print(app, &g.out))
		status = !is_test && g.refused ? 1 : 0;
	rule_paths_release(&g.paths);
	buf_release(&g.answer);
	buf_release(&g.out);
	return status;
}

const struct command command_rule = {
	.name = "rule",
	.words = "check PATH… | explain PATH… | test RULE-FILE|PATTERN FILE",
	.summary = "rules: which of them load, and what they say of events",
	.help = "Rules are Sigma's (https://sigmahq.io), and YARA's, which are for mails.  check "
		"reads\n"
		"files and folders of them and says which load, which don't and why, and which "
		"have no\n"
		"log here that they could be about.  explain says what each asks of an event, and "
		"of\n"
		"which logs.  test holds a file of events or mails against a rule and says of each "
		"why\n"
		"it matches or doesn't; or a STIX pattern, which begins with [ or (, against a "
		"bundle or\n"
		"array of observed-data.  No case is needed.\n\n"
		"examples:\n"
		"  spoor rule check rules/\n"
		"  spoor rule explain rules/m365_inbox_rule_forward.yml\n"
		"  spoor rule test rules/m365_inbox_rule_forward.yml export.jsonl\n"
		"  spoor rule test \"[domain-name:value LIKE '%.example']\" observed.json",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.min_words = 1,
	.run = run,
};
