#ifndef PEOPLE_DATES_H
#define PEOPLE_DATES_H

#include "base/when.h"

/*
 * Dates of lists: "2019", "2019-05", "2019-05-01" (ISO 8601 as Popolo has it), RFC 3339, and the
 * "8/19/2021 1:25:31 PM" of Microsoft's portals.  A date is the first moment of its year, month or
 * day when something begins, and the moment after it when something ends: who left on the 30th
 * had the address all that day.  WHEN_NONE if it is none.
 */
struct when date_begin(struct str s);
struct when date_end(struct str s);

#endif
