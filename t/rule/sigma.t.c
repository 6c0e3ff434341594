/*
 * What Sigma's specification says that rules mean.  With arguments it prints which rules are refused,
 * and of each event which rules match, for tests that hold another reading against it:
 *
 *	sigma.t LOGSOURCES RULES.yml… EVENTS.json…
 */
#include "t/tap.h"

#include <fcntl.h>

#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "rule/eval.h"
#include "rule/logsource.h"
#include "rule/sigma.h"
#include "rule/witness.h"

static const char placeholders[] = "Servers: ['srv*', dc1]\nPercent: ['%Servers%']\n";

static void read_rules(struct ruleset *rs, struct str text)
{
	struct err err;

	ruleset_init(rs);
	if (!placeholders_read(rs, "placeholders", str_of(placeholders), &err))
		BUG("%s", err.msg);
	sigma_read(rs, STR("rules.yml"), text);
	sigma_seal(rs);
}

/* Each line of text behind blanks, so that it stands below a key. */
static void indent(struct buf *out, struct str text, const char *blanks)
{
	while (text.n) {
		buf_str(out, str_of(blanks));
		buf_str(out, str_cut(&text, '\n'));
		buf_putc(out, '\n');
	}
}

static struct str json_of(struct arena *a, const char *event)
{
	struct str s = arena_dup(a, str_of(event));
	char *p = arena_alloc(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		p[i] = s.p[i] == '\'' ? '"' : s.p[i];
	return (struct str){p, s.n};
}

/* What a rule matches has one of its witnesses. */
static bool has_witness(const struct ruleset *rs, uint32_t rule, struct view *v)
{
	struct arena a = {0};
	struct witness w = witness_of(rs, &a, rs->rules.at[rule].expr);
	bool held = w.n == 0;

	for (uint32_t i = 0; i < w.n; i++)
		held |= test_holds(&rs->tests.at[w.tests[i]], v);
	arena_release(&a);
	return held;
}

static bool matches(const struct ruleset *rs, uint32_t rule, const char *event)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};
	struct json_tape tape = {0};
	struct arena a = {0};
	struct buf why = {0};
	struct eval *e = eval_new(rs);
	struct str text = json_of(&a, event);

	json_tokenise(&tape, text, &flaws, 0);
	struct view *v = eval_begin(e, text);
	view_json(v, text, &tape);
	uint32_t route = eval_route(e, &rule, 1);
	size_t n;
	bool match = eval_matches(e, route, &n) && n == 1;
	if (eval_rule(e, rule) != match)
		BUG("the index finds another answer");
	if (match && !has_witness(rs, rule, v))
		BUG("a match without a witness");
	eval_explain(e, rule, &why);
	if (!why.n)
		BUG("no reason");
	eval_free(e);
	json_tape_release(&tape);
	buf_release(&why);
	arena_release(&a);
	return match;
}

struct vector {
	const char *rule, *event;
	int want;
};

static void run(const struct vector *v, bool item)
{
	struct ruleset rs;
	struct buf rule = {0};

	buf_str(&rule, STR("title: t\ndetection:\n"));
	if (item)
		buf_str(&rule, STR("  s:\n"));
	indent(&rule, str_of(v->rule), item ? "    " : "  ");
	if (item)
		buf_str(&rule, STR("  condition: s\n"));
	read_rules(&rs, buf_view(&rule));
	bool loaded = rs.rules.n == 1 && rs.rules.at[0].loaded;
	if (!tap_ok(loaded && matches(&rs, 0, v->event) == v->want, v->event, v->rule, v->want) &&
		!loaded && rs.rules.n)
		printf("# " STR_FMT "\n", STR_ARG(rs.rules.at[0].why));
	ruleset_release(&rs);
	buf_release(&rule);
}

static const struct vector items[] = {
#include "t/rule/sigma_items.inc"
};
static const struct vector rules[] = {
#include "t/rule/sigma_rules.inc"
};
static const struct {
	const char *rule, *why;
} refused[] = {
#include "t/rule/sigma_refused.inc"
};

static bool says(struct str why, const char *want)
{
	if (*want ? str_find(why, str_of(want)) < why.n : !why.n)
		return true;
	printf("# said '" STR_FMT "'\n", STR_ARG(why));
	return false;
}

static void test_refused(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct ruleset rs;
		struct buf rule = {0};
		buf_str(&rule, STR("title: t\ndetection:\n"));
		indent(&rule, str_of(refused[i].rule), "  ");
		/* The next one loads all the same. */
		buf_str(&rule, STR("---\ntitle: u\ndetection: {a: {f: 1}, condition: a}\n"));
		read_rules(&rs, buf_view(&rule));
		bool done = rs.rules.n == 2 && !rs.rules.at[0].loaded && rs.rules.at[1].loaded &&
			    says(rs.rules.at[0].why, refused[i].why);
		tap_ok(done, refused[i].why, refused[i].rule, (int)i);
		ruleset_release(&rs);
		buf_release(&rule);
	}
}

/* Files of several documents: which rule, an event, whether it matches; or part of why it isn't loaded. */
static const struct {
	const char *text;
	uint32_t rules, rule;
	const char *event; /* NULL: it isn't loaded */
	int want;
	const char *why; /* "": nothing is said */
} files[] = {
#include "t/rule/sigma_files.inc"
};

static void test_files(void)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct ruleset rs;
		read_rules(&rs, str_of(files[i].text));
		const struct rule *r = &rs.rules.at[files[i].rule];
		bool done = rs.rules.n == files[i].rules;
		done = done && (r->loaded == (files[i].event != NULL)) &&
		       says(r->why, files[i].why);
		if (done && files[i].event)
			done = matches(&rs, files[i].rule, files[i].event) == files[i].want;
		tap_ok(done, files[i].event ? files[i].event : files[i].why, files[i].text, (int)i);
		ruleset_release(&rs);
	}
}

/* A rule of `n` times `each` (with its number) between two texts. */
static void grown(struct buf *out, const char *before, const char *each, int n, const char *after)
{
	buf_clear(out);
	buf_str(out, str_of(before));
	for (int i = 0; i < n; i++) {
		struct str rest = str_of(each), part = str_cut(&rest, '#');
		buf_str(out, part);
		if (rest.n)
			buf_addf(out, "%d" STR_FMT, i, STR_ARG(rest));
	}
	buf_str(out, str_of(after));
}

#define ONE "1, 2, 3, 4, 5, 6, 7, 8, 9, 0, "
#define AND " and s and s and s and s and s and s and s and s and s and s"
#define TEN ONE ONE ONE ONE ONE ONE ONE ONE ONE ONE

/* Too much of something: said with its line, and the next file still loads. */
static void test_too_much(void)
{
	static const struct {
		const char *before, *each;
		int n;
		const char *after, *why;
	} much[] = {
		{"detection:\n  a: {f: 1}\n", "  b#: *a\n", 9, "  condition: a\n",
			"aliases are not allowed"},
		{"detection:\n", "  s#: {f: 1}\n", 100000, "  condition: 1 of s*\n",
			"line 1026: more than 1024 selections"},
		{"detection:\n  a: {f: 1}\n  condition: a", " or a", 100000, "\n",
			"line 3: a condition of more than 16384 bytes"},
		{"detection:\n  a: {f: 1}\n  condition: ", "(", 10000, "a\n",
			"too many parentheses in one another"},
		{"detection:\n  condition: a\n  a: ", "[", 10000, "\n",
			"nested deeper than 32 levels"},
		{"detection:\n  a|b: ", "{a: ", 10000, "\n", "nested deeper than 32 levels"},
		{"detection:\n  condition: a", " and 1 of *", 1400,
			"\n  a: {f: 1}\n  b:\n    f: [1, 2, 3, 4, 5, 6, 7, 8, 9]\n", ""},
		{"detection:\n  condition: a\n  a:\n    f|expand: '", "%Servers%", 13, "'\n",
			"line 4: more than 4096 forms of one value"},
		{"detection:\n  condition: a\n  a:\n    f|expand: '", "%Percent%", 17, "'\n",
			"line 4: more than 16 placeholders in one value"},
		{"detection:\n  condition: a\n  a:\n    f|re: '", "(", 70000, "'\n",
			"line 4: a regular expression of more than 65536 bytes"},
		{"detection:\n  condition: a\n  a:\n    f|re: '", "(", 9000, "'\n",
			"line 4: no regular expression"},
		{"detection:\n  condition: b", " and 1 of *", 1400,
			"\n  b:\n    f: [" TEN TEN TEN TEN TEN TEN TEN TEN "0]\n",
			"line 2: more than 1048576 tests for one event"},
		{"detection: {a: {f: 1}, condition: a}\n",
			"---\nfilter: {rules: any, s: {f: [" TEN "0]}, condition: s" AND AND AND
			"}\n",
			400, "", "line 801: too much for the rule ''"},
		{"action: global\n", "a#: 1\n", 2000,
			"---\ndetection: {a: {f: 1}, condition: a}\n---\n", ""},
	};
	for (size_t i = 0; i < sizeof(much) / sizeof(much[0]); i++) {
		struct ruleset rs;
		struct buf text = {0};
		grown(&text, much[i].before, much[i].each, much[i].n, much[i].after);
		read_rules(&rs, buf_view(&text));
		size_t n = rs.rules.n;
		sigma_read(&rs, STR("next.yml"), STR("detection: {a: {f: 1}, condition: a}"));
		bool done = n >= 1 && rs.rules.at[n].loaded;
		done = done && rs.rules.at[n - 1].loaded == !*much[i].why &&
		       says(rs.rules.at[n - 1].why, much[i].why);
		tap_ok(done, much[i].why, much[i].each, much[i].n);
		ruleset_release(&rs);
		buf_release(&text);
	}
}

/* Texts and patterns that make a search for ever, and events that can be read in very many ways. */
static void test_endless(void)
{
	struct ruleset rs;
	struct buf text = {0}, event = {0};

	grown(&event, "{'f':'", "x", 60000, "'}");
	buf_putc(&event, 0);
	read_rules(&rs, STR("detection:\n  a:\n    f|re: '(x+x+)+[yz]'\n  condition: a\n---\n"
			    "detection:\n  a:\n    f|re: 'x.*x.*[yz]'\n  condition: a\n---\n"
			    "detection:\n  a:\n    f: '*x*x*x*x*y'\n  condition: a\n---\n"
			    "detection:\n  a:\n    f|re: 'x$'\n  condition: a\n"));
	ok(!matches(&rs, 0, event.p) && !matches(&rs, 1, event.p) && !matches(&rs, 2, event.p));
	ok(matches(&rs, 3, event.p));
	ruleset_release(&rs);
	grown(&text, "detection:\n  condition: a\n  a:\n    P", ".Value", 40, ": x\n");
	grown(&event, "{'P':[", "{'Name':'Value','Value':[", 40, "'x'");
	for (int i = 0; i < 40; i++)
		buf_str(&event, STR("]}"));
	buf_str(&event, STR("]}"));
	buf_putc(&event, 0);
	read_rules(&rs, buf_view(&text));
	ok(rs.rules.n == 1 && rs.rules.at[0].loaded);
	(void)matches(&rs, 0, event.p);
	ok(true);
	ruleset_release(&rs);
	buf_release(&text);
	buf_release(&event);
}

static void read_file(struct buf *out, const char *path)
{
	struct err err = {0};

	buf_release(out);
	if (!file_read(AT_FDCWD, path, 1 << 30, out, &err))
		BUG("%s", err.msg);
}

/* What the index finds is what matches when each rule is asked. */
static bool index_agrees(struct eval *e, uint32_t route, uint32_t n_rules)
{
	size_t n, at = 0;
	const uint32_t *found = eval_matches(e, route, &n);

	for (uint32_t i = 0; i < n_rules; i++) {
		bool is = at < n && found[at] == i;
		if (eval_rule(e, i) != is)
			return false;
		at += is;
	}
	return at == n;
}

static uint32_t route_of_all(struct eval *e, uint32_t n_rules)
{
	uint32_t *all = calloc(n_rules + 1, sizeof(*all));

	for (uint32_t i = 0; all && i < n_rules; i++)
		all[i] = i;
	uint32_t route = all ? eval_route(e, all, n_rules) : 0;
	free(all);
	return route;
}

static void print_events(const struct ruleset *rs, const char *path, struct str text)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct json_tape tape = {0};
	struct eval *e = eval_new(rs);
	uint32_t route = route_of_all(e, (uint32_t)rs->rules.n);

	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_from(text, 3);
	for (text = str_trim(text); text.n; text = str_trim(text)) {
		struct flaws flaws = {.at = room};
		size_t n = json_tokenise(&tape, text, &flaws, 0);
		struct str one = str_trim(str_upto(text, n));
		view_json(eval_begin(e, one), one, &tape);
		if (!index_agrees(e, route, (uint32_t)rs->rules.n))
			BUG("%s: the index finds other rules", path);
		printf("event\t%s\t", path);
		for (uint32_t i = 0; i < rs->rules.n; i++) {
			if (eval_rule(e, i))
				printf(STR_FMT "\t", STR_ARG(rs->rules.at[i].file));
		}
		putchar('\n');
		text = str_from(text, n);
	}
	eval_free(e);
	json_tape_release(&tape);
}

static int print_matches(int argc, char **argv)
{
	struct ruleset rs;
	struct buf bytes = {0};
	struct err err = {0};
	int i = 2;

	ruleset_init(&rs);
	read_file(&bytes, argv[1]);
	if (!logsources_read(&rs, argv[1], buf_view(&bytes), &err))
		BUG("%s", err.msg);
	for (; i < argc && str_ends(str_of(argv[i]), STR(".yml")); i++) {
		read_file(&bytes, argv[i]);
		sigma_read(&rs, str_of(argv[i]), buf_view(&bytes));
	}
	sigma_seal(&rs);
	for (uint32_t k = 0; k < rs.rules.n; k++) {
		const struct rule *r = &rs.rules.at[k];
		if (!r->loaded)
			printf("refused\t" STR_FMT "\t" STR_FMT "\n", STR_ARG(r->file),
				STR_ARG(r->why));
	}
	for (; i < argc; i++) {
		read_file(&bytes, argv[i]);
		print_events(&rs, argv[i], buf_view(&bytes));
	}
	ruleset_release(&rs);
	buf_release(&bytes);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return print_matches(argc, argv);
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++)
		run(&items[i], true);
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		run(&rules[i], false);
	test_refused();
	test_files();
	test_too_much();
	test_endless();
	return tap_end();
}
