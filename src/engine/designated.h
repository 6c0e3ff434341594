#ifndef ENGINE_DESIGNATED_H
#define ENGINE_DESIGNATED_H

#include "base/vec.h"
#include "casedb/party.h"
#include "intel/said.h"
#include "intel/screen.h"

/*
 * Designated parties of the case's lists: into the catalogue, and found again by what they are like.
 */

/* The rows of a source, and their keys.  Inside a transaction. */
MUST bool designated_put(struct casedb *db, int64_t source, const struct said *s, struct err *err);

/* A list, or one source's share of it; texts live in the arena. */
struct designated_list {
	struct str list, name;
	struct sha256 sha256;
	struct when list_date, added; /* list_date WHEN_NONE: the list doesn't say */
	int64_t source;
	uint64_t entries;
};
struct designated_lists {
	VEC(struct designated_list) at;
};
MUST bool designated_lists(
	struct casedb *db, struct arena *a, struct designated_lists *inout, struct err *err);

/* An entry, put together from all rows of it, and why it may be who was asked for. */
struct designated_match {
	struct party party;
	struct screen_match match;
	const int64_t *sources; /* whose rows they were, each once, the newest list first */
	size_t n_sources;
};
struct designated_matches {
	VEC(struct designated_match) at;
};
/* By score, then list and number. */
MUST bool designated_find(struct casedb *db, struct arena *a, const struct screen_query *q,
	struct designated_matches *inout, struct err *err);

#endif
