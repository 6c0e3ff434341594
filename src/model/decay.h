#ifndef MODEL_DECAY_H
#define MODEL_DECAY_H

#include "base/when.h"
#include "model/kind.h"

/*
 * How much of what was said of a value is left at another time.  An indicator that was confirmed
 * in [from, until] and is seen in [first, last] has a gap: the time between the two, 0 if they
 * meet.  What is left is 2^(-gap / half-life of its kind).  A sighting by others confirms it as
 * the source does: age alone says little of what is still in use.
 */
struct decay {
	bool dated; /* both intervals have a time at all; else nothing can be said */
	bool fades; /* a half-life is known for the kind, and is not endless */
	double half_life_days;
	double gap_days;
	bool before;     /* seen before it was said, not after */
	double left;     /* 0 to 1; 1 where nothing fades or nothing can be said */
	const char *why; /* why the half-life is what it is; NULL if there is none */
};

/* until unknown: `from` is all that is known of when it was confirmed. */
struct decay decay_of(
	enum kind kind, struct when from, struct when until, struct when first, struct when last);

#endif
