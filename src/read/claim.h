#ifndef READ_CLAIM_H
#define READ_CLAIM_H

#include "read/walk.h"

/*
 * Which format a record is of.  The content decides: of the claims whose conditions all hold,
 * the one with the most conditions wins, since it says more; of one format's shapes with equally
 * many, the first listed.  Equally many of two formats is ambiguous, unless one of them was
 * named (--as): a name breaks ties, it does not overrule.
 */
enum claim_result { CLAIM_NOBODY, CLAIM_FOUND, CLAIM_AMBIGUOUS };

struct choice {
	const struct program_claim *claim;
	uint32_t frame;       /* of the native record */
	struct when acquired; /* its source, or WHEN_NONE; claim_find does not know */
};

/* named: index of a format, or anything beyond the last one. */
enum claim_result claim_find(
	const struct formats *f, const struct walked *w, size_t named, struct choice *ret_choice);

bool claim_when(const struct formats *f, const struct walked *w, const struct frame *fr,
	struct program_when when);
/* The first leaf with a value among alternatives, or PROGRAM_NONE. */
uint32_t claim_first(
	const struct formats *f, const struct walked *w, const struct frame *fr, struct range alts);

#endif
