/*
 * A condition of names as the ways in which it can be met: its disjunctive normal form, without ways
 * that can't be or that another says with less.
 */
#include "base/limits.h"
#include "rule/correlation.h"
#include "rule/sigma_inside.h"

struct ways {
	struct correlation_way at[LIMIT_CORRELATION_WAYS];
	uint32_t n;
};

struct finding_ways {
	const struct ruleset *rs;
	uint32_t first, n; /* the leaves */
	uint64_t has;      /* those that stand somewhere without being denied */
	uint32_t steps;
};

static bool says_less(const struct correlation_way *a, const struct correlation_way *b)
{
	return (a->has & ~b->has) == 0 && (a->lacks & ~b->lacks) == 0;
}

/* False where there are too many. */
static bool add(struct finding_ways *f, struct ways *to, struct correlation_way w)
{
	uint32_t kept = 0;

	if (w.has & w.lacks)
		return true;
	f->steps += to->n + 1;
	for (uint32_t i = 0; i < to->n; i++)
		if (says_less(&to->at[i], &w))
			return true;
	for (uint32_t i = 0; i < to->n; i++)
		if (!says_less(&w, &to->at[i]))
			to->at[kept++] = to->at[i];
	to->n = kept;
	if (to->n == LIMIT_CORRELATION_WAYS || f->steps > LIMIT_CORRELATION_STEPS)
		return false;
	to->at[to->n++] = w;
	return true;
}

static bool ways_of(struct finding_ways *f, uint32_t expr, bool negated, struct ways *ret);

/* Both of two conditions. */
static bool both(struct finding_ways *f, struct ways *with, const struct ways *other)
{
	struct ways all = {.n = 0};
	bool done = true;

	for (uint32_t i = 0; done && i < with->n; i++)
		for (uint32_t k = 0; done && k < other->n; k++)
			done = add(f, &all,
				(struct correlation_way){with->at[i].has | other->at[k].has,
					with->at[i].lacks | other->at[k].lacks});
	*with = all;
	return done;
}

static bool each_way(struct finding_ways *f, struct ways *to, const struct ways *more)
{
	bool done = true;

	for (uint32_t i = 0; done && i < more->n; i++)
		done = add(f, to, more->at[i]);
	return done;
}

/* All of the children, or any. */
static bool ways_of_list(
	struct finding_ways *f, const struct expr *x, bool all, bool negated, struct ways *ret)
{
	struct ways child;
	bool done = true;

	ret->n = all ? 1 : 0;
	ret->at[0] = (struct correlation_way){0, 0};
	for (uint32_t i = 0; done && i < x->n; i++) {
		done = ways_of(f, f->rs->children.at[x->first + i], negated, &child);
		if (done)
			done = all ? both(f, ret, &child) : each_way(f, ret, &child);
	}
	return done;
}

/* At least so many of the children. */
static bool ways_of_some(struct finding_ways *f, const struct expr *x, uint32_t least, bool negated,
	struct ways *ret)
{
	/* some[k]: of the children that were looked at, at least k */
	struct arena a = {0};
	struct ways *some = arena_zalloc(&a, (least + 1) * sizeof(*some)), child;
	bool done = true;

	some[0].at[some[0].n++] = (struct correlation_way){0, 0};
	for (uint32_t i = 0; done && i < x->n; i++) {
		done = ways_of(f, f->rs->children.at[x->first + i], negated, &child);
		for (uint32_t k = least; done && k > 0; k--) {
			struct ways with = some[k - 1];
			done = both(f, &with, &child) && each_way(f, &some[k], &with);
		}
	}
	*ret = some[least];
	arena_release(&a);
	return done;
}

static bool ways_of(struct finding_ways *f, uint32_t expr, bool negated, struct ways *ret)
{
	const struct expr *x = &f->rs->exprs.at[expr];

	if (++f->steps > LIMIT_CORRELATION_STEPS)
		return false;
	if (expr >= f->first && expr < f->first + f->n) {
		uint64_t bit = UINT64_C(1) << (expr - f->first);
		f->has |= negated ? 0 : bit;
		ret->n = 1;
		ret->at[0] = (struct correlation_way){negated ? 0 : bit, negated ? bit : 0};
		return true;
	}
	if (x->kind == EXPR_NOT)
		return ways_of(f, f->rs->children.at[x->first], !negated, ret);
	if (x->kind == EXPR_AND || x->kind == EXPR_OR)
		return ways_of_list(f, x, (x->kind == EXPR_AND) != negated, negated, ret);
	/* Not n of them: so many of them not that n can't be left. */
	return ways_of_some(f, x, negated ? x->n - x->least + 1 : x->least, negated, ret);
}

bool sigma_ways(struct sigma *s, const struct yaml *at, uint32_t expr, uint32_t first,
	struct correlation *c)
{
	struct finding_ways f = {.rs = s->rs, .first = first, .n = c->n_refs};
	struct ways all = {.n = 0};

	if (!ways_of(&f, expr, false, &all))
		return sigma_bad(s, at, "a condition that can be met in more than %u ways",
			LIMIT_CORRELATION_WAYS);
	if (!all.n)
		return sigma_bad(s, at, "a condition that can't be met");
	for (uint32_t i = 0; i < all.n; i++)
		if (!all.at[i].has)
			return sigma_bad(s, at,
				"a condition that is met where none of the rules matches anything");
	struct correlation_way *ways = arena_array(&s->rs->arena, all.n, sizeof(*ways));
	memcpy(ways, all.at, all.n * sizeof(*ways));
	c->ways = ways;
	c->n_ways = all.n;
	c->has = f.has;
	return true;
}
