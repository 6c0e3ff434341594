#ifndef INTEL_LIST_H
#define INTEL_LIST_H

#include "intel/gather.h"

/*
 * Plain lists and text, line by line (spoor-intel(7) has the rules).  Comments become the context
 * of what follows, and "# Aliases:" names the actor.
 */
void list_read(struct gather *g, struct str text);

/*
 * All values among the words of a cell that is known to hold indicators.  Returns how many there
 * were; base's original is set to each word.
 */
size_t list_words(struct gather *g, const struct indicator *base, struct str cell);
/* One value of a list: whole hosts for bare URLs, pending for paths without a host. */
bool list_value(struct gather *g, const struct indicator *base, struct str value);

#endif
