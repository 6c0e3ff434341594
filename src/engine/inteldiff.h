#ifndef ENGINE_INTELDIFF_H
#define ENGINE_INTELDIFF_H

#include "intel/indicators.h"

/* What a version of a source says that the one before did not. */
enum intel_change {
	CHANGE_NEW,
	CHANGE_GONE,
	CHANGE_CHANGED, /* the same thing under the same id, and something else is said of it */
};

/* Bits of what changed. */
enum intel_aspect {
	ASPECT_ORIGINAL = 1 << 0,
	ASPECT_CONTEXT = 1 << 1,
	ASPECT_ACTOR = 1 << 2,
	ASPECT_MARKING = 1 << 3,
	ASPECT_WHY = 1 << 4,
	ASPECT_CONFIDENCE = 1 << 5,
	ASPECT_REVOKED = 1 << 6,
	ASPECT_VALID_FROM = 1 << 7,
	ASPECT_VALID_UNTIL = 1 << 8,
	ASPECT_CREATOR = 1 << 9,
};
enum { ASPECTS = 10 };
const char *aspect_name(unsigned i); /* of 1 << i: "original", "context" … */

struct intel_differences {
	uint64_t new, gone, changed;
};

/* was: of GONE and CHANGED, is: of NEW and CHANGED, else NULL; false stops. */
typedef bool (*intel_change_fn)(void *arg, enum intel_change c, const struct indicator *was,
	const struct indicator *is, unsigned aspects);
/* Called now and then, since all of a large file is read; or NULL. */
typedef void (*intel_forget_fn)(void *arg);
/*
 * First all that is new or changed, in the order of `now`, then what is gone, in that of `before`.
 * Lines and files are no difference.  before may be NULL: all is new.  fn may be NULL.
 */
void intel_diff(const struct indicators *before, const struct indicators *now, intel_change_fn fn,
	intel_forget_fn forget, void *arg, struct intel_differences *ret);

#endif
