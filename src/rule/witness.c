#include "rule/witness.h"

#include "rule/regex.h"

/* How many bytes of one run must be in the value; 0: none. */
static uint32_t literal_bytes(const struct test *t)
{
	uint32_t longest = 0, run = 0;

	if (t->kind == TEST_NUMBER || t->kind == TEST_BOOL)
		return (uint32_t)t->text.n;
	if (t->kind == TEST_REGEX)
		return (uint32_t)regex_literal(t->text, t->regex_flags).n;
	for (size_t i = 0; t->kind == TEST_TEXT && i < t->glob.n; i++) {
		run = t->glob.at[i] == GLOB_BYTE ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

static struct witness of_test(const struct ruleset *rs, struct arena *a, uint32_t test)
{
	uint32_t bytes = literal_bytes(&rs->tests.at[test]);
	uint32_t *tests = arena_array(a, 1, sizeof(*tests));

	tests[0] = test;
	return (struct witness){tests, bytes > 0, bytes};
}

/* Any one of the children may be what holds, so that all of them are needed. */
static struct witness of_any(const struct ruleset *rs, struct arena *a, const struct expr *x)
{
	struct witness *each = arena_array(a, x->n + 1, sizeof(*each));
	struct witness all = {.bytes = UINT32_MAX};
	size_t room = 0;

	for (uint32_t i = 0; i < x->n; i++) {
		each[i] = witness_of(rs, a, rs->children.at[x->first + i]);
		if (!each[i].n)
			return (struct witness){0};
		room += each[i].n;
	}
	if (x->n == 1)
		return each[0];
	uint32_t *tests = arena_array(a, room + 1, sizeof(*tests));
	for (uint32_t i = 0; i < x->n; i++) {
		memcpy(tests + all.n, each[i].tests, each[i].n * sizeof(*tests));
		all.n += each[i].n;
		all.bytes = each[i].bytes < all.bytes ? each[i].bytes : all.bytes;
	}
	all.tests = tests;
	return all;
}

static bool is_better(const struct witness *a, const struct witness *than)
{
	if (!a->n || !than->n)
		return a->n > 0;
	return a->bytes != than->bytes ? a->bytes > than->bytes : a->n < than->n;
}

static struct witness of_all(const struct ruleset *rs, struct arena *a, const struct expr *x)
{
	struct witness best = {0};

	for (uint32_t i = 0; i < x->n; i++) {
		struct witness w = witness_of(rs, a, rs->children.at[x->first + i]);
		if (is_better(&w, &best))
			best = w;
	}
	return best;
}

struct witness witness_of(const struct ruleset *rs, struct arena *a, uint32_t expr)
{
	const struct expr *x = &rs->exprs.at[expr];

	switch ((enum expr_kind)x->kind) {
	case EXPR_TEST:
		return of_test(rs, a, x->test);
	case EXPR_AND:
		return of_all(rs, a, x);
	case EXPR_OR:
	case EXPR_AT_LEAST:
		return of_any(rs, a, x);
	case EXPR_FALSE:
	case EXPR_TRUE:
	case EXPR_NOT:
		break;
	}
	return (struct witness){0};
}
