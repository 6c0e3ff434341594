#ifndef RULE_SIGMA_H
#define RULE_SIGMA_H

#include "rule/ruleset.h"

/*
 * Sigma (Rules Specification and Modifiers Appendix 2.1.0) into a set of rules.  Each document of
 * a file becomes a rule of the set, loaded or with why not ("line 12: …"); rules with `action:
 * global` give what they have to those that follow; filters are joined to the rules that they name
 * by sigma_seal.  A file that is no YAML from some place on is one more rule that isn't loaded.
 */
void sigma_read(struct ruleset *rs, struct str file, struct str text);
/* Once, after all files: filters find their rules. */
void sigma_seal(struct ruleset *rs);

#endif
