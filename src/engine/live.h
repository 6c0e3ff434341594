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

/* All indicators against all of a snapshot; *ret_new: how many sightings were not known. */
MUST bool sightings_update(struct folder *f, const struct snapshot *snap,
	enum sighting_direction direction, uint64_t *ret_new, struct err *err);

#endif
