#ifndef INTEL_GRAPH_H
#define INTEL_GRAPH_H

#include "base/arena.h"
#include "intel/sdo.h"

/*
 * What the objects of a file say about one another: which actor an indicator points to, which
 * label a marking is.  Fill it with every object, seal it, then ask.
 */
struct graph_named {
	struct str id, name;
	uint8_t rank; /* the higher, the more it is a name of who did it */
};
struct graph_edge {
	struct str from, to;
};
struct graph_marking {
	struct str id, label;
};

struct graph {
	VEC(struct graph_named) named;
	VEC(struct graph_edge) edges;
	VEC(struct graph_marking) markings;
};

/* Copies what it keeps into the arena. */
void graph_add(struct graph *g, struct arena *a, const struct sdo *o);
void graph_seal(struct graph *g);
void graph_release(struct graph *g);

/*
 * Names of the intrusion sets (or else threat actors, campaigns, malware) that the indicator
 * indicates, directly or by what they are attributed to; sorted, joined by ", "; "" if none.
 */
struct str graph_actor(const struct graph *g, struct arena *a, struct str id);
/* The strictest label of the markings referred to; one that is not understood is TLP:RED. */
struct str graph_marking(const struct graph *g, const struct sdo *o);

#endif
