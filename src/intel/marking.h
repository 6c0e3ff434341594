#ifndef INTEL_MARKING_H
#define INTEL_MARKING_H

#include "base/arena.h"

/*
 * Traffic Light Protocol 2.0 labels.  What is marked but not understood is "TLP:RED": a marking
 * must never become laxer by being read (FIRST's TLP 2.0; STIX ids of both versions).
 */
struct str marking_of_text(struct str s); /* "white", "TLP:AMBER" …; "" for "" */
bool marking_of_stix_id(struct str id, struct str *ret_label);
/*
 * A marking may be left open: behind the label, if there is one, stand ids of definitions that
 * another file may have, with blanks between them.  Whoever doesn't look them up takes it for
 * TLP:RED, as marking_of_text does.  marking_leave_open adds an id; false: it looks like none.
 */
bool marking_leave_open(struct arena *a, struct str id, struct str *inout_ids);
bool marking_is_open(struct str marking);
/* The stricter of two labels; "" is none and gives the other one. */
struct str marking_stricter(struct str a, struct str b);

#endif
