#ifndef ENGINE_INTELROWS_H
#define ENGINE_INTELROWS_H

#include "casedb/intel.h"
#include "engine/folder.h"
#include "intel/indicators.h"
#include "intel/intel.h"

/*
 * The catalogue's side of a source of intelligence.  A source takes the place of the one with the
 * same bytes, of one with the same name where the name was given, else of one from the same path.
 * What both say of the same thing under the same id keeps its sightings.
 */

/* Inside the lock and a transaction.  in: its file; said: what intel_unpack gave. */
MUST bool intel_rows_put(struct folder *f, const struct intel_source_row *r,
	const struct indicators *in, const struct intel *said, int64_t *ret_id, bool *ret_replaced,
	struct err *err);
/* Its rows go, and its files with them. */
MUST bool intel_rows_remove(
	struct folder *f, int64_t id, const struct sha256 *sha256, struct err *err);

/* Would the source of that name, path and hash take this one's place?  *ret_id 0: none's. */
MUST bool intel_rows_before(struct folder *f, const struct intel_source_row *r,
	struct sha256 *ret_sha256, int64_t *ret_id, struct err *err);

#endif
