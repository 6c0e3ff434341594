#ifndef UNPACK_PSTSCAN_H
#define UNPACK_PSTSCAN_H

#include "base/vec.h"
#include "unpack/psttree.h"

/* What lies in a PST without that its trees lead there: what was deleted, or what a cut left. */
struct pst_remains {
	VEC(struct pst_node) nodes;   /* by id; of several versions the latest */
	VEC(struct pst_block) blocks; /* by id */
};

/*
 * Looks for leaf pages and for blocks, in what the maps say is free or everywhere.  Both say
 * themselves what and where they are.
 */
void pst_scan(const struct unpack *u, bool everywhere, struct pst_remains *ret);
/* NULL: it isn't there. */
const struct pst_block *pst_remains_block(const struct pst_remains *r, uint64_t id);
void pst_remains_release(struct pst_remains *r);

#endif
