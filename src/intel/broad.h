#ifndef INTEL_BROAD_H
#define INTEL_BROAD_H

#include "model/observable.h"

/*
 * Values that would meet so much of any log that they say nothing: NULL, or why it is not taken
 * as an indicator.  Bounds of networks are in the common order of text/ipaddr.h.
 */
const char *broad_value(struct observable o);
const char *broad_network(const uint8_t from[16], const uint8_t to[16]);

#endif
