/*
 * What the Correlation Rules Specification says that hits are together.  With arguments it prints the
 * findings, for tests that hold another reading against it:
 *
 *	correlate.t RULES.yml HITS
 *
 * Hits are lines (in cases here: parted by semicolons) "SECONDS RULE[+RULE…] [FIELD=VALUE…]", an event
 * each, by number from 1 in their order; RULE is the rule's name, and "-" for SECONDS: no time is known.
 */
#include "t/tap.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/limits.h"
#include "rule/correlate.h"
#include "rule/sigma.h"

static const char base_rules[] =
	"title: A\nname: a\nid: id-a\ndetection: {s: {k: a}, condition: s}\n---\n"
	"title: B\nname: b\ndetection: {s: {k: b}, condition: s}\n---\n"
	"title: C\nname: c\ndetection: {s: {k: c}, condition: s}\n---\n"
	"title: D\nname: d\ndetection: {s: {k: d}, condition: s}\n";

struct hits {
	struct arena arena;
	VEC(struct correlate_hit) at;
};

static uint32_t rule_called(const struct ruleset *rs, struct str name)
{
	for (uint32_t i = 0; i < rs->rules.n; i++)
		if (str_eq(rs->rules.at[i].name, name))
			return i;
	BUG("no rule '" STR_FMT "'", STR_ARG(name));
}

/* Whole seconds and a fraction of up to six digits, exactly. */
static int64_t time_of(struct str s)
{
	bool minus = s.n && s.p[0] == '-';
	struct str rest = str_from(s, minus), whole = str_cut(&rest, '.');
	uint64_t seconds = 0, us = 0;

	if (minus && !whole.n)
		return INT64_MIN;
	if (!str_u64(whole, &seconds) || (rest.n && !str_u64(rest, &us)))
		BUG("no time '" STR_FMT "'", STR_ARG(s));
	for (size_t i = rest.n; i < 6; i++)
		us *= 10;
	int64_t t = (int64_t)(seconds * 1000000 + us);
	return minus ? -t : t;
}

static const struct correlate_value *values_of(
	struct hits *h, const struct ruleset *rs, const struct rule *r, struct str fields)
{
	struct correlate_value *values =
		arena_zalloc(&h->arena, (r->n_captures + 1) * sizeof(*values));

	while (fields.n) {
		struct str value = str_cut(&fields, ' '), name = str_cut(&value, '=');
		for (uint32_t i = 0; i < r->n_captures; i++)
			if (str_eq(rs->fields.fields.at[r->captures[i]].name, name))
				values[i] = (struct correlate_value){value, true};
	}
	return values;
}

static void read_hits(struct hits *h, const struct ruleset *rs, struct str text, char end)
{
	uint32_t event = 0;

	while (text.n) {
		struct str line = str_trim(str_cut(&text, end));
		struct str time = str_cut(&line, ' '), rules = str_cut(&line, ' ');
		if (!time.n)
			continue;
		event++;
		while (rules.n) {
			uint32_t rule = rule_called(rs, str_cut(&rules, '+'));
			*vec_push(&h->at) = (struct correlate_hit){time_of(time), event, rule,
				values_of(h, rs, &rs->rules.at[rule], line)};
		}
	}
}

static void hits_release(struct hits *h)
{
	vec_release(&h->at);
	arena_release(&h->arena);
}

/* "x: 1 2 3; x: 7 (25)": the number in parentheses where there are more. */
static void print_findings(const struct ruleset *rs, const struct correlated *c, struct buf *out)
{
	for (size_t i = 0; i < c->at.n; i++) {
		const struct correlate_finding *f = &c->at.at[i];
		buf_str(out, i ? STR("; ") : STR(""));
		buf_str(out, rs->rules.at[f->rule].name);
		buf_putc(out, ':');
		for (uint32_t k = 0; k < f->n; k++)
			buf_addf(out, " %u", f->events[k]);
		if (f->total > f->n)
			buf_addf(out, " (%llu)", (unsigned long long)f->total);
		if (!f->why.n || f->why.n >= CORRELATE_WHY)
			BUG("no reason, or too much of it");
	}
}

static void read_rules(struct ruleset *rs, struct str text)
{
	struct buf all = {0};

	ruleset_init(rs);
	buf_str(&all, str_of(base_rules));
	if (!str_starts(text, STR("---"))) {
		buf_str(&all, STR("---\ntitle: X\nname: x\ncorrelation:\n"));
		while (text.n) {
			buf_str(&all, STR("  "));
			buf_str(&all, str_cut(&text, '\n'));
			buf_putc(&all, '\n');
		}
	}
	buf_str(&all, text);
	sigma_read(rs, STR("rules.yml"), buf_view(&all));
	sigma_seal(rs);
	buf_release(&all);
}

static struct buf answer(const struct ruleset *rs, const struct hits *h, int64_t until)
{
	struct correlated c;
	struct buf out = {0}, why = {0};

	correlate(rs, h->at.at, h->at.n, until, &c);
	print_findings(rs, &c, &out);
	for (uint32_t i = 0; i < rs->rules.n; i++) {
		if (!rs->rules.at[i].correlation || !rs->rules.at[i].loaded)
			continue;
		buf_clear(&why);
		correlate_why_not(rs, i, &c.accounts[i], &why);
		if (!why.n)
			BUG("no reason");
	}
	correlated_release(&c);
	buf_release(&why);
	return out;
}

/* The same whatever the order of hits. */
static bool same_shuffled(const struct ruleset *rs, struct hits *h, struct str want)
{
	static uint64_t state = 88172645463325252u;
	bool same = true;

	for (int n = 0; same && n < 5; n++) {
		for (size_t i = h->at.n; i > 1; i--) {
			state ^= state << 13;
			state ^= state >> 7;
			state ^= state << 17;
			size_t k = state % i;
			struct correlate_hit one = h->at.at[i - 1];
			h->at.at[i - 1] = h->at.at[k];
			h->at.at[k] = one;
		}
		struct buf got = answer(rs, h, INT64_MAX);
		same = str_eq(buf_view(&got), want);
		buf_release(&got);
	}
	return same;
}

static const struct {
	const char *rule, *hits, *want;
} cases[] = {
#include "t/rule/correlate.inc"
};

static void test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ruleset rs;
		struct hits h = {0};
		read_rules(&rs, str_of(cases[i].rule));
		for (uint32_t k = 0; k < rs.rules.n; k++)
			if (!rs.rules.at[k].loaded)
				printf("# refused: " STR_FMT "\n", STR_ARG(rs.rules.at[k].why));
		read_hits(&h, &rs, str_of(cases[i].hits), ';');
		struct buf got = answer(&rs, &h, INT64_MAX);
		tap_eq_str(buf_view(&got), str_of(cases[i].want), cases[i].hits, cases[i].rule,
			(int)i);
		ok(same_shuffled(&rs, &h, buf_view(&got)));
		buf_release(&got);
		hits_release(&h);
		ruleset_release(&rs);
	}
}

/* Which rule, from 0 behind the base's four, and part of why it isn't loaded; "": it is. */
static const struct {
	const char *rule;
	uint32_t which;
	const char *why;
} refused[] = {
#include "t/rule/correlate_refused.inc"
};

static void test_refused(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct ruleset rs;
		read_rules(&rs, str_of(refused[i].rule));
		bool there = rs.rules.n > 4 + refused[i].which;
		const struct rule *r = &rs.rules.at[there ? 4 + refused[i].which : 0];
		bool done = there && r->loaded == !*refused[i].why;
		if (done && !r->loaded)
			done = str_starts(r->why, STR("line ")) &&
			       str_find(r->why, str_of(refused[i].why)) < r->why.n;
		if (!tap_ok(done, refused[i].why, refused[i].rule, (int)i))
			printf("# said '" STR_FMT "'\n", STR_ARG(r->why));
		for (uint32_t k = 0; k < 4; k++)
			if (!rs.rules.at[k].loaded)
				BUG("a rule beside it wasn't loaded");
		ruleset_release(&rs);
	}
}

/* What a denied rule can still undo is undecided. */
static void test_until(void)
{
	struct ruleset rs;
	struct hits h = {0};

	read_rules(&rs, STR("type: temporal\ntimespan: 10s\ncondition: a and not b"));
	read_hits(&h, &rs, STR("100 a"), ';');
	struct buf early = answer(&rs, &h, 109999999), late = answer(&rs, &h, 110000000);
	eq_str(buf_view(&early), STR(""));
	eq_str(buf_view(&late), STR("x: 1"));
	buf_release(&early);
	buf_release(&late);
	hits_release(&h);
	ruleset_release(&rs);
}

/* What rules say by themselves, and what they are asked. */
static void test_seal(void)
{
	struct ruleset rs;

	read_rules(&rs,
		STR("---\ntitle: X\nname: x\ncorrelation: {type: event_count, rules: a, group-by: "
		    "u, timespan: 1m, condition: {gte: 2}}\n---\ntitle: Y\nname: y\ngenerate: "
		    "true\ncorrelation: {type: value_sum, rules: b, timespan: 1m, condition: {gt: "
		    "2, field: n}}\n"));
	const struct rule *r = rs.rules.at;
	ok(r[0].feeds && r[0].silent && r[1].feeds && !r[1].silent && !r[2].feeds);
	ok(r[4].kind == RULE_CORRELATION && r[4].loaded && !r[4].feeds && !r[4].silent);
	ok(r[0].n_captures == 1 && r[1].n_captures == 1 && r[2].n_captures == 0);
	eq_str(rs.fields.fields.at[r[0].captures[0]].name, STR("u"));
	eq_str(rs.fields.fields.at[r[1].captures[0]].name, STR("n"));
	ruleset_release(&rs);
}

/* Rules of several files find one another, whichever was read first. */
static void test_files(void)
{
	static const char one[] =
		"title: X\nname: x\ncorrelation: {type: event_count, rules: a, timespan: "
		"1m, condition: {gte: 2}}\n";
	static const char a_rule[] = "title: A\nname: a\ndetection: {s: {k: a}, condition: s}\n";
	struct ruleset rs;

	ruleset_init(&rs);
	sigma_read(&rs, STR("x.yml"), str_of(one));
	sigma_read(&rs, STR("a.yml"), str_of(a_rule));
	sigma_seal(&rs);
	ok(rs.rules.at[0].loaded && rs.rules.at[0].correlation->refs[0].rule == 1);
	ruleset_release(&rs);
	ruleset_init(&rs);
	sigma_read(&rs, STR("x.yml"), str_of(one));
	sigma_read(&rs, STR("a.yml"), str_of(a_rule));
	sigma_read(&rs, STR("b.yml"), str_of(a_rule));
	sigma_seal(&rs);
	eq_str(rs.rules.at[0].why, STR("line 3: several rules are called 'a'"));
	ruleset_release(&rs);
}

static struct buf read_file(const char *path)
{
	struct buf out = {0};
	struct err err = {0};

	if (!file_read(AT_FDCWD, path, 1 << 30, &out, &err))
		BUG("%s", err.msg);
	return out;
}

static int print(const char *rules, const char *hits)
{
	struct buf text = read_file(rules), lines = read_file(hits);
	struct ruleset rs;
	struct hits h = {0};
	struct correlated c;

	ruleset_init(&rs);
	sigma_read(&rs, str_of(rules), buf_view(&text));
	sigma_seal(&rs);
	for (uint32_t i = 0; i < rs.rules.n; i++)
		if (!rs.rules.at[i].loaded)
			printf("refused\t" STR_FMT "\t" STR_FMT "\n", STR_ARG(rs.rules.at[i].name),
				STR_ARG(rs.rules.at[i].why));
	read_hits(&h, &rs, buf_view(&lines), '\n');
	correlate(&rs, h.at.at, h.at.n, INT64_MAX, &c);
	for (size_t i = 0; i < c.at.n; i++) {
		const struct correlate_finding *f = &c.at.at[i];
		printf("found\t" STR_FMT "\t%llu\t", STR_ARG(rs.rules.at[f->rule].name),
			(unsigned long long)f->total);
		for (uint32_t k = 0; k < f->n; k++)
			printf("%s%u", k ? " " : "", f->events[k]);
		printf("\t" STR_FMT "\n", STR_ARG(f->why));
	}
	correlated_release(&c);
	hits_release(&h);
	ruleset_release(&rs);
	buf_release(&text);
	buf_release(&lines);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3)
		return print(argv[1], argv[2]);
	test_cases();
	test_refused();
	test_until();
	test_seal();
	test_files();
	return tap_end();
}
