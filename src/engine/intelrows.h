#ifndef ENGINE_INTELROWS_H
#define ENGINE_INTELROWS_H

#include "casedb/intel.h"
#include "engine/folder.h"
#include "intel/intel.h"

/*
 * The catalogue's side of a file of intelligence.  A file takes the place of the one with the same
 * bytes, of one with the same name where the name was given, else of one from the same path.
 * Indicators that both have keep their numbers, and with them their sightings.
 */
struct intel_rows {
	int64_t id;           /* of the new source */
	bool replaced;        /* something went for it */
	uint64_t added, gone; /* indicators that only the new, only the old has */
};

/* Inside the lock and a transaction.  The counts in *r are those of `in`. */
MUST bool intel_rows_put(struct folder *f, const struct intel_source_row *r, const struct intel *in,
	struct intel_rows *ret, struct err *err);

#endif
