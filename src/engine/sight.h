#ifndef ENGINE_SIGHT_H
#define ENGINE_SIGHT_H

#include "engine/intelset.h"
#include "engine/search.h"

/*
 * The one join of DESIGN §3, in both directions: old indicators with a new segment, new indicators
 * with all segments.  A sighting is (indicator, stored value, how), over all segments together.
 */
struct sight_segment {
	const struct segment *seg;
	struct rowset hidden; /* copies of what another segment has: not counted */
};

struct sight {
	uint32_t source;  /* index into the set's files */
	uint32_t ordinal; /* of the indicator in it */
	struct found
		found; /* the value it met; found.in[].segment is an index into the segments given */
};

struct sights {
	VEC(struct sight) at;
	VEC(struct found_in) parts; /* what found.in points into */
};

/* Is source i to be joined with segment k?  NULL: each with each. */
typedef bool (*sight_wanted_fn)(void *arg, uint32_t source, uint32_t segment);

/*
 * Sorted by the indicator's own value (networks first, by address), then by the source's hash and
 * the ordinal, then by kind and value met, and how: the same for a set of records however they
 * lie in segments, and for a set of sources however they came.  Values whose every use is hidden
 * are left out, as are revoked indicators and warning lists.  ret borrows from segments and set.
 */
void sight_segments(const struct intel_set *set, const struct sight_segment *segs, size_t n,
	sight_wanted_fn wanted, void *arg, struct sights *ret);
void sight_snapshot(const struct intel_set *set, const struct snapshot *snap, struct sights *ret);
void sights_release(struct sights *s);

#endif
