#ifndef INTEL_STIX_H
#define INTEL_STIX_H

#include "intel/gather.h"

/*
 * JSON: STIX 2.0 and 2.1 objects in a bundle, an array, an envelope or one after another, and
 * plain objects whose keys name a value.  Objects may refer to later ones, so the file is read
 * twice: first what markings, names and relationships say, then everything.  given: the bytes that the
 * text is of; where it lies within them, each object's place is known.  Returns what it was:
 * "stix-2.1", "stix-2.0" or "json".
 */
struct str stix_read(struct gather *g, struct str text, struct str given);

#endif
