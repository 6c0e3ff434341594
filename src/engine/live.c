#include "engine/live.h"

#include "casedb/sighting.h"
#include "engine/coverage.h"
#include "engine/keys.h"
#include "engine/sight.h"

static bool count_row(void *arg, const struct sighting_row *r)
{
	uint64_t *n = arg;

	(void)r;
	++*n;
	return true;
}

static bool count_sightings(struct folder *f, uint64_t *ret_n, struct err *err)
{
	*ret_n = 0;
	return casedb_sighting_each(folder_db(f), WHEN_NONE, count_row, ret_n, err);
}

static bool put_sights(struct folder *f, const struct sights *s, enum sighting_direction direction,
	struct err *err)
{
	struct when now = when_now();

	for (size_t i = 0; i < s->at.n; i++) {
		const struct found *found = &s->at.at[i].found;
		struct sighting_row row = {
			.indicator = s->at.at[i].ref,
			.o = found->o,
			.how = found->how,
			.count = found->count,
			.first = found->first,
			.last = found->last,
			.direction = direction,
			.noticed = now,
		};
		if (!casedb_sighting_put(folder_db(f), &row, err))
			return false;
	}
	return true;
}

bool sightings_update(struct folder *f, const struct snapshot *snap,
	enum sighting_direction direction, uint64_t *ret_new, struct err *err)
{
	struct keys keys;
	struct sights sights = {0};
	uint64_t before = 0, after = 0;

	if (!keys_open(f, &keys, err))
		return false;
	sight_snapshot(&keys.set, snap, &sights);
	bool done = casedb_begin(folder_db(f), err);
	if (done) {
		done = count_sightings(f, &before, err) && put_sights(f, &sights, direction, err) &&
		       count_sightings(f, &after, err) && casedb_commit(folder_db(f), err);
		if (!done)
			casedb_rollback(folder_db(f));
	}
	sights_release(&sights);
	keys_close(&keys);
	if (done)
		*ret_new = after - before;
	return done;
}

static bool keep_row(void *arg, const struct sighting_row *r)
{
	struct noticed *n = arg;
	struct sighting_row *to = vec_push(&n->at);

	*to = *r;
	to->o.v = arena_dup(&n->arena, r->o.v);
	return true;
}

bool noticed_take(struct folder *f, struct noticed *ret, struct err *err)
{
	return casedb_sighting_each(folder_db(f), WHEN_NONE, keep_row, ret, err);
}

bool noticed_give_back(struct folder *f, const struct noticed *n, struct err *err)
{
	bool done = casedb_begin(folder_db(f), err);

	if (!done)
		return false;
	for (size_t i = 0; done && i < n->at.n; i++)
		done = casedb_sighting_antedate(folder_db(f), &n->at.at[i], err);
	done = done && casedb_commit(folder_db(f), err);
	if (!done)
		casedb_rollback(folder_db(f));
	return done;
}

void noticed_release(struct noticed *n)
{
	vec_release(&n->at);
	arena_release(&n->arena);
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
