#include "rule/correlate.h"

#include <stdlib.h>

#include "base/limits.h"
#include "rule/correlate_inside.h"
#include "rule/number.h"

static void *many(size_t n, size_t size)
{
	void *at = n > SIZE_MAX / size ? NULL : malloc(n * size);

	if (!at)
		BUG("out of memory");
	return at;
}

static void add_base(struct working *k, uint32_t ref)
{
	const struct correlating *g = k->g;
	uint32_t rule = k->w.c->refs[ref].rule;

	for (uint32_t i = g->first[rule]; i < g->first[rule + 1]; i++) {
		const struct correlate_hit *h = &g->hits[g->by_rule[i]];
		if (h->time == INT64_MIN) {
			k->account->timeless++;
			continue;
		}
		k->account->hits[ref]++;
		k->items[k->n_items++] = (struct item){.time = h->time,
			.event = h->event,
			.ref = (uint8_t)ref,
			.at = g->by_rule[i]};
	}
}

static void add_found(struct working *k, uint32_t ref)
{
	const struct found_all *all = &k->g->found[k->w.c->refs[ref].rule];

	for (size_t i = 0; i < all->at.n; i++) {
		const struct found *f = &all->at.at[i];
		k->account->hits[ref]++;
		k->items[k->n_items++] = (struct item){.time = f->time,
			.event = f->number,
			.ref = (uint8_t)ref,
			.found = true,
			.at = (uint32_t)i};
	}
}

static void gather(struct working *k)
{
	const struct correlation *c = k->w.c;

	size_t room = 1;

	k->account->hits = arena_zalloc(&k->g->out->arena, c->n_refs * sizeof(uint64_t));
	for (uint32_t i = 0; i < c->n_refs; i++) {
		uint32_t rule = c->refs[i].rule;
		room += k->g->first[rule + 1] - k->g->first[rule] + k->g->found[rule].at.n;
	}
	k->items = many(room, sizeof(*k->items));
	for (uint32_t i = 0; i < c->n_refs; i++) {
		if (k->g->rs->rules.at[c->refs[i].rule].correlation)
			add_found(k, i);
		else
			add_base(k, i);
	}
	k->w.items = k->items;
	grouping_begin(&k->groups, k->n_items);
	for (size_t i = 0; i < k->n_items; i++)
		k->items[i].group =
			grouping_number(&k->groups, &k->w, (uint32_t)i, 0, c->n_group_by);
	k->account->groups = k->groups.firsts.n;
}

static int by_item(const void *va, const void *vb)
{
	const struct item *a = va, *b = vb;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	if (a->found != b->found)
		return a->found ? 1 : -1;
	if (a->event != b->event)
		return a->event < b->event ? -1 : 1;
	if (a->ref != b->ref)
		return a->ref < b->ref ? -1 : 1;
	if (a->left_out != b->left_out)
		return a->left_out ? 1 : -1;
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

/* Whether an item has what is counted, which it then also knows. */
static bool read_value(struct working *k, struct item *i)
{
	const struct correlation *c = k->w.c;

	for (uint32_t f = 0; f < c->n_fields; f++) {
		const struct correlate_value *v = item_value(&k->w, i, c->n_group_by + f);
		if (!v->there ||
			(c->type != CORRELATE_VALUE_COUNT && !number_of(v->text, &i->number)))
			return false;
	}
	if (c->type == CORRELATE_VALUE_COUNT)
		i->number = grouping_number(
			&k->values, &k->w, (uint32_t)(i - k->items), c->n_group_by, c->n_fields);
	return true;
}

/* The same event or finding.  In the order of items, those of one stand together. */
static bool is_same(const struct item *before, const struct item *i)
{
	return before->found == i->found && before->event == i->event && before->time == i->time &&
	       (!i->found || before->ref == i->ref);
}

/*
 * An event that several of the rules match counts once, a finding too, and of a finding's values each
 * different one; what else a finding has belongs to it without counting.  False: it is left out.
 */
static bool keep(const struct item *before, struct item *i)
{
	bool same = before && is_same(before, i);

	i->again = same && (!i->found || i->left_out || before->number == i->number);
	if (!i->left_out)
		return true;
	if (!same || !i->found)
		return false;
	i->number = before->number;
	return true;
}

/* The items of one group, in their order; those that can't count are taken out. */
static void one_group(struct working *k, struct windows *s, struct item *items, size_t n)
{
	size_t kept = 0;

	k->left_out.n = 0;
	for (size_t i = 0; i < n; i++) {
		if (keep(kept ? &items[kept - 1] : NULL, &items[i]))
			items[kept++] = items[i];
		else
			*vec_push(&k->left_out) = items[i].time;
	}
	k->account->left_out += k->left_out.n;
	k->at = items;
	if (kept)
		windows_each(s, items, kept, k->account, correlate_take, k);
}

/* By group; and in each by time, as most come already. */
static void sort_items(struct working *k, size_t *ends)
{
	struct item *sorted = many(k->n_items + 1, sizeof(*sorted));
	size_t n_groups = k->groups.firsts.n, at = 0;

	for (size_t i = 0; i < k->n_items; i++)
		ends[k->items[i].group]++;
	for (size_t i = 0; i < n_groups; i++) {
		size_t n = ends[i];
		ends[i] = at;
		at += n;
	}
	for (size_t i = 0; i < k->n_items; i++)
		sorted[ends[k->items[i].group]++] = k->items[i];
	free(k->items);
	k->items = sorted;
	k->w.items = sorted;
	for (size_t i = 0, from = 0; i < n_groups; from = ends[i++]) {
		size_t to = from + 1;
		while (to < ends[i] && by_item(&sorted[to - 1], &sorted[to]) < 0)
			to++;
		if (to < ends[i])
			qsort(sorted + from, ends[i] - from, sizeof(*sorted), by_item);
	}
}

static void evaluate(struct working *k)
{
	gather(k);
	grouping_begin(&k->values, k->n_items);
	for (size_t i = 0; i < k->n_items; i++)
		k->items[i].left_out = !read_value(k, &k->items[i]);
	struct windows *s = windows_new(&k->w, (uint32_t)k->values.firsts.n);
	size_t *ends = many(k->groups.firsts.n + 1, sizeof(*ends)), from = 0;
	memset(ends, 0, (k->groups.firsts.n + 1) * sizeof(*ends));
	sort_items(k, ends);
	for (size_t i = 0; i < k->groups.firsts.n; from = ends[i++])
		one_group(k, s, k->items + from, ends[i] - from);
	free(ends);
	windows_free(s);
}

static void one_rule(struct correlating *g, uint32_t rule)
{
	struct working k = {.g = g, .rule = rule, .account = &g->out->accounts[rule]};

	k.w = (struct walk){.rs = g->rs,
		.c = g->rs->rules.at[rule].correlation,
		.hits = g->hits,
		.found = g->found,
		.until = g->until};
	evaluate(&k);
	free(k.items);
	grouping_release(&k.groups);
	grouping_release(&k.values);
	grouping_release(&k.wanted);
	vec_release(&k.left_out);
	vec_release(&k.events);
	vec_release(&k.run);
	buf_release(&k.why);
}

static int by_time(const void *va, const void *vb)
{
	const struct correlate_finding *a = va, *b = vb;

	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->events[0] != b->events[0])
		return a->events[0] < b->events[0] ? -1 : 1;
	return str_cmp(a->why, b->why);
}

/* Hits by rule, so that each correlation sees those of its rules alone. */
static void sort_hits(struct correlating *g, size_t n)
{
	size_t n_rules = g->rs->rules.n;
	uint32_t *first = calloc(n_rules + 2, sizeof(*first));
	uint32_t *by_rule = malloc((n + 1) * sizeof(*by_rule));

	if (!first || !by_rule || n >= UINT32_MAX)
		BUG("out of memory");
	for (size_t i = 0; i < n; i++)
		first[g->hits[i].rule + 2]++;
	for (size_t r = 2; r < n_rules + 2; r++)
		first[r] += first[r - 1];
	for (size_t i = 0; i < n; i++)
		by_rule[first[g->hits[i].rule + 1]++] = (uint32_t)i;
	g->first = first;
	g->by_rule = by_rule;
}

void correlate(const struct ruleset *rs, const struct correlate_hit *hits, size_t n, int64_t until,
	struct correlated *ret)
{
	struct correlating g = {.rs = rs, .hits = hits, .out = ret, .until = until};

	*ret = (struct correlated){0};
	ret->accounts = arena_zalloc(&ret->arena, (rs->rules.n + 1) * sizeof(*ret->accounts));
	g.found = arena_zalloc(&g.arena, (rs->rules.n + 1) * sizeof(*g.found));
	sort_hits(&g, n);
	for (uint32_t height = 1; height <= LIMIT_CORRELATION_DEPTH; height++)
		for (uint32_t i = 0; i < rs->rules.n; i++) {
			const struct rule *r = &rs->rules.at[i];
			if (r->correlation && r->loaded && r->correlation->height == height)
				one_rule(&g, i);
		}
	if (ret->at.n)
		qsort(ret->at.at, ret->at.n, sizeof(*ret->at.at), by_time);
	for (uint32_t i = 0; i < rs->rules.n; i++)
		vec_release(&g.found[i].at);
	arena_release(&g.arena);
	free(g.first);
	free(g.by_rule);
}

void correlated_release(struct correlated *c)
{
	vec_release(&c->at);
	arena_release(&c->arena);
}
