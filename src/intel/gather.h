#ifndef INTEL_GATHER_H
#define INTEL_GATHER_H

#include "intel/intel.h"
#include "intel/word.h"

/*
 * Where all readers of indicators put what they found.  Here it is decided what is too broad to
 * be looked for, and that the same value under the same id counts once.
 */
struct gather {
	struct arena *a; /* what indicators keep */
	struct str text; /* all of the file: it outlives what is kept, which may borrow from it */
	struct arena scratch; /* rewound by whoever uses it */
	struct intel *out;
	uint64_t *seen; /* open addressing: half a hash, and index of an indicator + 1 */
	size_t n_seen, room_seen;
	size_t more_skipped; /* beyond those listed */
	uint32_t more_line;
};

/* A copy in g->a, or s itself where it stands in the file. */
struct str gather_keep(const struct gather *g, struct str s);

void gather_init(struct gather *g, struct arena *a, struct intel *out);
/* Says how many more were skipped; frees what it owns. */
void gather_finish(struct gather *g);

/* All but `what`, o, from, to come from base.  The word is copied; the rest of base is kept. */
void gather_word(struct gather *g, const struct indicator *base, const struct word *w);
/* base->original is the pattern. */
void gather_pending(struct gather *g, const struct indicator *base, struct str why);
/* what is copied, and cut if it is long; why is kept as it is. */
void gather_skip(struct gather *g, uint32_t line, struct str what, struct str why);

/*
 * What is said beside indicators.  Texts are copied, and cut where they are long; a node without
 * an id gets one of its type and name.  Beyond LIMIT_INTEL_NODES of each the rest is counted as
 * skipped.  node_empty and its like are in intel/said.h.
 */
void gather_node(struct gather *g, const struct node *n);
void gather_name(struct gather *g, const struct node_name *n);
void gather_edge(struct gather *g, const struct edge *e);
void gather_claim(struct gather *g, const struct claim *c);

struct indicator gather_base(uint32_t line);

#endif
