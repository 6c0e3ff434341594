#ifndef READ_FILL_H
#define READ_FILL_H

#include "read/claim.h"

/*
 * Makes the event of a record from the slots of the claim that was chosen.  values has room for
 * LIMIT_VALUES_PER_EVENT; texts borrow from the record or the walker's arena.
 */
void fill_event(const struct formats *f, const struct walked *w, const struct choice *choice,
	struct value *values, struct flaws *flaws, struct event *ret_event);

#endif
