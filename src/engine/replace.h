#ifndef ENGINE_REPLACE_H
#define ENGINE_REPLACE_H

#include "engine/folder.h"

/*
 * Replacing what is in the case: batches without some of their records (erase), segments
 * derived again (erase, reindex), sources taken out whole, what is known of a source.  All of it becomes true at once, by one
 * line of the journal: before that nothing has changed, after it whoever opens the case
 * completes it.
 *
 * A replacement keeps merging away from its begin to its end, so open the snapshot to work from
 * after replace_begin.  Parallel ingests go on.
 *
 * What must be derived again: a segment stands or falls as a whole, so of each segment that has a
 * batch with a new segment or a forgotten source, all batches need a new segment (or to be
 * forgotten).  And since merging leaves copies out, taking records away may have to bring a copy
 * of them back from a merged segment: give new segments also to all batches that replace_dropped
 * names, wherever records are erased or sources forgotten.
 */
enum replace_why { REPLACE_ERASE, REPLACE_REINDEX, REPLACE_ACQUIRED };

struct replacement;

MUST bool replace_begin(
	struct folder *f, enum replace_why why, struct replacement **ret_r, struct err *err);
void replace_drop(struct replacement *r);

/* New content of a batch, from batch_without; records: how many it no longer has. */
MUST bool replace_batch(struct replacement *r, struct str name, struct str bytes, uint64_t records,
	struct err *err);
/* The segment of one batch, derived again from its old or new content. */
MUST bool replace_segment(
	struct replacement *r, struct str batch, struct str bytes, struct err *err);
/* A source's path and acquisition without what is to be erased. */
MUST bool replace_source(struct replacement *r, const struct sha256 *source, struct str path,
	struct str acquired, struct err *err);
/* The source, its batches and what was derived from them. */
MUST bool replace_forget(struct replacement *r, const struct sha256 *source, struct err *err);
/* The files of a source of intelligence with other content (intelfile.h); its sightings go. */
struct replace_intel {
	struct str indicators, said, given, facts;
};
MUST bool replace_intel(struct replacement *r, const struct sha256 *source,
	const struct replace_intel *files, struct err *err);

/* A list of people with other content, as people_pack and people_file_write write its files. */
MUST bool replace_people(struct replacement *r, const struct sha256 *key, struct str packed,
	struct str facts, struct err *err);

/*
 * Makes it true, and frees r whatever happens.  For an erasure, when it returns true the old
 * files are gone and case.db has no byte of what was deleted from it, before or by this.  It has no
 * sighting and no cached coverage then, which may hold what was erased: refresh() finds them anew.
 */
MUST bool replace_publish(struct replacement *r, struct err *err);

/* Names of batches of which merging has left copies out. */
typedef bool (*replace_name_fn)(void *arg, struct str batch); /* false stops */
MUST bool replace_dropped(struct folder *f, replace_name_fn fn, void *arg, struct err *err);

#endif
