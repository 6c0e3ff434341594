#ifndef ENGINE_JUDGE_H
#define ENGINE_JUDGE_H

#include "engine/expressions.h"
#include "engine/intelset.h"
#include "engine/origins.h"
#include "engine/search.h"
#include "model/decay.h"

/*
 * What there is to know before one believes that a sighting means something: how long before or
 * after it was said, whether the source says that it was still valid, who else says it and whether
 * they are one origin, and which lists of harmless things have the value.  Nothing is ever left out
 * for any of it: it is shown.
 */
struct warning {
	const struct intel_file *source;
	struct str list, version; /* its name, and which one it is */
	struct str entry;         /* what of it the value met */
	struct str how;           /* "exact", "name-below", "network", "part", "host" */
};

struct judged {
	struct decay decay;
	bool outside;  /* all events are outside of what the source says is its validity */
	bool sinkhole; /* a list of sinkholes has it: who is met there now is not who was */
	VEC(struct saying) said;
	unsigned origins;
	VEC(struct warning) warnings;
};

/*
 * by: what was met; found: where.  Texts are of the arena, or live as long as the set.  e: which
 * expressions of lists the value found is met by, as value number `value` of those that were asked.
 */
struct judge_sight {
	const struct intel_file *source;
	const struct indicator *by;
	const struct found *found;
	const struct expressions *e;
	uint32_t value;
};
MUST bool judge(struct folder *f, struct arena *a, const struct intel_set *set,
	const struct judge_sight *s, struct judged *ret, struct err *err);
/* The lists of harmless things that have a value. */
MUST bool judge_warnings(struct folder *f, struct arena *a, const struct intel_set *set,
	struct observable o, struct judged *inout_j, struct err *err);
void judged_release(struct judged *j);

#endif
