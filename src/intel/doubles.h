#ifndef INTEL_DOUBLES_H
#define INTEL_DOUBLES_H

#include "intel/indwriter.h"

/*
 * Finds the records that say of the same thing under the same id what an earlier one has said,
 * once keys and networks are sorted: takes them out there, puts those that share a key into the
 * order of their records, and lists them in w->doubles, by ordinal.  False if records that were
 * written can't be read.
 */
bool doubles_find(struct indwriter *w, struct str written);
/* Reads records of a file that is being written. */
struct doubles_reader {
	const struct indwriter *w;
	struct str written;
	struct scan sc;
	struct record_taking before;
	uint32_t next, block;
	unsigned n; /* that were read */
	bool inside;
};
bool doubles_at(struct doubles_reader *r, uint32_t ordinal, struct indicator *ret);

#endif
