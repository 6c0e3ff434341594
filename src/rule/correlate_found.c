/* What a run of windows is: a finding, and a hit for correlations that name the one that found it. */
#include <stdlib.h>

#include "rule/correlate_inside.h"

/* How many items were left out that are of a time before. */
static size_t before(const struct working *k, int64_t time)
{
	size_t low = 0, high = k->left_out.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (k->left_out.at[mid] < time)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
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
		.left_out = before(k, time_add(f.to, 1)) - before(k, f.from),
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
	uint32_t base = (uint32_t)(k->at - k->items);

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

void correlate_take(void *arg, const struct run *r)
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
