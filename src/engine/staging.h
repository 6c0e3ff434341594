#ifndef ENGINE_STAGING_H
#define ENGINE_STAGING_H

#include "base/vec.h"
#include "engine/publish.h"
#include "engine/stagedir.h"

/* What publish.c needs to know of a staging; others use publish.h. */
struct staged_batch {
	struct sha256 sha256, segment; /* of the files */
	uint64_t bytes, records;
};

/*
 * One folder below incoming/ for all sources that wait at a time: making and removing one for each
 * takes longer than what a small source needs besides.
 */
struct stage {
	struct stagedir dir;
	size_t uses;    /* stagings in it */
	uint32_t next;  /* number of the next one */
	uint32_t lists; /* written so far */
	bool left;      /* for the next who opens the case: it may hold what the journal names */
};

struct staging {
	struct folder *f;
	uint32_t number;                  /* in the stage */
	bool moved;                       /* its files are no longer there, or must stay */
	VEC(struct staged_batch) batches; /* in the order of the source */
};

enum { STAGED_ROOM = 40 };
/* "12.000007.batch" */
void staging_file(
	const struct staging *s, uint32_t seq, const char *suffix, char ret_name[STAGED_ROOM]);
/* "12.source" */
void staging_source_file(const struct staging *s, char ret_name[STAGED_ROOM]);

#endif
