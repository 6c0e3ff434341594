#ifndef INTEL_SDONODE_H
#define INTEL_SDONODE_H

#include "intel/graph.h"

/*
 * What is kept of a STIX object beside indicators (spoor-intel(7)): every object is a node or, a
 * relationship, an edge; its other names; what it refers to where that says something (an edge
 * whose type is the property's name: "sighting-of", "where-sighted", "object" …), and its phases of
 * kill chains (edges "phase" to "CHAIN/PHASE").  An older version is a node of type VERSION alone.
 */
struct sdonode {
	struct gather *g;
	const struct graph *graph;
	struct notes *notes;
	struct place place;
	struct str marking; /* graph_marking */
};
void sdonode_keep(const struct sdonode *k, const struct sdo *o, enum graph_version version);

#endif
