#ifndef ENGINE_ACQUIRED_H
#define ENGINE_ACQUIRED_H

#include "base/arena.h"
#include "base/err.h"
#include "base/when.h"

/*
 * What --acquired says of a source (spoor(1)): custody begins before ingest, and who exported
 * knows how much there was.  A JSON object in which only these keys mean something to spoor; all
 * of it is kept as it came, with each source of that run.
 *
 *	when            RFC 3339: when it was exported; dates state that has no time of its own
 *	from, to        RFC 3339: the range that was asked for
 *	count           how many records the source itself says the answer has
 *	format, tenant  of which stream, where no record can say it because there is none
 *	complete        false: whoever exported knows that not all of the range is there
 */
struct acquired {
	struct when when, from, to; /* WHEN_NONE: not said */
	bool counted, incomplete;
	uint64_t count;
	struct str format, tenant;
};

/*
 * A source that came more than once has all of its acquisitions, parted by the byte 0x1e
 * (RFC 7464's record separator, which no JSON text has).
 */
#define ACQUIRED_SEPARATOR '\x1e'
bool acquired_has(struct str all, struct str one);
struct str acquired_join(struct arena *a, struct str all, struct str one);

/* One of them.  Times, counts and texts that are none are ERR_USAGE; "" says nothing.  Strs live in the arena. */
MUST bool acquired_parse(
	struct arena *a, struct str json, struct acquired *ret_acquired, struct err *err);

/* What goes into a batch's head (store/batch.h): the format named by --as, and the time. */
struct str acquired_told(struct arena *a, struct str format, const struct acquired *acquired);

#endif
