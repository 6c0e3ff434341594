#ifndef ENGINE_KNOWLEDGE_H
#define ENGINE_KNOWLEDGE_H

#include "casedb/casedb.h"
#include "intel/said.h"

/* The catalogue's rows of what a source says beside indicators.  Inside a transaction. */
MUST bool knowledge_put(struct casedb *db, int64_t source, const struct said *s, struct err *err);

#endif
