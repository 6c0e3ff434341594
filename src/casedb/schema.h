#ifndef CASEDB_SCHEMA_H
#define CASEDB_SCHEMA_H

/*
 * The schema as a list of steps: step i leads from PRAGMA user_version i to i + 1.  A step that
 * was released is never changed; a new need is a new step.
 */
unsigned schema_steps(void);
const char *schema_step(unsigned i);

#endif
