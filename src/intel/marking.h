#ifndef INTEL_MARKING_H
#define INTEL_MARKING_H

#include "base/str.h"

/*
 * Traffic Light Protocol 2.0 labels.  What is marked but not understood is "TLP:RED": a marking
 * must never become laxer by being read (FIRST's TLP 2.0; STIX ids of both versions).
 */
struct str marking_of_text(struct str s); /* "white", "TLP:AMBER" …; "" for "" */
bool marking_of_stix_id(struct str id, struct str *ret_label);
/* The stricter of two labels; "" is none and gives the other one. */
struct str marking_stricter(struct str a, struct str b);

#endif
