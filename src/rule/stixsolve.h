#ifndef RULE_STIXSOLVE_H
#define RULE_STIXSOLVE_H

#include "rule/stixmatch.h"

/*
 * A pattern without ORs: slots that ask for observations, and moments that bound them.  See
 * stixmatch.h for how it is decided.
 */

/* Farther than any time, and sums of two don't overflow. */
#define STIX_FAR (INT64_MAX / 4)

/* The observations that satisfy a part. */
struct stix_domain {
	const struct stix_span *spans; /* all there are */
	uint32_t *all;                 /* for slots that ask for no time */
	uint32_t n_all;
	uint32_t *by_first, *by_last; /* those with a time, sorted */
	uint32_t n;
	int64_t longest; /* from first to last, of any */
	uint64_t supply;
};

/* One of the moments: what it bounds isn't before it, or isn't more than `after` after it. */
struct stix_bound {
	const struct stix_bound *up;
	uint32_t moment;
	bool lower;
	int64_t after;
};

struct stix_slot {
	const struct pattern_node *of;
	const struct stix_domain *domain;
	uint64_t count;
	int64_t lo, hi; /* START, STOP */
	bool timed;
	const struct stix_bound *bounds;
};

/* Moment `first` is not after moment `second`. */
struct stix_order {
	uint32_t first, second;
};

struct stix_conjunction {
	VEC(struct stix_slot) slots;
	VEC(struct stix_order) orders;
	uint32_t n_moments;
	uint32_t n_spans;
};

void stix_conjunction_release(struct stix_conjunction *c);

/* *inout_steps: how many are left.  The parts of a match are added. */
enum stix_verdict stix_solve(
	const struct stix_conjunction *c, uint64_t *inout_steps, struct stix_answer *inout_answer);

#endif
