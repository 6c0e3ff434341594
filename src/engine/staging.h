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
struct staging {
	struct folder *f;
	struct stagedir dir;
	VEC(struct staged_batch) batches; /* in the order of the source */
};

enum { STAGED_ROOM = 24 };
/* "000007.batch" */
void staging_file(uint32_t seq, const char *suffix, char ret_name[STAGED_ROOM]);

#endif
