#ifndef ENGINE_LIVE_H
#define ENGINE_LIVE_H

#include "engine/ingest.h"

/*
 * What happens after sources became visible: the indicators that are known already meet the new
 * segments (the live direction of the join, DESIGN §3), and the coverage is brought up to date,
 * so that the next question finds it ready.
 */
struct live {
	uint64_t sightings; /* (indicator, value, how) that were not known before */
};

MUST bool live_update(struct folder *f, struct arena *a, struct ingest *inout_in, struct live *ret,
	struct err *err);

#endif
