#ifndef ENGINE_ORIGINS_H
#define ENGINE_ORIGINS_H

#include "base/str.h"
#include "base/when.h"

/*
 * Circular reporting: five feeds that say the same may be one that was copied four times.  Sayings
 * of one value have the same origin if they have the same object id (one object passed on), the
 * same creator, the same report (an address of the web in both contexts), or if one names the
 * other's source as where it has it from.
 */
struct saying {
	struct str source;  /* the feed's name in this case */
	struct str id;      /* the source's own id of the indicator, "" if none */
	struct str creator; /* who made it, "" unknown */
	struct str context; /* comment, description, references */
	struct when since;  /* WHEN_NONE: unknown */
	unsigned origin;    /* out: from 0, in the order of first appearance */
};

/* Fills in `origin` of each; returns how many origins there are.  Text alone decides, not order:
 * the same sayings in another order have the same groups. */
unsigned origins_find(struct saying *inout_s, size_t n);

#endif
