#ifndef WORKER_PATTERNPLAN_H
#define WORKER_PATTERNPLAN_H

#include "rule/ruleset.h"
#include "text/jsonw.h"

/* Members of the plan of a rule that is a STIX pattern: its brackets, and when each is looked at. */
void pattern_write_plan(const struct ruleset *rs, uint32_t rule, struct jsonw *w);

#endif
