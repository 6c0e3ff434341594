/* What Sigma's specification says that rules mean. */
#include "t/tap.h"

#include "base/limits.h"
#include "rule/eval.h"
#include "rule/logsource.h"
#include "rule/sigma.h"

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
	view_json(eval_begin(e, text), text, &tape);
	bool match = eval_rule(e, rule);
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
	if (str_find(why, str_of(want)) < why.n)
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

int main(void)
{
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++)
		run(&items[i], true);
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		run(&rules[i], false);
	test_refused();
	return tap_end();
}
