#ifndef ENGINE_LIVE_H
#define ENGINE_LIVE_H

#include "casedb/sighting.h"
#include "engine/ingest.h"

/*
 * What happens after history or intelligence changed: indicators meet segments (the one join of
 * DESIGN §3, in either direction), new sightings are written down, and the coverage is brought up
 * to date, so that the next question finds it ready.
 */
struct live {
	uint64_t sightings; /* (indicator, value, how) that were not known before */
};

MUST bool live_update(struct folder *f, struct arena *a, struct ingest *inout_in, struct live *ret,
	struct err *err);

/*
 * Sources and segments that have not been joined yet are joined; what is met is counted over all of
 * the snapshot, or of a newer one if another process replaced a segment of it meanwhile.  *ret_new:
 * how many sightings were not known.
 */
MUST bool sightings_update(struct folder *f, const struct snapshot *snap,
	enum sighting_direction direction, uint64_t *ret_new, struct err *err);
/* Counts all sightings again, since history lost something; those of which nothing is left go. */
MUST bool sightings_recount(struct folder *f, const struct snapshot *snap, struct err *err);

/*
 * When sightings were first noticed, kept in memory alone while an erasure clears them, and given
 * back to those that were found again: what an organisation knew, and since when, is not for an
 * erasure of something else to change.  A process that ends in between loses the times.
 */
struct noticed_one {
	uint64_t indicator[2]; /* hashes of its source, what it is of, and its id */
	struct observable o;
	uint8_t how;
	enum sighting_direction direction;
	struct when noticed;
};
struct noticed {
	struct arena arena;
	VEC(struct noticed_one) at;
};
MUST bool noticed_take(struct folder *f, struct noticed *ret, struct err *err);
MUST bool noticed_give_back(struct folder *f, const struct noticed *n, struct err *err);
void noticed_release(struct noticed *n);

#endif
