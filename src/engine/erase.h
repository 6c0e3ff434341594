#ifndef ENGINE_ERASE_H
#define ENGINE_ERASE_H

#include "box/client.h"
#include "engine/folder.h"
#include "engine/watcher.h"

/*
 * Erasing: afterwards the values are in no byte of the case folder.  Every batch is searched (raw
 * bytes, what is unescaped from them, and the values' spellings as observables); records and gaps
 * that hold one go, as do indicators, what lists say of people, and sources' paths that name one; segments are derived anew.
 * A record that kills, stalls or starves the search could hold one, so it goes too, and is counted.
 * Everything else stays as it is, records' numbers and offsets included, and what is derived from it
 * is ready for questions again on return.
 */
struct erase_options {
	struct box_options box;
	unsigned jobs;
	bool dry_run; /* only count */
	const struct watcher *watcher;
};

struct erased {
	uint64_t records, batches, sources, indicators;
	uint64_t people; /* parts of what lists say of people, and the lists' names */
	uint64_t batches_searched;
	uint64_t unread; /* places that could not be looked into, erased for that */
};

MUST bool erase_values(struct folder *f, const struct str *values, size_t n,
	const struct erase_options *opt, struct erased *ret, struct err *err);

#endif
