#ifndef INTEL_STIX_H
#define INTEL_STIX_H

#include "intel/gather.h"

/*
 * JSON: STIX 2.0 and 2.1 objects in a bundle, an array, an envelope or one after another, and
 * plain objects whose keys name a value.  Objects may refer to later ones, so the file is read
 * twice: first what markings, names and relationships say, then the indicators.  Returns what it
 * was: "stix-2.1", "stix-2.0", "misp" or "json".
 */
struct str stix_read(struct gather *g, struct str text);

#endif
