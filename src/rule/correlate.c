#include "rule/correlate.h"

#include <stdlib.h>

#include "base/limits.h"
#include "rule/correlate_inside.h"
#include "rule/number.h"

struct correlating {
	const struct ruleset *rs;
	const struct correlate_hit *hits;
	uint32_t *first, *by_rule; /* hits of rule r: by_rule[first[r] … first[r+1]-1] */
	struct found_all *found;   /* by rule */
	struct correlated *out;
	int64_t until;
	struct arena arena; /* of findings that others name */
};

struct wanted {
	uint32_t number; /* of the combination of values */
	uint32_t at;     /* among the group's items */
};

/* One correlation. */
struct working {
	struct correlating *g;
	uint32_t rule;
	struct walk w;
	VEC(struct item) items;
	struct grouping groups, values, wanted;
	VEC(int64_t) left_out; /* of the group at hand: times of what is left out */
	VEC(uint32_t) events;
	VEC(struct wanted) run; /* items of a run, by what others want of them */
	const struct item *at;  /* the group's */
	struct correlate_account *account;
	int64_t from; /* of the run at hand */
	struct buf why;
};

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
		*vec_push(&k->items) = (struct item){
			.time = h->time, .event = h->event, .ref = ref, .at = g->by_rule[i]};
	}
}

static void add_found(struct working *k, uint32_t ref)
{
	const struct found_all *all = &k->g->found[k->w.c->refs[ref].rule];

	for (size_t i = 0; i < all->at.n; i++) {
		const struct found *f = &all->at.at[i];
		k->account->hits[ref]++;
		*vec_push(&k->items) = (struct item){.time = f->time,
			.event = f->number,
			.ref = ref,
			.found = true,
			.at = (uint32_t)i};
	}
}

static void gather(struct working *k)
{
	const struct correlation *c = k->w.c;

	k->account->hits = arena_zalloc(&k->g->out->arena, c->n_refs * sizeof(uint64_t));
	for (uint32_t i = 0; i < c->n_refs; i++) {
		if (k->g->rs->rules.at[c->refs[i].rule].correlation)
			add_found(k, i);
		else
			add_base(k, i);
	}
	k->w.items = k->items.at;
	k->w.n_items = k->items.n;
	grouping_begin(&k->groups, k->items.n);
	for (size_t i = 0; i < k->items.n; i++)
		k->items.at[i].group =
			grouping_number(&k->groups, &k->w, (uint32_t)i, 0, c->n_group_by);
	k->account->groups = k->groups.firsts.n;
}

static int by_group(const void *va, const void *vb)
{
	const struct item *a = va, *b = vb;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
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
		i->value = grouping_number(
			&k->values, &k->w, (uint32_t)(i - k->items.at), c->n_group_by, c->n_fields);
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
	i->value = before->value;
	return true;
}

static size_t between(const struct working *k, int64_t from, int64_t to)
{
	size_t n = 0;

	for (size_t i = 0; i < k->left_out.n; i++)
		n += k->left_out.at[i] >= from && k->left_out.at[i] <= to;
	return n;
}

static int by_size(const void *va, const void *vb)
{
	const uint32_t *a = va, *b = vb;

	return (*a > *b) - (*a < *b);
}

static void sort_events(struct working *k)
{
	size_t n = 0;

	qsort(k->events.at, k->events.n, sizeof(*k->events.at), by_size);
	for (size_t i = 0; i < k->events.n; i++)
		if (!n || k->events.at[n - 1] != k->events.at[i])
			k->events.at[n++] = k->events.at[i];
	k->events.n = n;
}

static void add_events(struct working *k, const struct item *i)
{
	if (!i->found) {
		*vec_push(&k->events) = i->event;
		return;
	}
	const struct found *f = &k->w.found[k->w.c->refs[i->ref].rule].at.at[i->at];
	for (uint32_t n = 0; n < f->n_events; n++)
		*vec_push(&k->events) = f->events[n];
}

/* When the first of a run's events was. */
static int64_t begin_of(const struct working *k, const struct run *r, uint64_t has)
{
	int64_t from = INT64_MAX;

	for (size_t i = r->lo; i < r->hi; i++) {
		const struct item *at = &k->at[i];
		int64_t t = at->time;
		if (!(has >> at->ref & 1))
			continue;
		if (at->found)
			t = k->w.found[k->w.c->refs[at->ref].rule].at.at[at->at].from;
		from = t < from ? t : from;
	}
	return from;
}

static void say(struct working *k, const struct run *r, const struct item *items, size_t n)
{
	struct correlate_finding f = {
		.rule = k->rule, .from = k->from, .to = items[n - 1].time, .total = k->events.n};
	struct reason reason = {.walk = &k->w,
		.from = f.from,
		.to = f.to,
		.items = items,
		.n = n,
		.run = r,
		.left_out = between(k, f.from, f.to),
		.total = f.total};

	while (f.n < CORRELATE_EVENTS && f.n < k->events.n) {
		f.events[f.n] = k->events.at[f.n];
		f.n++;
	}
	buf_clear(&k->why);
	correlate_why(&reason, &k->why);
	f.why = arena_dup(&k->g->out->arena, buf_view(&k->why));
	*vec_push(&k->g->out->at) = f;
}

/* The hit that items of a run with the same of what is wanted are for other correlations. */
static void add_hit(struct working *k, const struct run *r, const struct wanted *same, size_t n)
{
	const struct correlation *c = k->w.c;
	struct arena *a = &k->g->arena;
	struct correlate_value *values = arena_array(a, c->n_wants + 1, sizeof(*values));

	for (uint32_t i = 0; i < c->n_wants; i++)
		values[i] = *item_value(&k->w, &k->at[same[0].at], c->n_group_by + c->n_fields + i);
	k->events.n = 0;
	for (size_t i = 0; i < n; i++)
		add_events(k, &k->at[same[i].at]);
	sort_events(k);
	uint32_t *events = arena_array(a, k->events.n, sizeof(*events));
	memcpy(events, k->events.at, k->events.n * sizeof(*events));
	*vec_push(&k->g->found[k->rule].at) = (struct found){
		.time = k->at[r->hi - 1].time,
		.from = k->from,
		.number = (uint32_t)k->account->findings,
		.values = values,
		.events = events,
		.n_events = (uint32_t)k->events.n,
	};
}

static int by_wanted(const void *va, const void *vb)
{
	const struct wanted *a = va, *b = vb;

	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

static void add_hits(struct working *k, const struct run *r, uint64_t has)
{
	const struct correlation *c = k->w.c;
	uint32_t base = (uint32_t)(k->at - k->items.at);

	grouping_begin(&k->wanted, r->hi - r->lo);
	k->run.n = 0;
	for (uint32_t i = (uint32_t)r->lo; i < r->hi; i++)
		if (has >> k->at[i].ref & 1)
			*vec_push(&k->run) =
				(struct wanted){grouping_number(&k->wanted, &k->w, base + i,
							c->n_group_by + c->n_fields, c->n_wants),
					i};
	qsort(k->run.at, k->run.n, sizeof(*k->run.at), by_wanted);
	for (size_t from = 0, to; from < k->run.n; from = to) {
		for (to = from + 1;
			to < k->run.n && k->run.at[to].number == k->run.at[from].number;)
			to++;
		add_hit(k, r, k->run.at + from, to - from);
	}
}

static void take_run(void *arg, const struct run *r)
{
	struct working *k = arg;
	const struct rule *rule = &k->g->rs->rules.at[k->rule];
	uint64_t has = k->w.c->has;

	k->account->findings++;
	k->from = begin_of(k, r, has);
	if (rule->feeds)
		add_hits(k, r, has);
	if (rule->silent)
		return;
	k->events.n = 0;
	for (size_t i = r->lo; i < r->hi; i++)
		if (has >> k->at[i].ref & 1)
			add_events(k, &k->at[i]);
	sort_events(k);
	say(k, r, k->at + r->lo, r->hi - r->lo);
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
		windows_each(s, items, kept, k->account, take_run, k);
}

static void evaluate(struct working *k)
{
	gather(k);
	grouping_begin(&k->values, k->items.n);
	for (size_t i = 0; i < k->items.n; i++)
		k->items.at[i].left_out = !read_value(k, &k->items.at[i]);
	struct windows *s = windows_new(&k->w, (uint32_t)k->values.firsts.n);
	if (k->items.n)
		qsort(k->items.at, k->items.n, sizeof(*k->items.at), by_group);
	for (size_t from = 0, to; from < k->items.n; from = to) {
		for (to = from + 1;
			to < k->items.n && k->items.at[to].group == k->items.at[from].group;)
			to++;
		one_group(k, s, k->items.at + from, to - from);
	}
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
	vec_release(&k.items);
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
