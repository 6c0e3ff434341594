#include "rule/stixmatch.h"

#include "base/limits.h"
#include "rule/stixparts.h"

/* What one pattern may ask for when its REPEATS are written out. */
#define SLOTS_MAX 4096u
#define MOMENTS_MAX 1024u

struct choice {
	uint32_t value, of;
};

/*
 * Takes the ORs out of a pattern, one way after the other: the choices made on the walk are counted
 * up like digits.
 */
struct chooser {
	struct arena a;
	struct arena way; /* of one way */
	struct stix_conjunction c;
	VEC(struct choice) choices;
	size_t at;   /* the next choice on this walk */
	size_t from; /* this copy's first choice, and the one of the copy before while … */
	size_t before;
	bool tied; /* … all choices were the same: what comes is not less, as copies are alike */
	bool over; /* the limits were met */
};

/* What stands around a part. */
struct around {
	const struct stix_bound *bounds;
	int64_t lo, hi;
	bool timed;
	uint64_t times;
};

static void put(struct chooser *g, const struct stix_tree *t, struct around in);

static uint32_t moment_new(struct chooser *g)
{
	g->over |= g->c.n_moments >= MOMENTS_MAX;
	return g->c.n_moments++;
}

static void bound(struct chooser *g, struct around *in, uint32_t moment, bool lower, int64_t after)
{
	struct stix_bound *b = arena_new(&g->way, struct stix_bound);

	*b = (struct stix_bound){
		.up = in->bounds, .moment = moment, .lower = lower, .after = after};
	in->bounds = b;
	in->timed = true;
}

static uint32_t choose(struct chooser *g, uint32_t of)
{
	uint32_t least = 0;

	if (g->tied)
		least = g->choices.at[g->before + (g->at - g->from)].value;
	if (g->at == g->choices.n)
		*vec_push(&g->choices) = (struct choice){least, of};
	uint32_t value = g->choices.at[g->at++].value;
	g->tied &= value == least;
	return value;
}

static void put_then(struct chooser *g, const struct stix_tree *t, struct around in)
{
	uint32_t moment = 0;

	for (const struct stix_tree *c = t->child; c && !g->over; c = c->next) {
		struct around one = in;
		if (c != t->child)
			bound(g, &one, moment, true, 0);
		if (c->next) {
			uint32_t after = moment_new(g);
			if (c != t->child)
				*vec_push(&g->c.orders) = (struct stix_order){moment, after};
			moment = after;
			bound(g, &one, moment, false, 0);
		}
		put(g, c, one);
	}
}

static bool same_choices(const struct chooser *g, size_t a, size_t b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (g->choices.at[a + i].value != g->choices.at[b + i].value)
			return false;
	}
	return true;
}

/*
 * Copies of something with moments or choices.  They are alike, so it is enough to look at them in
 * one order: their choices don't fall, and where they are the same, their first moments don't.
 */
static void put_copies(struct chooser *g, const struct stix_tree *t, struct around in)
{
	size_t outer_from = g->from, outer_before = g->before;
	bool outer_tied = g->tied;
	size_t entered = g->at, from = 0, to = 0;
	uint32_t moment = 0;

	g->over |= t->n > SLOTS_MAX;
	for (uint64_t i = 0; i < t->n && !g->over; i++) {
		size_t begin = g->at;
		uint32_t first = g->c.n_moments;

		g->before = from;
		g->from = begin;
		g->tied = i > 0;
		put(g, t->child, in);
		bool same = i > 0 && g->at - begin == to - from &&
			    same_choices(g, from, begin, to - from);
		if (same && g->c.n_moments > first)
			*vec_push(&g->c.orders) = (struct stix_order){moment, first};
		from = begin;
		to = g->at;
		moment = first;
	}
	/* Within a copy of something around it, what comes next may be anything. */
	g->from = outer_from;
	g->before = outer_before;
	g->tied = outer_tied && g->at == entered;
}

static void put_observed(struct chooser *g, const struct stix_tree *t, struct around in)
{
	g->over |= g->c.slots.n >= SLOTS_MAX;
	if (in.timed)
		stix_domain_sort(&g->a, t->domain);
	*vec_push(&g->c.slots) = (struct stix_slot){.of = t->of,
		.domain = t->domain,
		.count = in.times,
		.lo = in.lo,
		.hi = in.hi,
		.timed = in.timed,
		.bounds = in.bounds};
}

static void put_either(struct chooser *g, const struct stix_tree *t, struct around in)
{
	uint32_t n = 0, i = 0;

	for (const struct stix_tree *c = t->child; c; c = c->next)
		n++;
	uint32_t value = choose(g, n);
	const struct stix_tree *c = t->child;
	while (i++ < value)
		c = c->next;
	put(g, c, in);
}

static void put(struct chooser *g, const struct stix_tree *t, struct around in)
{
	if (g->over)
		return;
	switch (t->kind) {
	case PART_OBSERVED:
		put_observed(g, t, in);
		return;
	case PART_EITHER:
		put_either(g, t, in);
		return;
	case PART_THEN:
		put_then(g, t, in);
		return;
	case PART_REPEATS:
		if (t->child->structured) {
			put_copies(g, t, in);
			return;
		}
		in.times = t->n > UINT64_MAX / in.times ? UINT64_MAX : in.times * t->n;
		break;
	case PART_WITHIN: {
		uint32_t moment = moment_new(g);
		bound(g, &in, moment, true, 0);
		bound(g, &in, moment, false, (int64_t)t->n - 1);
		break;
	}
	case PART_BETWEEN:
		in.timed = true;
		in.lo = t->lo > in.lo ? t->lo : in.lo;
		in.hi = t->hi < in.hi ? t->hi : in.hi;
		break;
	case PART_TOGETHER:
		break;
	}
	for (const struct stix_tree *c = t->child; c; c = c->next)
		put(g, c, in);
}

/* The next way through the ORs; false after the last. */
static bool next_way(struct chooser *g)
{
	while (g->choices.n) {
		struct choice *last = &g->choices.at[g->choices.n - 1];
		if (++last->value < last->of)
			return true;
		g->choices.n--;
	}
	return false;
}

static enum stix_verdict one_way(struct chooser *g, const struct stix_tree *t,
	uint64_t *inout_steps, struct stix_answer *answer)
{
	struct around in = {.lo = -STIX_FAR, .hi = STIX_FAR, .times = 1};
	struct arena_mark start = arena_mark(&g->way);

	g->c.slots.n = g->c.orders.n = 0;
	g->c.n_moments = 0;
	g->at = 0;
	g->tied = g->over = false;
	put(g, t, in);
	/* What a way costs before anything is looked at. */
	uint64_t cost = 64 + 16 * g->c.slots.n + g->c.n_spans;
	enum stix_verdict v = STIX_UNDECIDED;
	*inout_steps -= *inout_steps < cost ? *inout_steps : cost;
	if (!g->over && *inout_steps)
		v = stix_solve(&g->c, inout_steps, answer);
	arena_rewind(&g->way, start);
	return v;
}

void stixmatch(const struct pattern_node *root, const struct stix_seen *seen,
	struct stix_answer *ret_answer)
{
	struct chooser g = {.c = {.n_spans = seen->n}};
	uint64_t steps = LIMIT_PATTERN_STEPS;

	*ret_answer = (struct stix_answer){.verdict = STIX_NO};
	const struct stix_tree *t = stix_tree_of(&g.a, root, seen, ret_answer);
	while (t && ret_answer->verdict != STIX_MATCH) {
		/* What one way doesn't decide, another still may. */
		enum stix_verdict v = one_way(&g, t, &steps, ret_answer);
		if (v != STIX_NO)
			ret_answer->verdict = v;
		if (!steps || !next_way(&g))
			break;
	}
	vec_release(&g.choices);
	stix_conjunction_release(&g.c);
	arena_release(&g.way);
	arena_release(&g.a);
}

void stix_answer_release(struct stix_answer *answer)
{
	vec_release(&answer->parts);
	vec_release(&answer->missing);
}
