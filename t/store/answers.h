#ifndef T_STORE_ANSWERS_H
#define T_STORE_ANSWERS_H

#include "t/store/world.h"

/*
 * Holds all answers of a segment against a settled, sorted world.  Returns what is wrong first,
 * or NULL.
 */
#define WRONG_IF(cond)                                                                             \
	if (cond)                                                                                  \
	return #cond

static inline const char *answers_rows(const struct segment *seg, const struct world *w)
{
	struct seg_scan *sc = segment_scan(seg, INT64_MIN, INT64_MAX);
	uint64_t columns[FIELDS];
	struct seg_row r, again;
	struct seg_entry entry;
	uint32_t row, ids[64];

	for (uint32_t i = 0; i < w->n; i++) {
		const struct world_event *e = &w->events[i];
		WRONG_IF(!seg_scan_next(sc, &row, &r, columns) || row != i);
		WRONG_IF(r.time != e->row.time || memcmp(r.id.b, e->row.id.b, 16) != 0);
		WRONG_IF(r.content != e->row.content || r.record != e->row.record);
		WRONG_IF(r.outcome != e->row.outcome || r.flags != e->row.flags);
		WRONG_IF(!str_eq(segment_batch(seg, r.batch), e->batch));
		for (uint32_t c = 0; c < seg_columns(); c++) {
			if (e->columns[c] == SEG_NO_ENTRY) {
				WRONG_IF(columns[c] != UINT64_MAX);
				continue;
			}
			WRONG_IF(!segment_entry(seg, columns[c], &entry));
			WRONG_IF(!observable_eq(entry.o, w->pool[e->columns[c]]));
		}
		WRONG_IF(!segment_row(seg, i, &again));
		WRONG_IF(again.time != r.time || again.batch != r.batch ||
			 again.record != r.record || again.stream != r.stream ||
			 again.flags != r.flags || again.content != r.content);
		uint32_t same = 0;
		for (uint32_t k = 0; k < w->n; k++)
			same += memcmp(w->events[k].row.id.b, r.id.b, 16) == 0;
		WRONG_IF(segment_find_id(seg, r.id, ids, 64) != same);
		bool among = false;
		for (uint32_t k = 0; k < same; k++)
			among |= ids[k] == i;
		WRONG_IF(!among);
		r.id.b[15] ^= 1;
		WRONG_IF(segment_find_id(seg, r.id, ids, 64) != 0);
	}
	WRONG_IF(seg_scan_next(sc, &row, &r, NULL));
	seg_scan_free(sc);
	return NULL;
}

/* How many hits (entry `of`, how) are there, if `o` is asked? */
static inline uint32_t world_leads(
	const struct world *w, uint32_t of, struct observable o, uint8_t how)
{
	struct world_alias aliases[WORLD_ALIASES];
	char room[64];

	if (how == HOW_EXACT)
		return observable_eq(w->pool[of], o);
	uint32_t n = world_aliases(w->pool[of], room, aliases);
	for (uint32_t i = 0; i < n; i++) {
		if (aliases[i].how == how && observable_eq(aliases[i].o, o))
			return 1;
	}
	return 0;
}

static inline const char *answers_uses(const struct segment *seg, const struct world *w,
	const struct seg_entry *e, uint32_t o, struct rowset hidden)
{
	uint32_t *rows = malloc((w->n + 1) * sizeof(*rows)), n = 0, shown = 0;
	struct seg_uses u, want = {.first = INT64_MIN, .last = INT64_MIN};

	for (uint32_t i = 0; i < w->n; i++) {
		if (!world_uses(&w->events[i], o))
			continue;
		rows[n++] = i;
		bool hide = false;
		for (size_t h = 0; h < hidden.n; h++)
			hide |= hidden.at[h] == i;
		if (hide)
			continue;
		if (shown++ == 0)
			want.first_row = i;
		want.last_row = i;
		if (want.first == INT64_MIN)
			want.first = w->events[i].row.time;
		want.last = w->events[i].row.time;
	}
	want.count = shown;
	WRONG_IF(e->count != n);
	segment_uses(seg, e, hidden, &u);
	WRONG_IF(u.count != want.count || u.first != want.first || u.last != want.last);
	WRONG_IF(u.count && (u.first_row != want.first_row || u.last_row != want.last_row));
	uint32_t got[5], from = 0, at = 0;
	for (size_t k; (k = segment_postings(seg, e, from, got, 5)) > 0; from = got[k - 1] + 1) {
		for (size_t i = 0; i < k; i++)
			WRONG_IF(at >= n || got[i] != rows[at++]);
	}
	WRONG_IF(at != n);
	if (n > 2) {
		WRONG_IF(segment_postings(seg, e, rows[n / 2], got, 1) != 1);
		WRONG_IF(got[0] != rows[n / 2]);
	}
	free(rows);
	return NULL;
}

static inline bool world_used(const struct world *w, uint32_t o)
{
	for (uint32_t i = 0; i < w->n; i++) {
		if (world_uses(&w->events[i], o))
			return true;
	}
	return false;
}

/* All hits of one question, which may be any observable. */
static inline const char *answers_find(const struct segment *seg, const struct world *w,
	const bool *used, struct observable o, const struct seg_hit *hits, size_t n)
{
	size_t want = 0;

	for (uint32_t i = 0; i < w->n_pool; i++) {
		for (uint8_t how = 0; used[i] && how < HOWS; how++)
			want += world_leads(w, i, o, how);
	}
	WRONG_IF(n != want);
	for (size_t h = 0; h < n; h++) {
		uint32_t i = 0;
		while (i < w->n_pool && !observable_eq(w->pool[i], hits[h].entry.o))
			i++;
		WRONG_IF(i == w->n_pool || !used[i]);
		WRONG_IF(!world_leads(w, i, o, hits[h].how));
		for (size_t k = 0; k < h; k++)
			WRONG_IF(hits[k].entry.place == hits[h].entry.place &&
				 hits[k].how == hits[h].how);
	}
	(void)seg;
	return NULL;
}

enum { HITS_MAX = 4096 };

struct joined {
	struct seg_hit hits[HITS_MAX];
	uint32_t refs[HITS_MAX];
	size_t n;
};

static inline bool join_hit(void *arg, uint32_t ref, const struct seg_hit *hit)
{
	struct joined *j = arg;

	if (j->n == HITS_MAX)
		return false;
	j->refs[j->n] = ref;
	j->hits[j->n++] = *hit;
	return true;
}

static inline int probe_order(const void *a, const void *b)
{
	const struct probe *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

/* Every value and alias of the pool as a question, by find and by the join. */
static inline const char *answers_all(
	const struct segment *seg, const struct world *w, struct rowset hidden)
{
	bool *used = calloc(w->n_pool + 1, 1);
	struct probe *probes = malloc((w->n_pool * (WORLD_ALIASES + 1) + 1) * sizeof(*probes));
	char(*rooms)[64] = malloc((w->n_pool + 1) * sizeof(*rooms));
	struct joined *j = malloc(sizeof(*j));
	struct world_alias aliases[WORLD_ALIASES];
	uint32_t n = 0;
	const char *bad;

	for (uint32_t i = 0; i < w->n_pool; i++) {
		used[i] = world_used(w, i);
		probes[n].o = w->pool[i];
		n++;
		uint32_t k = world_aliases(w->pool[i], rooms[i], aliases);
		for (uint32_t a = 0; a < k; a++)
			probes[n++].o = aliases[a].o;
	}
	for (uint32_t i = 0; i < n; i++) {
		probes[i].key = observable_key(probes[i].o);
		probes[i].ref = i;
	}
	qsort(probes, n, sizeof(*probes), probe_order);
	for (uint32_t i = 0; i < n; i++) {
		j->n = segment_find(seg, probes[i].o, j->hits, HITS_MAX);
		if ((bad = answers_find(seg, w, used, probes[i].o, j->hits, j->n)))
			return bad;
		for (size_t h = 0; h < j->n; h++) {
			uint32_t o = 0;
			if (j->hits[h].how != HOW_EXACT)
				continue;
			while (!observable_eq(w->pool[o], j->hits[h].entry.o))
				o++;
			if ((bad = answers_uses(seg, w, &j->hits[h].entry, o, hidden)) ||
				(bad = answers_uses(
					 seg, w, &j->hits[h].entry, o, (struct rowset){0})))
				return bad;
		}
		struct probe one = probes[i];
		j->n = 0;
		segment_join(seg, &one, 1, join_hit, j);
		if ((bad = answers_find(seg, w, used, one.o, j->hits, j->n)))
			return bad;
	}
	/* All at once gives what one after the other gives. */
	j->n = 0;
	segment_join(seg, probes, n, join_hit, j);
	size_t total = 0;
	struct seg_hit hits[8];
	for (uint32_t i = 0; i < n; i++)
		total += segment_find(seg, probes[i].o, hits, 8);
	WRONG_IF(j->n != (total < HITS_MAX ? total : HITS_MAX));
	free(used);
	free(probes);
	free(rooms);
	free(j);
	return NULL;
}

static inline void ordered_ip(struct observable o, uint8_t ret[16])
{
	memset(ret, 0, 16);
	if (o.v.n == 4)
		memset(ret + 10, 0xFF, 2);
	memcpy(ret + 16 - o.v.n, o.v.p, o.v.n);
}

static inline const char *answers_ranges(
	const struct segment *seg, const struct world *w, struct prng *r)
{
	struct joined *j = malloc(sizeof(*j));

	for (unsigned round = 0; round < 40; round++) {
		struct range_probe range = {.ref = 7};
		uint8_t ip[16];
		size_t want = 0;
		for (unsigned i = 0; i < 16; i++)
			range.from[i] = range.to[i] = i == 10 || i == 11 ? 0xFF : 0;
		range.from[12] = range.to[12] = 10;
		range.from[13] = (uint8_t)prng_below(r, 4);
		range.to[13] = (uint8_t)(range.from[13] + prng_below(r, 2));
		range.from[14] = (uint8_t)prng_next(r);
		range.to[14] = (uint8_t)prng_next(r);
		range.from[15] = (uint8_t)prng_next(r);
		if (round % 4 == 0) {
			memset(&range, 0, 32);
			range.from[0] = (uint8_t)prng_next(r);
			memset(range.to, 0xFF, 16);
		}
		for (uint32_t i = 0; i < w->n_pool; i++) {
			struct observable o = w->pool[i];
			if (o.kind != KIND_IP || o.form != FORM_IP || !world_used(w, i))
				continue;
			ordered_ip(o, ip);
			want += memcmp(ip, range.from, 16) >= 0 && memcmp(ip, range.to, 16) <= 0;
		}
		j->n = 0;
		segment_join_ranges(seg, &range, 1, join_hit, j);
		WRONG_IF(j->n != want);
		for (size_t i = 0; i < j->n; i++)
			WRONG_IF(j->refs[i] != 7 || j->hits[i].how != HOW_CIDR);
	}
	free(j);
	return NULL;
}

static inline bool count_entries(void *arg, const struct seg_entry *e)
{
	(void)e;
	++*(uint64_t *)arg;
	return true;
}

static inline bool count_flaws(void *arg, uint32_t batch, uint32_t record, struct flaw f)
{
	(void)batch;
	*(uint64_t *)arg += record * UINT64_C(31) + f.code * UINT64_C(7) + f.offset + 1;
	return true;
}

static inline const char *answers_info(const struct segment *seg, const struct world *w)
{
	struct seg_info info;
	uint64_t uses = 0, entries = 0, all = 0, flaws = 0, want_flaws = 0;
	int64_t first = INT64_MIN, last = INT64_MIN;

	for (uint32_t o = 0; o < w->n_pool; o++) {
		uint64_t n = 0;
		for (uint32_t i = 0; i < w->n; i++)
			n += world_uses(&w->events[i], o);
		entries += n > 0;
		if (w->pool[o].kind == KIND_ACTION)
			continue;
		uses += n;
		all += n > 0;
	}
	for (uint32_t i = 0; i < w->n; i++) {
		int64_t t = w->events[i].row.time;
		first = first == INT64_MIN ? t : first;
		last = t;
	}
	segment_info(seg, &info);
	WRONG_IF(info.rows != w->n || info.copies != w->copies);
	WRONG_IF(info.observables != uses || info.entries != all);
	WRONG_IF(info.first != first || info.last != last);
	WRONG_IF(info.flaws != w->n_flaws);
	uint64_t counted = 0;
	segment_each_entry(seg, count_entries, &counted);
	WRONG_IF(counted != entries);
	segment_each_flaw(seg, count_flaws, &flaws);
	for (uint32_t i = 0; i < w->n_flaws; i++)
		want_flaws += w->flaws[i].record * UINT64_C(31) + w->flaws[i].f.code * UINT64_C(7) +
			      w->flaws[i].f.offset + 1;
	WRONG_IF(flaws != want_flaws);
	uint64_t rows = 0;
	struct seg_stream s;
	for (uint32_t i = 0; segment_stream(seg, i, &s); i++)
		rows += s.rows;
	WRONG_IF(rows != w->n);
	return NULL;
}

static inline const char *answers(const struct segment *seg, const struct world *w, uint64_t seed)
{
	struct prng r = {seed};
	uint32_t *hidden = malloc((w->n + 1) * sizeof(*hidden)), n = 0;
	struct err err = {0};
	const char *bad;

	for (uint32_t i = 0; i < w->n; i++) {
		if (prng_below(&r, 4) == 0)
			hidden[n++] = i;
	}
	if (!segment_check(seg, &err)) {
		printf("# %s\n", err.msg);
		return "segment_check";
	}
	(void)((bad = answers_info(seg, w)) || (bad = answers_rows(seg, w)) ||
		(bad = answers_all(seg, w, (struct rowset){hidden, n})) ||
		(bad = answers_ranges(seg, w, &r)));
	free(hidden);
	return bad;
}

#endif
