#ifndef INTEL_LIST_H
#define INTEL_LIST_H

#include "intel/gather.h"

/*
 * Plain lists and text, line by line (spoor-intel(7) has the rules).  Comments become the context
 * of what follows, and "# Aliases:" names the actor.
 */
void list_read(struct gather *g, struct str text);

#endif
