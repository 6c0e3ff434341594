#include "engine/search.h"

#include <stdlib.h>

enum { HITS_AT_ONCE = 4096 };

/* A hit of one segment, before hits of all segments are united. */
struct piece {
	struct found_in in;
	uint8_t how;
	struct seg_uses uses;
};
struct pieces {
	VEC(struct piece) at;
};

static void add_hit(struct pieces *all, const struct snapshot *snap, uint32_t segment,
	const struct seg_hit *hit)
{
	const struct snapshot_segment *s = &snap->at[segment];
	struct piece p = {{segment, hit->entry}, hit->how, {0}};

	segment_uses(s->seg, &hit->entry, s->hidden, &p.uses);
	if (p.uses.count)
		*vec_push(&all->at) = p;
}

static int by_value(const void *x, const void *y)
{
	const struct piece *a = x, *b = y;

	if (a->how != b->how)
		return a->how < b->how ? -1 : 1;
	int c = observable_cmp(a->in.entry.o, b->in.entry.o);
	if (c)
		return c;
	return a->in.segment < b->in.segment ? -1 : a->in.segment > b->in.segment;
}

static void add_uses(struct found *f, const struct seg_uses *u)
{
	f->count += u->count;
	if (u->first != INT64_MIN && (f->first == INT64_MIN || u->first < f->first))
		f->first = u->first;
	if (u->last != INT64_MIN && u->last > f->last)
		f->last = u->last;
}

/* Unites what the segments have of the same value, met in the same way. */
static void unite(struct pieces *all, struct answer *ret)
{
	*ret = (struct answer){0};
	if (all->at.n)
		qsort(all->at.at, all->at.n, sizeof(*all->at.at), by_value);
	for (size_t i = 0; i < all->at.n; i++) {
		const struct piece *p = &all->at.at[i];
		struct found *last = ret->found.n ? &ret->found.at[ret->found.n - 1] : NULL;
		/* One probe may reach an entry twice, e.g. by two kinds that were asked for. */
		bool again = i && p->in.segment == p[-1].in.segment && by_value(p, p - 1) == 0;
		if (again)
			continue;
		*vec_push(&ret->parts) = p->in;
		if (!last || last->how != p->how || !observable_eq(last->o, p->in.entry.o)) {
			last = vec_push(&ret->found);
			*last = (struct found){.o = p->in.entry.o,
				.how = p->how,
				.first = INT64_MIN,
				.last = INT64_MIN,
				.n_in = 0};
		}
		last->n_in++;
		add_uses(last, &p->uses);
	}
	const struct found_in *at = ret->parts.at;
	for (size_t i = 0; i < ret->found.n; i++) {
		ret->found.at[i].in = at;
		at += ret->found.at[i].n_in;
	}
	vec_release(&all->at);
}

static void find_in(
	struct pieces *all, const struct snapshot *snap, uint32_t segment, struct observable o)
{
	struct seg_hit few[16], *hits = few;
	size_t n = segment_find(snap->at[segment].seg, o, few, 16);

	if (n > 16) {
		hits = malloc(n * sizeof(*hits));
		if (!hits)
			BUG("out of memory");
		n = segment_find(snap->at[segment].seg, o, hits, n);
	}
	for (size_t i = 0; i < n; i++)
		add_hit(all, snap, segment, &hits[i]);
	if (hits != few)
		free(hits);
}

void search_types(
	const struct snapshot *snap, const struct typed *types, size_t n, struct answer *ret)
{
	struct pieces all = {0};

	for (size_t i = 0; i < n; i++) {
		uint64_t key = observable_key(types[i].o);
		for (uint32_t s = 0; s < snap->n; s++)
			segment_expect(snap->at[s].seg, key);
		for (uint32_t s = 0; s < snap->n; s++)
			segment_expect_entry(snap->at[s].seg, key);
		for (uint32_t s = 0; s < snap->n; s++)
			find_in(&all, snap, s, types[i].o);
	}
	unite(&all, ret);
}

struct range_arg {
	struct pieces *all;
	const struct snapshot *snap;
	uint32_t segment;
};

static bool range_hit(void *arg, uint32_t ref, const struct seg_hit *hit)
{
	struct range_arg *r = arg;

	(void)ref;
	add_hit(r->all, r->snap, r->segment, hit);
	return true;
}

void search_range(const struct snapshot *snap, const uint8_t from[16], const uint8_t to[16],
	struct answer *ret)
{
	struct pieces all = {0};
	struct range_probe range = {.ref = 0};

	memcpy(range.from, from, 16);
	memcpy(range.to, to, 16);
	for (uint32_t s = 0; s < snap->n; s++) {
		struct range_arg arg = {&all, snap, s};
		segment_join_ranges(snap->at[s].seg, &range, 1, range_hit, &arg);
	}
	unite(&all, ret);
}

void answer_release(struct answer *a)
{
	vec_release(&a->found);
	vec_release(&a->parts);
}

static int by_time(const void *x, const void *y)
{
	const struct event_at *a = x, *b = y;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	int c = memcmp(a->id.b, b->id.b, sizeof(a->id.b));
	if (c)
		return c;
	if (a->content != b->content)
		return a->content < b->content ? -1 : 1;
	if (a->segment != b->segment)
		return a->segment < b->segment ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

void events_sort(struct events_at *ev)
{
	size_t kept = 0;

	if (ev->at.n)
		qsort(ev->at.at, ev->at.n, sizeof(*ev->at.at), by_time);
	for (size_t i = 0; i < ev->at.n; i++)
		if (!i || by_time(&ev->at.at[i], &ev->at.at[i - 1]))
			ev->at.at[kept++] = ev->at.at[i];
	ev->at.n = kept;
}

static void add_event(
	const struct snapshot *snap, uint32_t segment, uint32_t row, struct events_at *ev)
{
	struct seg_row r;

	if (!rowset_has(snap->at[segment].hidden, row) &&
		segment_row(snap->at[segment].seg, row, &r))
		*vec_push(&ev->at) = (struct event_at){segment, row, r.time, r.id, r.content};
}

void found_events(const struct snapshot *snap, const struct found *f, size_t room,
	struct events_at *inout_events)
{
	/* Rows are in order of time, so the first `room` of each segment hold the first `room` of all. */
	for (size_t i = 0; i < f->n_in; i++) {
		const struct found_in *in = &f->in[i];
		uint32_t rows[HITS_AT_ONCE], from = 0;
		size_t before = inout_events->at.n, n;
		do {
			n = segment_postings(
				snap->at[in->segment].seg, &in->entry, from, rows, HITS_AT_ONCE);
			for (size_t k = 0; k < n && inout_events->at.n - before < room; k++)
				add_event(snap, in->segment, rows[k], inout_events);
			from = n ? rows[n - 1] + 1 : 0;
		} while (n == HITS_AT_ONCE && inout_events->at.n - before < room);
	}
}

void search_record_id(
	const struct snapshot *snap, struct str native, struct events_at *inout_events)
{
	struct seg_stream st;

	for (uint32_t s = 0; s < snap->n; s++) {
		for (uint32_t i = 0; segment_stream(snap->at[s].seg, i, &st); i++) {
			struct event_id id = event_id_native(st.format, st.organisation, native);
			uint32_t rows[16];
			size_t n = segment_find_id(snap->at[s].seg, id, rows, 16);
			for (size_t k = 0; k < n && k < 16; k++)
				add_event(snap, s, rows[k], inout_events);
		}
	}
	events_sort(inout_events);
}

static int by_stream(const void *x, const void *y)
{
	const struct seg_stream *a = x, *b = y;
	int c = str_cmp(a->format, b->format);

	return c ? c : str_cmp(a->organisation, b->organisation);
}

static void add_stream(struct stream_set *set, const struct seg_stream *st)
{
	for (size_t i = 0; i < set->at.n; i++)
		if (by_stream(&set->at.at[i], st) == 0)
			return;
	*vec_push(&set->at) = *st;
}

/* Which of a segment's streams the entry's rows are of. */
static void streams_of(
	const struct snapshot_segment *s, const struct found_in *in, struct stream_set *set)
{
	struct seg_stream st;
	struct seg_info info;
	uint32_t rows[HITS_AT_ONCE], from = 0;
	size_t n, seen = 0;

	segment_info(s->seg, &info);
	bool *has = calloc(info.streams ? info.streams : 1, sizeof(*has));
	if (!has)
		BUG("out of memory");
	do {
		n = segment_postings(s->seg, &in->entry, from, rows, HITS_AT_ONCE);
		for (size_t k = 0; k < n && seen < info.streams; k++) {
			struct seg_row r;
			if (rowset_has(s->hidden, rows[k]) || !segment_row(s->seg, rows[k], &r) ||
				r.stream >= info.streams || has[r.stream])
				continue;
			has[r.stream] = true;
			seen++;
		}
		from = n ? rows[n - 1] + 1 : 0;
	} while (n == HITS_AT_ONCE && seen < info.streams);
	for (uint32_t i = 0; i < info.streams; i++)
		if (has[i] && segment_stream(s->seg, i, &st))
			add_stream(set, &st);
	free(has);
}

void found_streams(const struct snapshot *snap, const struct found *f, struct stream_set *ret)
{
	*ret = (struct stream_set){0};
	for (size_t i = 0; i < f->n_in; i++)
		streams_of(&snap->at[f->in[i].segment], &f->in[i], ret);
	if (ret->at.n)
		qsort(ret->at.at, ret->at.n, sizeof(*ret->at.at), by_stream);
}

void stream_set_release(struct stream_set *s)
{
	vec_release(&s->at);
}
