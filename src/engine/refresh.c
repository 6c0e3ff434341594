#include "engine/refresh.h"

#include "engine/coverage.h"
#include "engine/live.h"
#include "engine/publish.h"

bool refresh(struct folder *f, struct arena *a, struct err *err)
{
	struct snapshot *snap;
	uint64_t sightings;
	bool merged = true;

	while (merged)
		if (!merge_pending(f, &merged, err))
			return false;
	if (!snapshot_open(f, &snap, err))
		return false;
	bool done = sightings_recount(f, snap, err) &&
		    sightings_update(f, snap, SIGHTING_RETRO, &sightings, err) &&
		    coverage_refresh(f, snap, a, err);
	snapshot_close(snap);
	return done;
}
