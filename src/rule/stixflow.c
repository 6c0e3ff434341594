#include "rule/stixflow.h"

#include <stdlib.h>

#include "base/err.h"

static void *room(size_t n, size_t size)
{
	void *p = calloc(n + 1, size);

	if (!p)
		BUG("out of memory");
	return p;
}

void stix_flow_init(struct stix_flow *f, uint32_t n_slots, uint32_t n_spans)
{
	*f = (struct stix_flow){.n_slots = n_slots, .n_spans = n_spans};
	f->first_edge = room(n_slots + 1, sizeof(*f->first_edge));
	f->heads = room(n_spans, sizeof(*f->heads));
	f->used = room(n_spans, sizeof(*f->used));
	f->filled = room(n_slots, sizeof(*f->filled));
	f->queue = room(n_slots, sizeof(*f->queue));
	f->got = room(n_slots, sizeof(*f->got));
	f->given = room(n_slots, sizeof(*f->given));
	f->reached = room(n_slots, sizeof(*f->reached));
	f->looked = room(n_spans, sizeof(*f->looked));
}

void stix_flow_release(struct stix_flow *f)
{
	vec_release(&f->edges);
	free(f->first_edge);
	free(f->heads);
	free(f->used);
	free(f->filled);
	free(f->queue);
	free(f->got);
	free(f->given);
	free(f->reached);
	free(f->looked);
}

uint32_t stix_sorted_below(
	const struct stix_domain *d, const uint32_t *sorted, bool last, int64_t t)
{
	uint32_t from = 0, to = d->n;

	while (from < to) {
		uint32_t mid = from + (to - from) / 2;
		const struct stix_span *s = &d->spans[sorted[mid]];
		if ((last ? s->last : s->first) < t)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

uint32_t stix_domain_from(const struct stix_domain *d, int64_t lo)
{
	return stix_sorted_below(d, d->by_first, false, lo - d->longest);
}

uint32_t stix_domain_upto(const struct stix_domain *d, int64_t hi)
{
	return stix_sorted_below(d, d->by_last, true, hi + d->longest + 1);
}

static void add_edge(struct stix_flow *f, uint32_t slot, uint32_t observation, uint64_t count)
{
	if (!f->heads[observation])
		f->reach = f->reach + count < count ? UINT64_MAX : f->reach + count;
	*vec_push(&f->edges) = (struct stix_edge){
		.slot = slot, .observation = observation, .next = f->heads[observation]};
	f->heads[observation] = (uint32_t)f->edges.n;
}

/* Edges to as many observations as all slots together need: more make no difference. */
static bool add_edges(struct stix_flow *f, const struct stix_slot *s, uint32_t slot,
	struct stix_window w, uint64_t need, uint64_t *inout_steps)
{
	const struct stix_domain *d = s->domain;
	uint32_t n = s->timed ? d->n : d->n_all;
	uint64_t have = 0;

	f->first_edge[slot] = (uint32_t)f->edges.n;
	for (uint32_t i = s->timed ? stix_domain_from(d, w.lo) : 0; i < n && have < need; i++) {
		uint32_t o = s->timed ? d->by_first[i] : d->all[i];
		const struct stix_span *span = &d->spans[o];
		stix_step(inout_steps);
		if (s->timed && span->first > w.hi)
			break;
		if (s->timed && span->last < w.lo)
			continue;
		add_edge(f, slot, o, span->count);
		have = have + span->count < have ? UINT64_MAX : have + span->count;
	}
	f->first_edge[slot + 1] = (uint32_t)f->edges.n;
	return have >= s->count && *inout_steps;
}

static void clear(struct stix_flow *f)
{
	for (size_t i = 0; i < f->edges.n; i++) {
		f->heads[f->edges.at[i].observation] = 0;
		f->used[f->edges.at[i].observation] = 0;
	}
	f->edges.n = 0;
	f->reach = 0;
	memset(f->filled, 0, f->n_slots * sizeof(*f->filled));
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void take(struct stix_flow *f, uint32_t edge, uint64_t n)
{
	f->edges.at[edge].flow += n;
	f->used[f->edges.at[edge].observation] += n;
	f->filled[f->edges.at[edge].slot] += n;
}

/* What can be had without taking anything from another slot. */
static void take_free(struct stix_flow *f, const struct stix_conjunction *c, uint32_t slot)
{
	const struct stix_slot *s = &c->slots.at[slot];

	for (uint32_t e = f->first_edge[slot];
		e < f->first_edge[slot + 1] && f->filled[slot] < s->count; e++) {
		uint32_t o = f->edges.at[e].observation;
		uint64_t left = s->domain->spans[o].count - f->used[o];
		take(f, e, least(left, s->count - f->filled[slot]));
	}
}

/*
 * Passes flow back along the way of the search, from the slot whose edge `edge` leads to an
 * observation with room left: each slot on it gives up what the one before takes.
 */
static void pass(struct stix_flow *f, uint32_t start, uint32_t edge, uint64_t n)
{
	uint32_t slot = f->edges.at[edge].slot;

	f->edges.at[edge].flow += n;
	f->used[f->edges.at[edge].observation] += n;
	while (slot != start) {
		f->edges.at[f->given[slot]].flow -= n;
		f->edges.at[f->got[slot]].flow += n;
		slot = f->edges.at[f->got[slot]].slot;
	}
	f->filled[start] += n;
}

/* How much can go along that way. */
static uint64_t narrowest(const struct stix_flow *f, uint32_t start, uint32_t edge, uint64_t n)
{
	for (uint32_t slot = f->edges.at[edge].slot; slot != start;
		slot = f->edges.at[f->got[slot]].slot)
		n = least(n, f->edges.at[f->given[slot]].flow);
	return n;
}

/* The slots that have of this observation are where the search goes on. */
static void spread(struct stix_flow *f, uint32_t edge, uint32_t *inout_n, uint64_t *inout_steps)
{
	uint32_t o = f->edges.at[edge].observation;

	for (uint32_t e = f->heads[o]; e; e = f->edges.at[e - 1].next) {
		uint32_t slot = f->edges.at[e - 1].slot;
		stix_step(inout_steps);
		if (f->edges.at[e - 1].flow == 0 || f->reached[slot] == f->search)
			continue;
		f->reached[slot] = f->search;
		f->got[slot] = edge;
		f->given[slot] = e - 1;
		f->queue[(*inout_n)++] = slot;
	}
}

/* One augmenting path; false if there is none. */
static bool augment(struct stix_flow *f, const struct stix_conjunction *c, uint32_t start,
	uint64_t *inout_steps)
{
	uint32_t n = 0;

	f->search++;
	f->reached[start] = f->search;
	f->queue[n++] = start;
	for (uint32_t i = 0; i < n && *inout_steps; i++) {
		uint32_t slot = f->queue[i];
		for (uint32_t e = f->first_edge[slot]; e < f->first_edge[slot + 1]; e++) {
			uint32_t o = f->edges.at[e].observation;
			uint64_t count = c->slots.at[slot].domain->spans[o].count;
			stix_step(inout_steps);
			if (f->looked[o] == f->search)
				continue;
			f->looked[o] = f->search;
			if (f->used[o] < count) {
				uint64_t want = c->slots.at[start].count - f->filled[start];
				want = least(want, count - f->used[o]);
				pass(f, start, e, narrowest(f, start, e, want));
				return true;
			}
			spread(f, e, &n, inout_steps);
		}
	}
	return false;
}

bool stix_flow_exists(struct stix_flow *f, const struct stix_conjunction *c,
	const struct stix_window *windows, uint64_t *inout_steps)
{
	uint64_t need = 0;

	clear(f);
	for (size_t i = 0; i < c->slots.n; i++)
		need = need + c->slots.at[i].count < need ? UINT64_MAX
							  : need + c->slots.at[i].count;
	for (uint32_t i = 0; i < c->slots.n; i++) {
		if (!add_edges(f, &c->slots.at[i], i, windows[i], need, inout_steps))
			return false;
	}
	if (f->reach < need)
		return false;
	for (uint32_t i = 0; i < c->slots.n; i++)
		take_free(f, c, i);
	for (uint32_t i = 0; i < c->slots.n; i++) {
		while (f->filled[i] < c->slots.at[i].count) {
			if (!augment(f, c, i, inout_steps))
				return false;
		}
	}
	return true;
}
