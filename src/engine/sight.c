#include "engine/sight.h"

#include <stdlib.h>

/* Keys that are joined at a time. */
enum { KEYS = 4096 };

/* One hit of the join, before those of one (indicator, value, how) are added up. */
struct hit {
	uint32_t source, ordinal, segment;
	uint32_t rank; /* of the indicator among those that were met */
	uint8_t how;
	struct seg_entry entry;
	struct seg_uses uses;
};

struct join {
	const struct intel_set *set;
	const struct sight_segment *segs;
	uint32_t source, segment; /* the ones being joined */
	uint32_t first;           /* the key that is number 0 of those at hand */
	struct indicators_reader reader;
	VEC(struct hit) hits;
};

static bool add_hit(struct join *j, uint32_t ordinal, const struct seg_hit *h)
{
	const struct sight_segment *s = &j->segs[j->segment];
	struct hit hit = {.source = j->source,
		.ordinal = ordinal,
		.segment = j->segment,
		.how = h->how,
		.entry = h->entry};

	segment_uses(s->seg, &h->entry, s->hidden, &hit.uses);
	if (hit.uses.count)
		*vec_push(&j->hits) = hit;
	return true;
}

/* What isn't looked for is of no kind, and equals nothing. */
static struct observable value_of_key(void *arg, uint32_t i)
{
	struct join *j = arg;
	uint32_t ordinal = indicators_ordinal(j->reader.in, j->first + i);
	struct indicator in;

	if (!indicators_at(&j->reader, ordinal, &in) || in.what != INDICATOR_VALUE || in.revoked)
		return (struct observable){KINDS, FORM_TEXT, STR("")};
	return in.o;
}

static bool on_key(void *arg, uint32_t i, const struct seg_hit *h)
{
	struct join *j = arg;

	return add_hit(j, indicators_ordinal(j->reader.in, j->first + i), h);
}

static bool on_range(void *arg, uint32_t ordinal, const struct seg_hit *h)
{
	return add_hit(arg, ordinal, h);
}

static void join_keys(struct join *j, const struct segment *seg)
{
	const struct indicators *in = j->reader.in;
	uint64_t keys[KEYS];

	for (j->first = 0; j->first < in->n_keys;) {
		uint32_t n = in->n_keys - j->first < KEYS ? in->n_keys - j->first : KEYS;
		for (uint32_t i = 0; i < n; i++)
			keys[i] = indicators_key(in, j->first + i);
		segment_join_keys(seg, keys, n, value_of_key, on_key, j);
		j->first += n;
	}
}

/* What is stored under one observable that some indicator may be of. */
static bool on_stored(void *arg, struct observable o)
{
	struct join *j = arg;
	const struct indicators *in = j->reader.in;
	const struct segment *seg = j->segs[j->segment].seg;
	uint64_t key = observable_key(o);
	struct indicator i;

	for (uint32_t at = indicators_lower(in, key);
		at < in->n_keys && indicators_key(in, at) == key; at++) {
		uint32_t ordinal = indicators_ordinal(in, at);
		if (!indicators_at(&j->reader, ordinal, &i) || i.what != INDICATOR_VALUE ||
			i.revoked || !observable_eq(i.o, o))
			continue;
		size_t n = segment_find(seg, o, NULL, 0);
		struct seg_hit *hits = calloc(n + 1, sizeof(*hits));
		if (!hits)
			BUG("out of memory");
		n = segment_find(seg, o, hits, n);
		for (size_t k = 0; k < n; k++)
			add_hit(j, ordinal, &hits[k]);
		free(hits);
	}
	return true;
}

/* Looking up one stored value costs as much as passing over some tens of keys. */
enum { KEYS_A_VALUE = 64 };

static void join_values(struct join *j, const struct segment *seg)
{
	struct seg_info info;

	segment_info(seg, &info);
	if (j->reader.in->n_keys / KEYS_A_VALUE > info.entries)
		segment_each_stored(seg, on_stored, j);
	else
		join_keys(j, seg);
}

static void join_ranges(struct join *j, const struct segment *seg)
{
	const struct indicators *in = j->reader.in;
	VEC(struct range_probe) probes = {0};
	struct indicators_range r;
	struct indicator of;

	for (uint32_t i = 0; indicators_range(in, i, &r); i++) {
		if (!indicators_at(&j->reader, r.ordinal, &of) || of.revoked)
			continue;
		struct range_probe *p = vec_push(&probes);
		memcpy(p->from, r.from, sizeof(p->from));
		memcpy(p->to, r.to, sizeof(p->to));
		p->ref = r.ordinal;
	}
	segment_join_ranges(seg, probes.at, probes.n, on_range, j);
	vec_release(&probes);
}

static int cmp_u32(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static int by_indicator(const void *va, const void *vb)
{
	const struct hit *a = va, *b = vb;
	int c = cmp_u32(a->source, b->source);

	return c ? c : cmp_u32(a->ordinal, b->ordinal);
}

static int by_answer(const void *va, const void *vb)
{
	const struct hit *a = va, *b = vb;
	int c = cmp_u32(a->rank, b->rank);

	if (c == 0)
		c = observable_cmp(a->entry.o, b->entry.o);
	if (c == 0)
		c = cmp_u32(a->how, b->how);
	return c ? c : cmp_u32(a->segment, b->segment);
}

/* An indicator that was met; first_hit: where its hits begin, sorted by indicator. */
struct met {
	struct indicator in;
	uint32_t source, ordinal;
	size_t first_hit;
};

static int met_by_value(const void *va, const void *vb)
{
	const struct met *a = va, *b = vb;
	bool av = a->in.what == INDICATOR_VALUE, bv = b->in.what == INDICATOR_VALUE;
	int c = av - bv; /* networks come first */

	if (c == 0 && av) {
		c = observable_cmp(a->in.o, b->in.o);
	} else if (c == 0) {
		c = memcmp(a->in.from, b->in.from, sizeof(a->in.from));
		c = c ? c : memcmp(a->in.to, b->in.to, sizeof(a->in.to));
	}
	if (c == 0)
		c = cmp_u32(a->source, b->source);
	return c ? c : cmp_u32(a->ordinal, b->ordinal);
}

/* Gives each hit its indicator's rank. */
static void rank(struct join *j)
{
	VEC(struct met) met = {0};
	struct indicators_reader r = {.in = NULL};

	qsort(j->hits.at, j->hits.n, sizeof(*j->hits.at), by_indicator);
	for (size_t i = 0; i < j->hits.n; i++) {
		const struct hit *h = &j->hits.at[i];
		if (i && by_indicator(h, h - 1) == 0)
			continue;
		struct met *m = vec_push(&met);
		*m = (struct met){.source = h->source, .ordinal = h->ordinal, .first_hit = i};
		if (!r.in || r.in != &j->set->at.at[h->source].in)
			r = (struct indicators_reader){.in = &j->set->at.at[h->source].in};
		/* It could be read when it was met. */
		(void)!indicators_at(&r, h->ordinal, &m->in);
	}
	if (met.n)
		qsort(met.at, met.n, sizeof(*met.at), met_by_value);
	for (size_t k = 0; k < met.n; k++) {
		struct hit *h = &j->hits.at[met.at[k].first_hit], *end = j->hits.at + j->hits.n;
		for (; h < end && h->source == met.at[k].source && h->ordinal == met.at[k].ordinal;
			h++)
			h->rank = (uint32_t)k;
	}
	vec_release(&met);
}

static int64_t earlier(int64_t a, int64_t b)
{
	if (a == INT64_MIN || b == INT64_MIN)
		return a == INT64_MIN ? b : a;
	return a < b ? a : b;
}

static void add_up(const struct join *j, struct sights *ret)
{
	/* found.in points into parts, so that these must not move any more. */
	for (size_t i = 0; i < j->hits.n; i++) {
		const struct hit *h = &j->hits.at[i];
		*vec_push(&ret->parts) = (struct found_in){h->segment, h->entry};
	}
	for (size_t i = 0; i < j->hits.n; i++) {
		const struct hit *h = &j->hits.at[i], *before = i ? h - 1 : NULL;
		bool new = !before || before->rank != h->rank || before->how != h->how ||
			   !observable_eq(before->entry.o, h->entry.o);
		if (new)
			*vec_push(&ret->at) = (struct sight){.source = h->source,
				.ordinal = h->ordinal,
				.found = {.o = h->entry.o,
					.how = h->how,
					.first = INT64_MIN,
					.last = INT64_MIN,
					.in = &ret->parts.at[i]}};
		struct found *f = &ret->at.at[ret->at.n - 1].found;
		f->count += h->uses.count;
		f->first = earlier(f->first, h->uses.first);
		if (h->uses.last > f->last)
			f->last = h->uses.last;
		f->n_in++;
	}
}

void sight_segments(const struct intel_set *set, const struct sight_segment *segs, size_t n,
	sight_wanted_fn wanted, void *arg, struct sights *ret)
{
	struct join j = {.set = set, .segs = segs};

	*ret = (struct sights){0};
	for (j.source = 0; j.source < set->at.n; j.source++) {
		const struct indicators *in = &set->at.at[j.source].in;
		if (in->role != INTEL_INDICATORS)
			continue;
		j.reader = (struct indicators_reader){.in = in};
		for (j.segment = 0; j.segment < n; j.segment++) {
			if (wanted && !wanted(arg, j.source, j.segment))
				continue;
			join_values(&j, segs[j.segment].seg);
			join_ranges(&j, segs[j.segment].seg);
		}
	}
	if (j.hits.n) {
		rank(&j);
		qsort(j.hits.at, j.hits.n, sizeof(*j.hits.at), by_answer);
		add_up(&j, ret);
	}
	vec_release(&j.hits);
}

void sight_snapshot(const struct intel_set *set, const struct snapshot *snap, struct sights *ret)
{
	VEC(struct sight_segment) segs = {0};

	for (size_t i = 0; i < snap->n; i++)
		*vec_push(&segs) = (struct sight_segment){snap->at[i].seg, snap->at[i].hidden};
	sight_segments(set, segs.at, segs.n, NULL, NULL, ret);
	vec_release(&segs);
}

void sights_release(struct sights *s)
{
	vec_release(&s->at);
	vec_release(&s->parts);
}
