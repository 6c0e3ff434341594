#include "engine/sight.h"

#include <stdlib.h>

/* One hit of the join, before those of one (ref, value, how) are added up. */
struct hit {
	uint32_t ref, segment;
	uint32_t rank; /* of the indicator among those that were met */
	uint8_t how;
	struct seg_entry entry;
	struct seg_uses uses;
};

struct join {
	const struct sight_segment *segs;
	uint32_t segment; /* the one being joined */
	VEC(struct hit) hits;
};

static bool on_hit(void *arg, uint32_t ref, const struct seg_hit *h)
{
	struct join *j = arg;
	const struct sight_segment *s = &j->segs[j->segment];
	struct hit hit = {.ref = ref, .segment = j->segment, .how = h->how, .entry = h->entry};

	segment_uses(s->seg, &h->entry, s->hidden, &hit.uses);
	if (hit.uses.count)
		*vec_push(&j->hits) = hit;
	return true;
}

static int cmp_u32(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static int by_ref(const void *va, const void *vb)
{
	const struct hit *a = va, *b = vb;

	return cmp_u32(a->ref, b->ref);
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

/*
 * The order of the indicators that were met: they are few among many, so it is found by walking
 * over all probes once rather than by keeping each probe's value with each hit.
 */
struct met {
	uint32_t ref;
	uint8_t is_value; /* networks come first */
	struct observable o;
	const struct range_probe *range;
};

static int met_by_ref(const void *va, const void *vb)
{
	const struct met *a = va, *b = vb;

	return cmp_u32(a->ref, b->ref);
}

static int met_by_value(const void *va, const void *vb)
{
	const struct met *a = va, *b = vb;
	int c = cmp_u32(a->is_value, b->is_value);

	if (c == 0 && a->range && b->range) {
		c = memcmp(a->range->from, b->range->from, sizeof(a->range->from));
		if (c == 0)
			c = memcmp(a->range->to, b->range->to, sizeof(a->range->to));
	} else if (c == 0) {
		c = observable_cmp(a->o, b->o);
	}
	return c ? c : cmp_u32(a->ref, b->ref);
}

static struct met *met_of(struct met *at, size_t n, uint32_t ref)
{
	struct met key = {.ref = ref};

	return n ? bsearch(&key, at, n, sizeof(*at), met_by_ref) : NULL;
}

/* Bit i: a ref that is i modulo the size was met.  Keeps the walk over the probes cheap. */
#define SIEVE_BITS (1u << 16)

static void find_values(const struct keyset *k, struct met *at, size_t n)
{
	uint64_t *sieve = calloc(SIEVE_BITS / 64, sizeof(*sieve));
	struct met *m;

	if (!sieve)
		BUG("out of memory");
	for (size_t i = 0; i < n; i++)
		sieve[at[i].ref % SIEVE_BITS / 64] |= 1ull << at[i].ref % 64;
	for (size_t i = 0; i < k->n_probes; i++) {
		uint32_t ref = k->probes[i].ref;
		if (!(sieve[ref % SIEVE_BITS / 64] >> ref % 64 & 1))
			continue;
		m = met_of(at, n, ref);
		if (m) {
			m->o = k->probes[i].o;
			m->is_value = 1;
		}
	}
	for (size_t i = 0; i < k->n_ranges; i++) {
		m = met_of(at, n, k->ranges[i].ref);
		if (m)
			m->range = &k->ranges[i];
	}
	free(sieve);
}

/* Gives each hit its indicator's rank. */
static void rank(const struct keyset *k, struct join *j)
{
	VEC(struct met) met = {0};
	uint32_t *rank_of;
	size_t at = 0;

	qsort(j->hits.at, j->hits.n, sizeof(*j->hits.at), by_ref);
	for (size_t i = 0; i < j->hits.n; i++) {
		if (i == 0 || j->hits.at[i].ref != j->hits.at[i - 1].ref)
			*vec_push(&met) = (struct met){.ref = j->hits.at[i].ref, .o.v = STR("")};
	}
	find_values(k, met.at, met.n);
	rank_of = calloc(met.n + 1, sizeof(*rank_of));
	if (!rank_of)
		BUG("out of memory");
	struct met *sorted = calloc(met.n + 1, sizeof(*sorted));
	if (!sorted)
		BUG("out of memory");
	memcpy(sorted, met.at, met.n * sizeof(*sorted));
	qsort(sorted, met.n, sizeof(*sorted), met_by_value);
	for (size_t i = 0; i < met.n; i++)
		rank_of[met_of(met.at, met.n, sorted[i].ref) - met.at] = (uint32_t)i;
	for (size_t i = 0; i < j->hits.n; i++) {
		if (i && j->hits.at[i].ref != met.at[at].ref)
			at++;
		j->hits.at[i].rank = rank_of[at];
	}
	free(sorted);
	free(rank_of);
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
			*vec_push(&ret->at) = (struct sight){.ref = h->ref,
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

void sight_segments(
	const struct keyset *k, const struct sight_segment *segs, size_t n, struct sights *ret)
{
	struct join j = {.segs = segs};

	*ret = (struct sights){0};
	for (size_t i = 0; i < n; i++) {
		j.segment = (uint32_t)i;
		segment_join(segs[i].seg, k->probes, k->n_probes, on_hit, &j);
		segment_join_ranges(segs[i].seg, k->ranges, k->n_ranges, on_hit, &j);
	}
	if (j.hits.n) {
		rank(k, &j);
		qsort(j.hits.at, j.hits.n, sizeof(*j.hits.at), by_answer);
		add_up(&j, ret);
	}
	vec_release(&j.hits);
}

void sight_snapshot(const struct keyset *k, const struct snapshot *snap, struct sights *ret)
{
	VEC(struct sight_segment) segs = {0};

	for (size_t i = 0; i < snap->n; i++)
		*vec_push(&segs) = (struct sight_segment){snap->at[i].seg, snap->at[i].hidden};
	sight_segments(k, segs.at, segs.n, ret);
	vec_release(&segs);
}

void sights_release(struct sights *s)
{
	vec_release(&s->at);
	vec_release(&s->parts);
}
