#ifndef STORE_MERGE_H
#define STORE_MERGE_H

#include "store/segment.h"

/*
 * One segment out of several: rows in (time, id) order, hidden rows left out, dictionaries and
 * aliases united, postings renumbered.  Streams in memory of the order of one input's columns.
 * The same inputs in the same order give the same bytes; any order gives the same answers.
 */
struct merge_input {
	const struct segment *seg;
	struct rowset hidden;
	/* Names of its batches where the segment has none of its own (a fresh one has exactly one).
	 */
	struct str batch_name;
};

MUST bool segment_merge(const struct merge_input *in, size_t n, struct buf *out, struct err *err);

#endif
