#ifndef BASE_WHEN_H
#define BASE_WHEN_H

#include "base/buf.h"
#include "base/str.h"

/*
 * A moment: UTC microseconds since 1970-01-01T00:00:00Z, without leap seconds.
 * WHEN_NONE is "no time known".  Years 1 to 9999 can be written.
 */
struct when {
	int64_t us;
};

#define WHEN_NONE ((struct when){INT64_MIN})
#define WHEN_SECOND INT64_C(1000000)

static inline bool when_known(struct when w)
{
	return w.us != INT64_MIN;
}

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar. */
int64_t when_days(int64_t year, unsigned month, unsigned day);
/* False (and *ret untouched) if a part is out of its range. */
bool when_civil(int64_t year, unsigned month, unsigned day, unsigned h, unsigned m, unsigned s,
	uint32_t us, struct when *ret_w);
/*
 * RFC 3339, also with a blank for the T, a fraction of 1 to 9 digits (cut to microseconds),
 * an offset with or without colon, or no zone at all: that is taken as UTC, which is what
 * the audit logs that leave it out mean.  A date alone is its midnight.  All of s must match.
 */
bool when_rfc3339(struct str s, struct when *ret_w);
/* Writes RFC 3339 in UTC; the fraction (3 or 6 digits) only where it isn't zero. */
void when_print(struct when w, struct buf *out);
struct when when_now(void);
/* Seconds on a clock that is never set: only differences mean anything. */
double when_elapsed(void);

#endif
