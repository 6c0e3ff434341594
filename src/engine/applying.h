#ifndef ENGINE_APPLYING_H
#define ENGINE_APPLYING_H

#include "engine/inside.h"
#include "engine/stagedir.h"

/*
 * Carries out a `replace` line of the journal (replace.h) from what its staging folder holds.
 * Inside the lock; once is as good as twice, so that it can be done again after a crash.
 */
struct applying {
	const char *staging; /* name below incoming/ */
	struct sha256 list;  /* hash of the staging's list */
	bool erase;
	uint64_t seq; /* of the journal's line */
	struct when time;
	uint64_t batches, records; /* with new content; erased */
};

/* The list of a staging, taken apart. */
struct replace_list {
	struct arena arena;
	int fd; /* the staging folder */
	VEC(struct staged_line) lines;
	VEC(struct str) batches; /* that have a new segment; sorted */
	VEC(struct str) forget;  /* names of sources; sorted */
};
/* *ret_l is there (fd >= 0) or the folder is not (fd < 0). */
MUST bool replace_list_read(struct folder *f, const char *staging, const struct sha256 *hash,
	struct replace_list *ret_l, struct err *err);
MUST bool replace_list_parse(struct replace_list *l, struct str text, struct err *err);
void replace_list_release(struct replace_list *l);

enum touch { UNTOUCHED, TOUCHED, TORN };
/* Does this segment go?  Torn: some of its batches have a new segment, others none. */
enum touch replace_list_touches(const struct replace_list *l, const struct snapshot_segment *s);

/* Moves the files to their places; a file that isn't in the staging any more is in its place. */
MUST bool apply_moves(struct folder *f, const struct replace_list *l, struct err *err);
/* Inside a transaction: sources, batches, intelligence, the erasure itself. */
MUST bool apply_rows(
	struct folder *f, const struct replace_list *l, const struct applying *p, struct err *err);
/* Inside a transaction: segments, and all copies that depend on them. */
MUST bool apply_segments(struct folder *f, const struct replace_list *l, struct err *err);

/* All of it. */
MUST bool apply_replacement(struct folder *f, const struct applying *p, struct err *err);

#endif
