#ifndef RULE_STIXPARTS_H
#define RULE_STIXPARTS_H

#include "rule/stixsolve.h"

/*
 * A pattern's tree made ready for matching: brackets with the observations that satisfy them,
 * brackets joined by OR as one, and nothing that can't be satisfied.
 */
enum stix_part_kind {
	PART_OBSERVED,
	PART_TOGETHER,
	PART_EITHER,
	PART_THEN,
	PART_WITHIN,
	PART_REPEATS,
	PART_BETWEEN,
};

struct stix_tree {
	enum stix_part_kind kind;
	const struct pattern_node *of;
	struct stix_tree *child, *next;
	struct stix_domain *domain; /* OBSERVED */
	uint64_t n;                 /* as of the pattern's node */
	int64_t lo, hi;             /* BETWEEN */
	uint64_t demand;            /* observations that it needs, at least … */
	uint64_t supply;            /* … and that there are, at most */
	bool structured;            /* it has moments or choices */
};

/* NULL if it can't be satisfied: then answer says what is missing. */
struct stix_tree *stix_tree_of(struct arena *a, const struct pattern_node *root,
	const struct stix_seen *seen, struct stix_answer *inout_answer);
/* Sorts those with a time, once. */
void stix_domain_sort(struct arena *a, struct stix_domain *d);

#endif
