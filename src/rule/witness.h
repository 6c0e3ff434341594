#ifndef RULE_WITNESS_H
#define RULE_WITNESS_H

#include "rule/ruleset.h"

/*
 * The witnesses of a rule: tests of which at least one holds in whatever event the rule matches, each
 * for a text or a number that can be looked for without asking the rule.  Of several such sets it is
 * the one whose shortest text is longest, since long texts are rare.
 */
struct witness {
	const uint32_t *tests; /* of the set's tables */
	uint32_t n;     /* 0: none; the rule has to be asked of each event of its log source */
	uint32_t bytes; /* of the shortest of their texts */
};

/* Lives in the arena. */
struct witness witness_of(const struct ruleset *rs, struct arena *a, uint32_t expr);

#endif
