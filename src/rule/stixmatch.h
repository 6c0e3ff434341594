#ifndef RULE_STIXMATCH_H
#define RULE_STIXMATCH_H

#include "rule/pattern.h"

/*
 * Whether a STIX pattern holds of a list of observations (STIX 2.1 section 9, level 3).  What an
 * observation is and whether it has an object that satisfies one [ … ] is asked of the caller:
 * rule/stixdata.h answers from observed-data.
 *
 * An observed-data of number_observed n is n observations, of which each happened at some moment
 * between first and last: a pattern matches if there are different observations for all its parts
 * and a moment for each of them such that what FOLLOWEDBY, WITHIN, START and STOP say is true.
 * REPEATS n is n parts.  One without a time satisfies nothing that asks for one.
 *
 * Whether they exist is decided without listing them.  Each FOLLOWEDBY gets a moment that what
 * stands left isn't after and what stands right isn't before, each WITHIN one at which its window
 * begins.  With these moments given, each part has a fixed set of observations, and "different ones"
 * is a flow from parts to observations: at most K augmenting paths over k·K edges, for k brackets
 * that ask for K observations together, since of each bracket's observations any K will do.  The
 * moments are sought by halving: of a part of their space it is first computed how far they are
 * bounded, then whether the flow exists with all that the bounds leave, and only then is it cut in
 * two, where an observation begins or ends.
 *
 * So with k brackets, n observations and q of FOLLOWEDBY and WITHIN, it costs k·n comparisons and at
 * most (2kn)^q flows: polynomial for any pattern without them, or with any fixed number.  No bound
 * can be polynomial in q as well, nor in the number of ORs between what isn't a single bracket: with
 * windows of REPEATS one can ask for bin packing, with OR of AND for 3-SAT.  Patterns that people
 * write are decided at the first steps; what an enemy writes meets LIMIT_PATTERN_STEPS, and is undecided.
 */

/* Microseconds since 1970, both inclusive. */
struct stix_span {
	int64_t first, last;
	bool timed;
	uint64_t count;
};

struct stix_seen {
	const struct stix_span *at;
	uint32_t n;
	/* Whether observation i has an object that satisfies this PATTERN_OBSERVATION. */
	bool (*holds)(void *arg, const struct pattern_node *bracket, uint32_t i);
	void *arg;
};

enum stix_verdict { STIX_NO, STIX_MATCH, STIX_UNDECIDED };

/* That `times` of observation i are what satisfies this part: a bracket, or brackets with OR. */
struct stix_part {
	const struct pattern_node *of;
	uint32_t observation;
	uint64_t times;
};

struct stix_answer {
	enum stix_verdict verdict;
	VEC(struct stix_part) parts;              /* of MATCH: one way of it */
	VEC(const struct pattern_node *) missing; /* of NO: brackets that nothing satisfies */
	const struct pattern_node *few;           /* of NO: what asks for more than there are */
};

/* The answer's nodes are those of root.  Release it. */
void stixmatch(const struct pattern_node *root, const struct stix_seen *seen,
	struct stix_answer *ret_answer);
void stix_answer_release(struct stix_answer *answer);

#endif
