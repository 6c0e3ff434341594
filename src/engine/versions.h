#ifndef ENGINE_VERSIONS_H
#define ENGINE_VERSIONS_H

#include "base/err.h"
#include "base/when.h"
#include "casedb/casedb.h"

/*
 * Versions of one object in several files.  Within a file the newest counts (intel/graph.h).
 * Between files nothing is switched off, those of one source included: whoever can put a file into the case could revoke what
 * others say by a version dated later.  What is newer elsewhere is said beside the indicator instead.
 */
struct newer_version {
	int64_t source; /* 0: there is none */
	struct when modified;
	bool revoked;
};
/* The newest version in other files that is newer than what that file of the source, its member,
 * has of that id. */
MUST bool versions_newer(struct casedb *db, int64_t source, uint32_t member, struct str id,
	struct newer_version *ret, struct err *err);

#endif
