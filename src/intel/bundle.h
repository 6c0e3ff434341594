#ifndef INTEL_BUNDLE_H
#define INTEL_BUNDLE_H

#include "base/vec.h"
#include "intel/said.h"

/*
 * STIX written back: the objects that are kept of a source, each byte for byte as it was given, in
 * one bundle and in the order of the file.  What differs from what came: the bundle's own id and
 * whatever else stood around the objects; the same object given twice stands once; an object whose
 * bytes are no JSON (its place has no length) is left out and counted.
 */
struct bundle {
	VEC(struct place) places;
	size_t left_out; /* objects that can't be written */
	struct buf *out;
	size_t written;
};

void bundle_add(struct bundle *b, const struct place *p); /* of a node or an edge, in any order */
/* Sorts the places, each once: then walk along b->places and give the bytes of each. */
void bundle_seal(struct bundle *b);
/* seed: makes the bundle's id, always the same for the same; kind: of struct intel, "stix-2.0" … */
void bundle_begin(struct bundle *b, struct buf *out, struct str seed, struct str kind);
void bundle_object(struct bundle *b, struct str bytes);
void bundle_end(struct bundle *b);
void bundle_release(struct bundle *b);

#endif
