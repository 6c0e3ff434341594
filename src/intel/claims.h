#ifndef INTEL_CLAIMS_H
#define INTEL_CLAIMS_H

#include "intel/gather.h"

/*
 * Files of claims, spoor-claims(5): what governments, vendors, allies and the accused said of
 * incidents, and the names of actors, in YAML or JSON.  What can't be right (an impossible date, a
 * level that nobody knows) is skipped with its line, the rest is read.
 */
bool claims_is(struct str text); /* its first key is "spoor-claims" */
/* The kind of what was read: "claims".  file is the name for messages. */
struct str claims_read(struct gather *g, struct str text, struct str file);

#endif
