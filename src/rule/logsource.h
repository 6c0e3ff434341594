#ifndef RULE_LOGSOURCE_H
#define RULE_LOGSOURCE_H

#include "rule/ruleset.h"

/*
 * What log sources mean (rules/logsources.yaml, spoor-rules(7)), and placeholders: a map of names to
 * values.  Both before the first rule is read.
 */
MUST bool logsources_read(struct ruleset *rs, const char *file, struct str text, struct err *err);
MUST bool placeholders_read(struct ruleset *rs, const char *file, struct str text, struct err *err);

/* Is an event of that format what the rule is for?  A rule whose log source says nothing is for all. */
bool logsource_meets(const struct ruleset *rs, const struct logsource *of, struct str format);
/* Does the set know the log source at all? */
bool logsource_is_known(const struct ruleset *rs, const struct logsource *of);

#endif
