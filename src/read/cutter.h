#ifndef READ_CUTTER_H
#define READ_CUTTER_H

#include "base/arena.h"
#include "base/str.h"
#include "store/batch.h"

/*
 * Cuts the decoded bytes of a source into batches at record boundaries.  It looks at bytes only
 * (no format, no clock, no buffer sizes), so the cuts of a source are always the same.  It runs
 * in the parent: no allocation that depends on input but the preamble (LIMIT_PREAMBLE_BYTES).
 */
struct cutter;

/* How a preamble begins if its batch begins inside a line that is too long (not JSON's). */
#define PREAMBLE_INSIDE "\1"

/* head: the first bytes of the source, LIMIT_PREAMBLE_BYTES of them or all there are. */
struct cutter *cutter_new(struct str head);
void cutter_free(struct cutter *c);
/* For tests: batches of n bytes instead of LIMIT_BATCH_BYTES. */
void cutter_batch_bytes(struct cutter *c, size_t n);

/*
 * How many bytes at the start of `window` are the next batch; 0: show more.  The window starts
 * where the last cut ended and must be able to grow to LIMIT_SLICE_BYTES, where a cut is forced
 * (inside a record that is too long).  At eof the rest is cut, whatever it is.
 */
size_t cutter_cut(struct cutter *c, struct str window, bool eof);

/* Framing, separator and preamble for the batch that was just cut; source_offset is filled too. */
void cutter_head(const struct cutter *c, struct batch_head *ret);

#endif
