#ifndef RULE_PATTERNRULE_H
#define RULE_PATTERNRULE_H

#include "rule/pattern.h"
#include "rule/ruleset.h"

/*
 * A STIX pattern as a rule of the set (RULE_PATTERN), loaded or with why not ("at byte 13: …").
 * text is the pattern alone, or an indicator of STIX as JSON, whose id, name, description and labels
 * become the rule's; of another pattern_type than stix it is refused.
 */
void pattern_read(struct ruleset *rs, struct str name, struct str text);

/* The pattern of a rule; NULL if it has none. */
const struct rule_pattern *pattern_of(const struct ruleset *rs, uint32_t rule);
/* Can there be events that satisfy it?  False if all ways need what no event has. */
bool pattern_is_possible(const struct pattern_node *root);
/*
 * The pattern's brackets in the order of its text: their numbers are the parts of hits.  At most
 * LIMIT_PATTERN_BRACKETS; in the arena.
 */
const struct pattern_node **pattern_brackets(
	struct arena *a, const struct pattern_node *root, uint32_t *ret_n);

#endif
