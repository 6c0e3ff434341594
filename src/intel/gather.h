#ifndef INTEL_GATHER_H
#define INTEL_GATHER_H

#include "intel/intel.h"
#include "intel/word.h"

/*
 * Where all readers of indicators put what they found.  Here it is decided what is too broad to
 * be looked for, and that the same value under the same id counts once.
 */
struct gather {
	struct arena *a;      /* what indicators keep */
	struct arena scratch; /* rewound by whoever uses it */
	struct intel *out;
	uint64_t *seen; /* open addressing: half a hash, and index of an indicator + 1 */
	size_t n_seen, room_seen;
	size_t more_skipped; /* beyond those listed */
	uint32_t more_line;
};

void gather_init(struct gather *g, struct arena *a, struct intel *out);
/* Says how many more were skipped; frees what it owns. */
void gather_finish(struct gather *g);

/* All but `what`, o, from, to come from base.  The word is copied; the rest of base is kept. */
void gather_word(struct gather *g, const struct indicator *base, const struct word *w);
/* base->original is the pattern. */
void gather_pending(struct gather *g, const struct indicator *base, struct str why);
/* what is copied, and cut if it is long; why is kept as it is. */
void gather_skip(struct gather *g, uint32_t line, struct str what, struct str why);

struct indicator gather_base(uint32_t line);

#endif
