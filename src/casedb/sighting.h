#ifndef CASEDB_SIGHTING_H
#define CASEDB_SIGHTING_H

#include "base/vec.h"
#include "casedb/casedb.h"
#include "model/observable.h"

/* An indicator met an observable.  One row per (indicator, observable, how), never per event. */
enum sighting_direction {
	SIGHTING_LIVE,  /* an old indicator met a new segment */
	SIGHTING_RETRO, /* a new indicator met old segments */
};

struct sighting_row {
	int64_t source;
	uint32_t ordinal; /* of the indicator, in its source's file */
	struct observable o;
	uint8_t how; /* enum how */
	uint64_t count;
	int64_t first, last;
	enum sighting_direction direction; /* of when it was first noticed */
	struct when noticed;
};

/*
 * Count, first and last replace what was there; direction and noticed stay as they were.  With a
 * count of 0 it goes.  Of a source that isn't there (any more), nothing is written.
 */
MUST bool casedb_sighting_put(struct casedb *db, const struct sighting_row *r, struct err *err);
/* For one that is there and seems younger: it was noticed when and how r says. */
MUST bool casedb_sighting_antedate(
	struct casedb *db, const struct sighting_row *r, struct err *err);
typedef bool (*sighting_fn)(void *arg, const struct sighting_row *r); /* false stops */
/* Those noticed at `since` or later. */
MUST bool casedb_sighting_each(
	struct casedb *db, struct when since, sighting_fn fn, void *arg, struct err *err);
/* All of one source, by ordinal. */
MUST bool casedb_sighting_each_of(
	struct casedb *db, int64_t source, sighting_fn fn, void *arg, struct err *err);
MUST bool casedb_sighting_count(struct casedb *db, uint64_t *ret_n, struct err *err);
/* What the indicator of one source has met, another's has: a newer version of the source. */
MUST bool casedb_sighting_move(struct casedb *db, int64_t from, uint32_t from_ordinal, int64_t to,
	uint32_t to_ordinal, struct err *err);
/* All of them: history has changed under them, and all is joined again. */
MUST bool casedb_sighting_clear(struct casedb *db, struct err *err);

/* Which sources have been joined with which segments. */
typedef bool (*joined_fn)(void *arg, int64_t source, int64_t segment); /* false stops */
MUST bool casedb_joined_each(struct casedb *db, joined_fn fn, void *arg, struct err *err);
/* Nothing where one of them isn't there (any more). */
MUST bool casedb_joined_add(struct casedb *db, int64_t source, int64_t segment, struct err *err);
/* The sources that have been joined with all of these segments. */
typedef VEC(int64_t) casedb_ids;
MUST bool casedb_joined_all(struct casedb *db, const int64_t *segments, size_t n,
	casedb_ids *inout_sources, struct err *err);

#endif
