#ifndef ENGINE_STATUS_H
#define ENGINE_STATUS_H

#include "base/flaw.h"
#include "engine/folder.h"

/* How a case is: what it holds, how large it is, and what was wrong with what it was given. */
struct status {
	uint64_t sources, batches, segments;
	uint64_t records, events, copies, records_without_event;
	uint64_t observables, distinct; /* distinct: over each segment, added up */
	uint64_t source_bytes, batch_bytes, segment_bytes, index_bytes;
	uint64_t conflicts;         /* events that share an id with others of different content */
	uint64_t flaws[FLAW_CODES]; /* of records and of sources */
	uint64_t journal_lines, erasures;
	uint64_t intel_sources, indicators, pending;
	uint64_t people_lists, persons;
	uint64_t free_bytes; /* of the file system */
};

MUST bool status_read(struct folder *f, struct snapshot *snap, struct status *ret, struct err *err);

#endif
