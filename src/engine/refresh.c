#include "engine/refresh.h"

#include "engine/coverage.h"
#include "engine/keys.h"
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
	if (!folder_lock(f, err))
		return false;
	bool compiled = keys_compile(f, err);
	folder_unlock(f);
	if (!compiled || !snapshot_open(f, &snap, err))
		return false;
	bool done = sightings_update(f, snap, SIGHTING_RETRO, &sightings, err) &&
		    coverage_refresh(f, snap, a, err);
	snapshot_close(snap);
	return done;
}
