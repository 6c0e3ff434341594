#ifndef ENGINE_SIGHT_H
#define ENGINE_SIGHT_H

#include "engine/search.h"
#include "intel/keyset.h"

/*
 * The one join of DESIGN §3, in both directions: old indicators with a new segment, new indicators
 * with all segments.  A sighting is (indicator, stored value, how), over all segments together.
 */
struct sight_segment {
	const struct segment *seg;
	struct rowset hidden; /* copies of what another segment has: not counted */
};

struct sight {
	uint32_t ref; /* the indicator's number */
	struct found
		found; /* the value it met; found.in[].segment is an index into the segments given */
};

struct sights {
	VEC(struct sight) at;
	VEC(struct found_in) parts; /* what found.in points into */
};

/*
 * Sorted by the indicator's own value (networks first, by address), then by kind and value met,
 * how, and ref: the same for a set of records however they lie in segments.  Values whose every
 * use is hidden are left out.  ret borrows from the segments.
 */
void sight_segments(
	const struct keyset *k, const struct sight_segment *segs, size_t n, struct sights *ret);
void sight_snapshot(const struct keyset *k, const struct snapshot *snap, struct sights *ret);
void sights_release(struct sights *s);

#endif
