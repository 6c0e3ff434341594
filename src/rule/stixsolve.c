#include "rule/stixsolve.h"

#include <stdlib.h>

#include "base/err.h"
#include "rule/stixflow.h"

/* What waits to be searched may not take more memory than this. */
#define BOXES_BYTES (64u << 20)

/* A part of the moments' space: a window for each. */
struct search {
	const struct stix_conjunction *c;
	struct stix_flow flow;
	VEC(struct stix_window) boxes; /* a stack, n_moments at a time */
	struct stix_window *box;       /* the current one */
	struct stix_window *windows;   /* of slots */
	uint64_t steps;
};

void stix_conjunction_release(struct stix_conjunction *c)
{
	vec_release(&c->slots);
	vec_release(&c->orders);
}

/* The window that the moments leave to a slot: `exact` with each moment at its earliest. */
static struct stix_window window_of(
	const struct stix_slot *s, const struct stix_window *box, bool exact)
{
	struct stix_window w = {s->lo, s->hi};

	for (const struct stix_bound *b = s->bounds; b; b = b->up) {
		const struct stix_window *m = &box[b->moment];
		if (b->lower && m->lo > w.lo)
			w.lo = m->lo;
		if (!b->lower && (exact ? m->lo : m->hi) + b->after < w.hi)
			w.hi = (exact ? m->lo : m->hi) + b->after;
	}
	return w;
}

/* The earliest moment by which `count` observations can have happened in the window. */
static bool earliest(
	struct search *g, const struct stix_slot *s, struct stix_window w, int64_t *ret_t)
{
	const struct stix_domain *d = s->domain;
	uint64_t have = 0;

	for (uint32_t i = stix_domain_from(d, w.lo); i < d->n && g->steps; i++) {
		const struct stix_span *o = &d->spans[d->by_first[i]];
		stix_step(&g->steps);
		if (o->first > w.hi)
			break;
		if (o->last < w.lo)
			continue;
		have = have + o->count < have ? UINT64_MAX : have + o->count;
		if (have >= s->count) {
			*ret_t = o->first > w.lo ? o->first : w.lo;
			return true;
		}
	}
	return false;
}

/* The latest moment from which on `count` can happen. */
static bool latest(
	struct search *g, const struct stix_slot *s, struct stix_window w, int64_t *ret_t)
{
	const struct stix_domain *d = s->domain;
	uint64_t have = 0;

	for (uint32_t i = stix_domain_upto(d, w.hi); i-- > 0 && g->steps;) {
		const struct stix_span *o = &d->spans[d->by_last[i]];
		stix_step(&g->steps);
		if (o->last < w.lo)
			break;
		if (o->first > w.hi)
			continue;
		have = have + o->count < have ? UINT64_MAX : have + o->count;
		if (have >= s->count) {
			*ret_t = o->last < w.hi ? o->last : w.hi;
			return true;
		}
	}
	return false;
}

static bool raise_to(int64_t *inout, int64_t t)
{
	bool changed = t > *inout;

	if (changed)
		*inout = t;
	return changed;
}

static bool lower_to(int64_t *inout, int64_t t)
{
	bool changed = t < *inout;

	if (changed)
		*inout = t;
	return changed;
}

/* What a slot says of its moments.  False if it can't be filled. */
static bool bound_by(struct search *g, const struct stix_slot *s, bool *inout_changed)
{
	struct stix_window w = window_of(s, g->box, false);
	int64_t by, from;

	if (w.lo > w.hi || !earliest(g, s, w, &by) || !latest(g, s, w, &from))
		return false;
	for (const struct stix_bound *b = s->bounds; b; b = b->up) {
		struct stix_window *m = &g->box[b->moment];
		if (b->lower)
			*inout_changed |= lower_to(&m->hi, from);
		else
			*inout_changed |= raise_to(&m->lo, by - b->after);
	}
	return true;
}

/*
 * Narrows the box to what all say of one another.  Afterwards its earliest corner satisfies every
 * bound between moments.  False if nothing is left.
 */
static bool narrow(struct search *g)
{
	const struct stix_conjunction *c = g->c;

	for (bool changed = true; changed;) {
		changed = false;
		for (size_t i = 0; i < c->slots.n; i++) {
			if (c->slots.at[i].timed && !bound_by(g, &c->slots.at[i], &changed))
				return false;
		}
		for (size_t i = 0; i < c->orders.n; i++) {
			struct stix_window *first = &g->box[c->orders.at[i].first];
			struct stix_window *second = &g->box[c->orders.at[i].second];
			changed |= raise_to(&second->lo, first->lo);
			changed |= lower_to(&first->hi, second->hi);
		}
		for (uint32_t i = 0; i < c->n_moments; i++) {
			if (g->box[i].lo > g->box[i].hi)
				return false;
		}
	}
	return g->steps > 0;
}

static bool fits(struct search *g, bool exact)
{
	for (size_t i = 0; i < g->c->slots.n; i++)
		g->windows[i] = window_of(&g->c->slots.at[i], g->box, exact);
	return stix_flow_exists(&g->flow, g->c, g->windows, &g->steps);
}

/*
 * Where a moment's window may be cut so that something changes: at v an observation of this bound
 * comes in or goes out that didn't at v - 1.  The middle one of those, and how many there are.
 */
static uint32_t middle(
	const struct stix_slot *s, const struct stix_bound *b, struct stix_window m, int64_t *ret_v)
{
	const struct stix_domain *d = s->domain;
	const uint32_t *sorted = b->lower ? d->by_last : d->by_first;
	/* lower: out when last < v, so at last + 1; else: in when first <= v + after. */
	int64_t shift = b->lower ? 1 : -b->after;
	uint32_t from = stix_sorted_below(d, sorted, b->lower, m.lo + 1 - shift);
	uint32_t to = stix_sorted_below(d, sorted, b->lower, m.hi + 1 - shift);

	if (from == to)
		return 0;
	const struct stix_span *o = &d->spans[sorted[from + (to - from) / 2]];
	*ret_v = (b->lower ? o->last : o->first) + shift;
	return to - from;
}

/* Which moment to cut, and where: false if nothing can change any more. */
static bool cut(const struct search *g, uint32_t *ret_moment, int64_t *ret_v)
{
	uint32_t most = 0;

	for (size_t i = 0; i < g->c->slots.n; i++) {
		const struct stix_slot *s = &g->c->slots.at[i];
		for (const struct stix_bound *b = s->bounds; b; b = b->up) {
			int64_t v;
			uint32_t n = middle(s, b, g->box[b->moment], &v);
			if (n <= most)
				continue;
			most = n;
			*ret_moment = b->moment;
			*ret_v = v;
		}
	}
	return most > 0;
}

static void push(struct search *g, const struct stix_window *box)
{
	for (uint32_t i = 0; i < g->c->n_moments; i++)
		*vec_push(&g->boxes) = box[i];
}

/* The whole space: from the first to the last moment of anything. */
static void push_all(struct search *g)
{
	struct stix_window all = {STIX_FAR, -STIX_FAR};

	for (size_t i = 0; i < g->c->slots.n; i++) {
		const struct stix_domain *d = g->c->slots.at[i].domain;
		if (d->n == 0)
			continue;
		lower_to(&all.lo, d->spans[d->by_first[0]].first);
		raise_to(&all.hi, d->spans[d->by_last[d->n - 1]].last);
	}
	for (uint32_t i = 0; i < g->c->n_moments; i++)
		*vec_push(&g->boxes) = all;
}

/* One box: true if it holds an answer; else what is left to search of it is pushed. */
static bool look(struct search *g)
{
	uint32_t moment;
	int64_t v;

	if (!narrow(g) || !fits(g, false))
		return false;
	if (fits(g, true))
		return true;
	if (g->steps && cut(g, &moment, &v)) {
		struct stix_window whole = g->box[moment];
		g->box[moment].lo = v;
		push(g, g->box);
		g->box[moment] = (struct stix_window){whole.lo, v - 1};
		push(g, g->box);
	}
	return false;
}

static void tell(const struct search *g, struct stix_answer *answer)
{
	for (size_t i = 0; i < g->flow.edges.n; i++) {
		const struct stix_edge *e = &g->flow.edges.at[i];
		if (e->flow)
			*vec_push(&answer->parts) =
				(struct stix_part){.of = g->c->slots.at[e->slot].of,
					.observation = e->observation,
					.times = e->flow};
	}
}

enum stix_verdict stix_solve(
	const struct stix_conjunction *c, uint64_t *inout_steps, struct stix_answer *inout_answer)
{
	struct search g = {.c = c, .steps = *inout_steps};
	uint32_t n = c->n_moments;
	enum stix_verdict verdict = STIX_NO;

	stix_flow_init(&g.flow, (uint32_t)c->slots.n, c->n_spans);
	g.box = malloc((n + 1) * sizeof(*g.box));
	g.windows = malloc((c->slots.n + 1) * sizeof(*g.windows));
	if (!g.box || !g.windows)
		BUG("out of memory");
	push_all(&g);
	/* Without moments there is one box, which has nothing in it. */
	for (bool once = n == 0; verdict == STIX_NO && (once || g.boxes.n); once = false) {
		g.boxes.n -= n;
		if (n)
			memcpy(g.box, g.boxes.at + g.boxes.n, n * sizeof(*g.box));
		stix_step(&g.steps);
		if (look(&g))
			verdict = STIX_MATCH;
		else if (!g.steps || g.boxes.n * sizeof(*g.box) > BOXES_BYTES)
			verdict = STIX_UNDECIDED;
	}
	if (verdict == STIX_MATCH)
		tell(&g, inout_answer);
	*inout_steps = g.steps;
	vec_release(&g.boxes);
	stix_flow_release(&g.flow);
	free(g.windows);
	free(g.box);
	return verdict;
}
