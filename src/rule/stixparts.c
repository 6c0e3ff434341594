#include "rule/stixparts.h"

#include <stdlib.h>

#include "base/err.h"
#include "rule/patternlex.h"

#define MISSING_TOLD 16

struct preparing {
	struct arena *a;
	const struct stix_seen *seen;
	struct stix_answer *answer;
	bool *holds; /* per observation, for one bracket at a time */
};

static struct stix_tree *prepare(struct preparing *g, const struct pattern_node *n);

static uint64_t sum(uint64_t a, uint64_t b)
{
	return a + b < a ? UINT64_MAX : a + b;
}

static uint64_t product(uint64_t a, uint64_t b)
{
	return b && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

static struct stix_tree *part_new(
	struct preparing *g, enum stix_part_kind kind, const struct pattern_node *of)
{
	struct stix_tree *t = arena_new(g->a, struct stix_tree);

	t->kind = kind;
	t->of = of;
	t->n = of->n;
	return t;
}

static void set_domain(struct preparing *g, struct stix_tree *t, const bool *holds)
{
	const struct stix_seen *seen = g->seen;
	struct stix_domain *d = arena_new(g->a, struct stix_domain);

	for (uint32_t i = 0; i < seen->n; i++)
		d->n_all += holds[i];
	d->spans = seen->at;
	d->all = arena_array(g->a, d->n_all + 1, sizeof(*d->all));
	d->n_all = 0;
	for (uint32_t i = 0; i < seen->n; i++) {
		if (!holds[i])
			continue;
		d->all[d->n_all++] = i;
		d->supply = sum(d->supply, seen->at[i].count);
	}
	t->domain = d;
	t->demand = 1;
	t->supply = d->supply;
}

static struct stix_tree *observed(struct preparing *g, const struct pattern_node *n)
{
	struct stix_tree *t = part_new(g, PART_OBSERVED, n);

	for (uint32_t i = 0; i < g->seen->n; i++)
		g->holds[i] = g->seen->holds(g->seen->arg, n, i);
	set_domain(g, t, g->holds);
	if (t->supply)
		return t;
	if (g->answer->missing.n < MISSING_TOLD)
		*vec_push(&g->answer->missing) = n;
	return NULL;
}

/* Brackets with OR between them are one that is satisfied by what satisfies either. */
static struct stix_tree *either(struct preparing *g, const struct pattern_node *n)
{
	struct stix_tree *t = part_new(g, PART_EITHER, n), *one = NULL, **last = &t->child;
	bool *holds = arena_zalloc(g->a, g->seen->n + 1);
	uint32_t brackets = 0;

	t->demand = UINT64_MAX;
	t->structured = true;
	for (const struct pattern_node *c = n->child; c; c = c->next) {
		struct stix_tree *p = prepare(g, c);
		if (p && p->kind == PART_OBSERVED) {
			brackets++;
			one = p;
			for (uint32_t i = 0; i < p->domain->n_all; i++)
				holds[p->domain->all[i]] = true;
		} else if (p) {
			*last = p;
			last = &p->next;
		}
	}
	if (brackets > 1) {
		one = part_new(g, PART_OBSERVED, n);
		set_domain(g, one, holds);
	}
	*last = one;
	for (struct stix_tree *c = t->child; c; c = c->next) {
		t->demand = c->demand < t->demand ? c->demand : t->demand;
		t->supply = sum(t->supply, c->supply);
	}
	return t->child && !t->child->next ? t->child : t->child ? t : NULL;
}

/* All of its children are needed. */
static struct stix_tree *all(
	struct preparing *g, enum stix_part_kind kind, const struct pattern_node *n)
{
	struct stix_tree *t = part_new(g, kind, n), **last = &t->child;
	bool possible = true;

	t->structured = kind == PART_THEN || kind == PART_WITHIN;
	for (const struct pattern_node *c = n->child; c; c = c->next) {
		struct stix_tree *p = prepare(g, c);
		possible &= p != NULL; /* the others' missing brackets are told, too */
		if (!p)
			continue;
		*last = p;
		last = &p->next;
		t->demand = sum(t->demand, p->demand);
		t->supply = sum(t->supply, p->supply);
		t->structured |= p->structured;
	}
	return possible ? t : NULL;
}

static struct stix_tree *qualified(struct preparing *g, const struct pattern_node *n)
{
	static const uint8_t kinds[] = {[PATTERN_WITHIN] = PART_WITHIN,
		[PATTERN_REPEATS] = PART_REPEATS,
		[PATTERN_BETWEEN] = PART_BETWEEN};
	struct stix_tree *t = all(g, (enum stix_part_kind)kinds[n->kind], n);

	if (!t)
		return NULL;
	/* One observation is within any window, and once is no repetition. */
	if ((t->kind == PART_WITHIN && t->child->kind == PART_OBSERVED) ||
		(t->kind == PART_REPEATS && t->n == 1))
		return t->child;
	if (t->kind == PART_REPEATS)
		t->demand = product(t->demand, t->n);
	if (t->kind == PART_BETWEEN) {
		/* The parser has made sure that these are times. */
		if (!pattern_time(n->start, &t->lo) || !pattern_time(n->stop, &t->hi))
			BUG("a pattern with a time that is none");
		t->hi--;
	}
	return t;
}

static struct stix_tree *prepare(struct preparing *g, const struct pattern_node *n)
{
	struct stix_tree *t;

	if (n->kind == PATTERN_OBSERVATION)
		t = observed(g, n);
	else if (n->kind == PATTERN_EITHER)
		t = either(g, n);
	else if (n->kind == PATTERN_TOGETHER)
		t = all(g, PART_TOGETHER, n);
	else if (n->kind == PATTERN_THEN)
		t = all(g, PART_THEN, n);
	else
		t = qualified(g, n);
	if (!t || t->demand <= t->supply)
		return t;
	if (!g->answer->few)
		g->answer->few = n;
	return NULL;
}

struct stix_tree *stix_tree_of(struct arena *a, const struct pattern_node *root,
	const struct stix_seen *seen, struct stix_answer *inout_answer)
{
	struct preparing g = {.a = a, .seen = seen, .answer = inout_answer};

	g.holds = arena_array(a, seen->n + 1, sizeof(*g.holds));
	return prepare(&g, root);
}

struct key {
	int64_t t;
	uint32_t i;
};

static int by_time(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	return x->t < y->t ? -1 : x->t > y->t ? 1 : x->i < y->i ? -1 : x->i > y->i;
}

static uint32_t *sorted(struct arena *a, const struct stix_domain *d, bool last)
{
	struct key *keys = arena_array(a, d->n + 1, sizeof(*keys));
	uint32_t *out = arena_array(a, d->n + 1, sizeof(*out)), n = 0;

	for (uint32_t i = 0; i < d->n_all; i++) {
		const struct stix_span *s = &d->spans[d->all[i]];
		if (s->timed)
			keys[n++] = (struct key){last ? s->last : s->first, d->all[i]};
	}
	qsort(keys, n, sizeof(*keys), by_time);
	for (uint32_t i = 0; i < n; i++)
		out[i] = keys[i].i;
	return out;
}

void stix_domain_sort(struct arena *a, struct stix_domain *d)
{
	if (d->by_first)
		return;
	for (uint32_t i = 0; i < d->n_all; i++) {
		const struct stix_span *s = &d->spans[d->all[i]];
		d->n += s->timed;
		if (s->timed && s->last - s->first > d->longest)
			d->longest = s->last - s->first;
	}
	d->by_first = sorted(a, d, false);
	d->by_last = sorted(a, d, true);
}
