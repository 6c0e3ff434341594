#include "engine/live.h"

#include <stdlib.h>

#include "casedb/segment.h"
#include "casedb/sighting.h"
#include "engine/coverage.h"
#include "engine/sight.h"

/* A source and a segment, by their numbers in the catalogue. */
struct pair {
	int64_t source, segment;
};

struct updating {
	struct folder *f;
	const struct snapshot *snap;
	struct intel_set set;
	VEC(struct pair) joined; /* in order */
	enum sighting_direction direction;
	struct when now;
};

static int pair_cmp(const void *va, const void *vb)
{
	const struct pair *a = va, *b = vb;

	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	return (a->segment > b->segment) - (a->segment < b->segment);
}

static bool take_pair(void *arg, int64_t source, int64_t segment)
{
	struct updating *u = arg;

	*vec_push(&u->joined) = (struct pair){source, segment};
	return true;
}

static bool is_new(void *arg, uint32_t source, uint32_t segment)
{
	const struct updating *u = arg;
	struct pair p = {u->set.at.at[source].id, u->snap->at[segment].db_id};

	return u->joined.n == 0 || !bsearch(&p, u->joined.at, u->joined.n, sizeof(p), pair_cmp);
}

static int64_t earlier(int64_t a, int64_t b)
{
	if (a == INT64_MIN || b == INT64_MIN)
		return a == INT64_MIN ? b : a;
	return a < b ? a : b;
}

/* How often a value was met at all, in all segments. */
static void count(const struct snapshot *snap, struct sighting_row *r)
{
	r->count = 0;
	r->first = r->last = INT64_MIN;
	for (size_t i = 0; i < snap->n; i++) {
		struct seg_hit hit;
		struct seg_uses uses;
		if (!segment_find(snap->at[i].seg, r->o, &hit, 1) || hit.how != HOW_EXACT)
			continue;
		segment_uses(snap->at[i].seg, &hit.entry, snap->at[i].hidden, &uses);
		if (!uses.count)
			continue;
		r->count += uses.count;
		r->first = earlier(r->first, uses.first);
		if (uses.last > r->last)
			r->last = uses.last;
	}
}

static bool put_sights(struct updating *u, const struct sights *s, struct err *err)
{
	for (size_t i = 0; i < s->at.n; i++) {
		const struct sight *at = &s->at.at[i];
		struct sighting_row row = {
			.source = u->set.at.at[at->source].id,
			.ordinal = at->ordinal,
			.o = at->found.o,
			.how = at->found.how,
			.direction = u->direction,
			.noticed = u->now,
		};
		count(u->snap, &row);
		if (!casedb_sighting_put(folder_db(u->f), &row, err))
			return false;
	}
	return true;
}

static bool put_pairs(struct updating *u, struct err *err)
{
	for (uint32_t i = 0; i < u->set.at.n; i++) {
		for (uint32_t k = 0; k < u->snap->n; k++) {
			if (is_new(u, i, k) &&
				!casedb_joined_add(folder_db(u->f), u->set.at.at[i].id,
					u->snap->at[k].db_id, err))
				return false;
		}
	}
	return true;
}

/*
 * Has a segment been replaced since the snapshot was taken?  Then what was met in it may have been
 * erased, and must not be written down again.  Within a transaction, so that it stays true.
 */
static bool is_stale(
	struct folder *f, const struct snapshot *snap, bool *ret_stale, struct err *err)
{
	*ret_stale = false;
	for (size_t i = 0; i < snap->n && !*ret_stale; i++) {
		bool stands;
		if (!casedb_segment_stands(folder_db(f), snap->at[i].db_id, &stands, err))
			return false;
		*ret_stale = !stands;
	}
	return true;
}

static bool write_down(struct updating *u, const struct sights *sights, uint64_t *ret_new,
	bool *ret_stale, struct err *err)
{
	uint64_t before, after;

	if (!casedb_begin(folder_db(u->f), err))
		return false;
	bool done = is_stale(u->f, u->snap, ret_stale, err);
	if (done && !*ret_stale && casedb_sighting_count(folder_db(u->f), &before, err) &&
		put_sights(u, sights, err) && put_pairs(u, err) &&
		casedb_sighting_count(folder_db(u->f), &after, err)) {
		*ret_new = after - before;
		return casedb_commit(folder_db(u->f), err);
	}
	casedb_rollback(folder_db(u->f));
	return done && *ret_stale;
}

static bool update_once(struct folder *f, const struct snapshot *snap,
	enum sighting_direction direction, uint64_t *ret_new, bool *ret_stale, struct err *err)
{
	struct updating u = {.f = f, .snap = snap, .direction = direction, .now = when_now()};
	VEC(struct sight_segment) segs = {0};
	struct sights sights = {0};

	if (!intel_set_open(f, &u.set, err))
		return false;
	bool done = casedb_joined_each(folder_db(f), take_pair, &u, err);
	if (done) {
		for (size_t i = 0; i < snap->n; i++)
			*vec_push(&segs) =
				(struct sight_segment){snap->at[i].seg, snap->at[i].hidden};
		sight_segments(&u.set, segs.at, segs.n, is_new, &u, &sights);
		done = write_down(&u, &sights, ret_new, ret_stale, err);
	}
	sights_release(&sights);
	vec_release(&segs);
	vec_release(&u.joined);
	intel_set_close(&u.set);
	return done;
}

bool sightings_update(struct folder *f, const struct snapshot *snap,
	enum sighting_direction direction, uint64_t *ret_new, struct err *err)
{
	struct snapshot *now;
	bool stale, done = update_once(f, snap, direction, ret_new, &stale, err);

	/* Each time another process has merged or erased, which it doesn't do for ever. */
	while (done && stale) {
		if (!snapshot_open(f, &now, err))
			return false;
		done = update_once(f, now, direction, ret_new, &stale, err);
		snapshot_close(now);
	}
	return done;
}

struct recounting {
	struct arena arena;
	VEC(struct sighting_row) rows;
};

static bool keep_row(void *arg, const struct sighting_row *r)
{
	struct recounting *c = arg;
	struct sighting_row *to = vec_push(&c->rows);

	*to = *r;
	to->o.v = arena_dup(&c->arena, r->o.v);
	return true;
}

bool sightings_recount(struct folder *f, const struct snapshot *snap, struct err *err)
{
	struct recounting c = {.rows = {0}};
	bool stale = false;
	/* Whoever replaces a segment meanwhile counts all again himself. */
	bool done = casedb_sighting_each(folder_db(f), WHEN_NONE, keep_row, &c, err) &&
		    casedb_begin(folder_db(f), err) && is_stale(f, snap, &stale, err);

	for (size_t i = 0; done && !stale && i < c.rows.n; i++) {
		struct sighting_row *r = &c.rows.at[i];
		uint64_t before = r->count;
		int64_t first = r->first, last = r->last;
		count(snap, r);
		if (r->count != before || r->first != first || r->last != last)
			done = casedb_sighting_put(folder_db(f), r, err);
	}
	done = done && casedb_commit(folder_db(f), err);
	if (!done)
		casedb_rollback(folder_db(f));
	vec_release(&c.rows);
	arena_release(&c.arena);
	return done;
}

bool live_update(struct folder *f, struct arena *a, struct ingest *inout_in, struct live *ret,
	struct err *err)
{
	struct snapshot *snap;

	if (!snapshot_open(f, &snap, err))
		return false;
	/* How many different values the case has, each once a segment: exact only after merging. */
	for (size_t i = 0; i < snap->n; i++) {
		struct seg_info info;
		segment_info(snap->at[i].seg, &info);
		inout_in->distinct += info.entries;
	}
	bool done = sightings_update(f, snap, SIGHTING_LIVE, &ret->sightings, err) &&
		    coverage_refresh(f, snap, a, err);
	snapshot_close(snap);
	return done;
}
