#ifndef ENGINE_CLAIMS_H
#define ENGINE_CLAIMS_H

#include "base/arena.h"
#include "base/vec.h"
#include "casedb/casedb.h"
#include "model/knowledge.h"

/*
 * What was said, side by side: claims of the case by incident and date, who answers whom, and
 * where a speaker contradicts himself.  They are counted, never merged or weighed (METHODS 0.5).
 */
#define CLAIM_NONE SIZE_MAX

struct claim_link {
	size_t from, to; /* in rows */
};

struct claim_row {
	int64_t source;
	struct str source_name; /* as `intel list` has it: one claim may come in two sources */
	struct claim c; /* texts in the arena; the marking is its label, else that of its source */
	size_t of;      /* the row that it answers or supports, or CLAIM_NONE */
};

struct claims_view {
	VEC(struct claim_row) rows;            /* by incident, date, speaker, id */
	VEC(struct claim_link) answers;        /* to: the answered; by `to`, then `from` */
	VEC(struct claim_link) contradictions; /* both ways, by `from`, then `to` */
};

/*
 * All claims (about ""), or those of an incident, of each incident for which somebody names that
 * name or another one that any source has for the same thing, and of a speaker; with what answers
 * these and what they answer.  Names as name_fold compares them.
 */
MUST bool claims_load(struct casedb *db, struct arena *a, struct str about, struct claims_view *ret,
	struct err *err);
void claims_release(struct claims_view *v);

/*
 * Does one speaker say two things of one incident that can't both be meant?  It asserts and denies
 * the same name; at the level of a cluster, an intrusion set, an agency or a state it names two; or
 * two ranges of one scale about the same name don't meet.
 */
bool claims_contradict(const struct claim *a, const struct claim *b);

#endif
