#ifndef ENGINE_REDERIVE_H
#define ENGINE_REDERIVE_H

#include "engine/folder.h"
#include "engine/pool.h"

/*
 * Reads batches again, in the box, with the formats of now: what reindexing and erasing have in
 * common.  The batches' own tables say where the records are, so that they keep their numbers.
 */
struct rederive_batch {
	struct str name;
	struct str file; /* the bytes of the batch, or of what replaces it; {NULL, 0}: as it is */
};

struct rederived {
	struct str batch;   /* name */
	struct str segment; /* file bytes; they die on return */
	size_t index;       /* in the list that was given */
};
typedef bool (*rederive_fn)(void *arg, const struct rederived *r, struct err *err);

struct rederive_options {
	struct box_options box;
	unsigned jobs;
	rederive_fn done;
	void *arg;
};

/* Calls done for each batch, in no certain order. */
MUST bool rederive(struct snapshot *snap, const struct rederive_batch *batches, size_t n,
	const struct rederive_options *opt, struct err *err);

#endif
