/*
 * Rules in YAML, a NUL, and JSON events.  Laws: whatever loads can be evaluated, a second time with
 * the same answer, and with a reason; what matches has one of the rule's witnesses; what a rule says
 * does not depend on the rules beside it.  What correlations find does not depend on the order of hits.
 */
#include <string.h>

#include "base/limits.h"
#include "rule/correlate.h"
#include "rule/eval.h"
#include "rule/logsource.h"
#include "rule/sigma.h"
#include "rule/witness.h"
#include "t/fuzz/fuzz.h"

#define RULES_MAX 256u

static const char sources[] = "- product: p\n  formats: [x]\n  roots: [a, a.b]\n"
			      "  names: {f: [g, 'h.#text'], b: c}\n";
static const char holders[] = "P: ['a*', b]\nQ: '%P%'\n";
/* They ask for much that others ask for, too. */
static const char beside[] =
	"logsource: {product: p}\ndetection:\n  s: {f: x, 'f[all].g': x, 'a[0]': 1, a.b.c: y, h: "
	"z}\n"
	"  t: {AuditData: x, P.Name: y, 'b[1].f': z, g|exists: true}\n  condition: s or t\n";

static void read_set(struct ruleset *rs, bool with_others, struct str text)
{
	struct err err;

	ruleset_init(rs);
	if (!logsources_read(rs, "sources", str_of(sources), &err) ||
		!placeholders_read(rs, "holders", str_of(holders), &err))
		BUG("%s", err.msg);
	if (with_others)
		sigma_read(rs, STR("beside.yml"), str_of(beside));
	sigma_read(rs, STR("rules.yml"), text);
	sigma_seal(rs);
}

static void check_rules(const struct ruleset *rs)
{
	for (size_t i = 0; i < rs->rules.n; i++) {
		const struct rule *r = &rs->rules.at[i];
		if (!r->loaded && !r->why.n)
			BUG("refused without why");
		if (r->loaded && rs->exprs.at[r->expr].cost > LIMIT_RULE_COST)
			BUG("a rule without bounds");
	}
}

static void check_witness(const struct ruleset *rs, size_t rule, struct view *v)
{
	struct arena a = {0};
	struct witness w = witness_of(rs, &a, rs->rules.at[rule].expr);
	bool held = w.n == 0;

	for (uint32_t i = 0; i < w.n; i++)
		held |= test_holds(&rs->tests.at[w.tests[i]], v);
	if (!held)
		BUG("a match without a witness");
	arena_release(&a);
}

/* Asks each rule from the last to the first, and says so in `said`. */
static bool ask(struct eval *e, const struct ruleset *rs, struct str raw,
	const struct json_tape *tape, size_t skip, bool said[RULES_MAX])
{
	struct view *v = eval_begin(e, raw);
	struct buf why = {0};

	view_json(v, raw, tape);
	for (size_t i = rs->rules.n; i-- > skip;) {
		if (i - skip >= RULES_MAX)
			continue;
		said[i - skip] = eval_rule(e, (uint32_t)i);
		if (eval_rule(e, (uint32_t)i) != said[i - skip])
			BUG("another answer the second time");
		if (said[i - skip])
			check_witness(rs, i, v);
		buf_clear(&why);
		eval_explain(e, (uint32_t)i, &why);
		if (!why.n)
			BUG("no reason");
	}
	buf_release(&why);
	return !v->gave_up;
}

static void check_events(const struct ruleset *alone, const struct ruleset *both, struct str text)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct json_tape tape = {0};
	struct eval *e = eval_new(alone), *f = eval_new(both);

	for (unsigned n = 0; text.n && n < 16; n++) {
		struct flaws flaws = {.at = room};
		bool a[RULES_MAX] = {false}, b[RULES_MAX] = {false};
		size_t taken = json_tokenise(&tape, text, &flaws, 0);
		struct str one = str_upto(text, taken);
		bool whole = ask(e, alone, one, &tape, 0, a);
		whole = ask(f, both, one, &tape, 1, b) && whole;
		if (whole && memcmp(a, b, sizeof(a)) != 0)
			BUG("another answer beside other rules");
		text = str_from(text, taken);
	}
	eval_free(e);
	eval_free(f);
	json_tape_release(&tape);
}

struct hits {
	struct arena arena;
	VEC(struct correlate_hit) at;
};

static void add_hits(struct hits *h, const struct ruleset *rs, struct eval *e, const struct view *v,
	int64_t time, uint32_t event)
{
	for (uint32_t i = 0; i < rs->rules.n && i < RULES_MAX; i++) {
		const struct rule *r = &rs->rules.at[i];
		if (!r->loaded || !r->feeds || r->correlation || !eval_rule(e, i))
			continue;
		struct correlate_value *values =
			arena_zalloc(&h->arena, (r->n_captures + 1) * sizeof(*values));
		for (uint32_t k = 0; k < r->n_captures; k++) {
			uint32_t at = view_first(v, r->captures[k]);
			if (at != FIELD_NONE)
				values[k] = (struct correlate_value){
					arena_dup(&h->arena, v->values.at[at].text), true};
		}
		*vec_push(&h->at) = (struct correlate_hit){time, event, i, values};
	}
}

static void check_findings(const struct ruleset *rs, const struct correlated *c)
{
	for (size_t i = 0; i < c->at.n; i++) {
		const struct correlate_finding *f = &c->at.at[i];
		if (!f->n || f->n > f->total || !f->why.n || f->why.n >= CORRELATE_WHY ||
			f->from > f->to || rs->rules.at[f->rule].silent)
			BUG("a finding that makes no sense");
		for (uint32_t k = 1; k < f->n; k++)
			if (f->events[k] <= f->events[k - 1])
				BUG("events in no order");
	}
}

static void check_correlations(const struct ruleset *rs, struct hits *h)
{
	struct correlated one, other;

	correlate(rs, h->at.at, h->at.n, INT64_MAX, &one);
	check_findings(rs, &one);
	for (size_t i = 0; i < h->at.n / 2; i++) {
		struct correlate_hit first = h->at.at[i];
		h->at.at[i] = h->at.at[h->at.n - 1 - i];
		h->at.at[h->at.n - 1 - i] = first;
	}
	correlate(rs, h->at.at, h->at.n, INT64_MAX, &other);
	if (one.at.n != other.at.n)
		BUG("other findings in another order");
	for (size_t i = 0; i < one.at.n; i++)
		if (!str_eq(one.at.at[i].why, other.at.at[i].why) ||
			one.at.at[i].total != other.at.at[i].total)
			BUG("another finding in another order");
	correlated_release(&one);
	correlated_release(&other);
}

/* Events are as many seconds apart as they have bytes; one of an odd length is at the time of the last. */
static void check_together(const struct ruleset *rs, struct str text)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct json_tape tape = {0};
	struct eval *e = eval_new(rs);
	struct hits h = {0};
	int64_t time = 0;

	for (uint32_t n = 0; text.n && n < 64; n++) {
		struct flaws flaws = {.at = room};
		size_t taken = json_tokenise(&tape, text, &flaws, 0);
		struct str one = str_upto(text, taken);
		struct view *v = eval_begin(e, one);
		view_json(v, one, &tape);
		time += taken % 2 ? 0 : (int64_t)taken * 1000000;
		add_hits(&h, rs, e, v, time, n);
		text = str_from(text, taken);
	}
	check_correlations(rs, &h);
	vec_release(&h.at);
	arena_release(&h.arena);
	eval_free(e);
	json_tape_release(&tape);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str events = {(const char *)data, size};
	struct str rules = str_cut(&events, 0);
	struct ruleset alone, both;

	read_set(&alone, false, rules);
	read_set(&both, true, rules);
	check_rules(&alone);
	if (alone.rules.n + 1 != both.rules.n)
		BUG("another number of rules");
	check_events(&alone, &both, events);
	check_together(&alone, events);
	ruleset_release(&alone);
	ruleset_release(&both);
	return 0;
}
