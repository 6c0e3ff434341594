/*
 * Rules in YAML, a NUL, and JSON events, as t/fuzz/sigma.c reads them.  Laws: what the index finds and
 * what matches when each rule is asked are the same, of all rules and of any choice of them.
 */
#include <string.h>

#include "base/limits.h"
#include "rule/eval.h"
#include "rule/logsource.h"
#include "rule/sigma.h"
#include "t/fuzz/fuzz.h"

#define RULES_MAX 256u

static const char sources[] = "- product: p\n  formats: [x]\n  roots: [a, a.b]\n"
			      "  names: {f: [g, 'h.#text'], b: c}\n  says: {e: [x, 4624]}\n";

/* Each of the rules, or each second one. */
static void check(struct eval *e, uint32_t route, uint32_t first, uint32_t by, uint32_t n)
{
	size_t found, at = 0;
	const uint32_t *rules = eval_matches(e, route, &found);

	for (uint32_t i = first; i < n; i += by) {
		bool is = at < found && rules[at] == i;
		if (eval_rule(e, i) != is)
			BUG("the index %s rule %u", is ? "adds" : "misses", i);
		at += is;
	}
	if (at != found)
		BUG("rules that were not asked for");
}

static uint32_t route_of(struct eval *e, uint32_t first, uint32_t by, uint32_t n)
{
	uint32_t rules[RULES_MAX];
	size_t k = 0;

	for (uint32_t i = first; i < n; i += by)
		rules[k++] = i;
	return eval_route(e, rules, k);
}

static void check_events(const struct ruleset *rs, struct str text)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	uint32_t n = rs->rules.n < RULES_MAX ? (uint32_t)rs->rules.n : RULES_MAX;
	struct json_tape tape = {0};
	struct eval *e = eval_new(rs);
	uint32_t all = route_of(e, 0, 1, n), some = route_of(e, 1, 2, n);

	for (unsigned i = 0; text.n && i < 16; i++) {
		struct flaws flaws = {.at = room};
		size_t taken = json_tokenise(&tape, text, &flaws, 0);
		struct str one = str_upto(text, taken);
		struct view *v = eval_begin(e, one);
		view_json(v, one, &tape);
		check(e, some, 1, 2, n);
		check(e, all, 0, 1, n);
		text = str_from(text, taken);
	}
	json_tape_release(&tape);
	eval_free(e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	size_t end = str_chr(text, 0);
	struct ruleset rs;
	struct err err;

	ruleset_init(&rs);
	if (!logsources_read(&rs, "sources", str_of(sources), &err))
		BUG("%s", err.msg);
	sigma_read(&rs, STR("rules.yml"), str_upto(text, end));
	sigma_seal(&rs);
	check_events(&rs, str_from(text, end + 1));
	ruleset_release(&rs);
	return 0;
}
