#ifndef INTEL_LEG_H
#define INTEL_LEG_H

#include "intel/gather.h"

/*
 * A STIX pattern as indicators: each leg that is a comparison of something spoor stores becomes
 * one.  If anything is left over (an AND, LIKE, a path that no log has), the pattern is listed as
 * pending as well, with what it is that is no value, and whether it runs as a rule.  base->original is the pattern.
 */
void pattern_gather(struct gather *g, const struct indicator *base);

#endif
