#ifndef ENGINE_COPIES_H
#define ENGINE_COPIES_H

#include "base/arena.h"
#include "engine/folder.h"

/*
 * Which rows are copies of others (DESIGN §6).  Rows with one event id are one group, across all
 * segments.  In a group, rows with the same content are copies of one another: the one that
 * stands first (by source hash, then batch, then record) counts, the others are hidden.  Content
 * 0 can't be compared, so it is a copy of any other; such a row counts only where the group has
 * no other.  Rows that count beside others with other content are in conflict.
 *
 * A hidden row stays hidden whatever is added later, and no answer about others depends on it:
 * hence the result is the same in any order of publication, and merging may leave it out.  Only
 * taking rows away (an erasure) can bring one back.
 */
struct copies;

struct copies *copies_new(void);
void copies_free(struct copies *c);

typedef const struct snapshot_segment *const *segment_list;

/*
 * Decides the groups of all ids in `ids` that are more than one row there, or that also occur in
 * `probe`; with every_id, of all.  The rows of a group are those of the first n_counting of
 * `ids` (the others are going away), and of `rows`.  No segment may stand in both.  Decisions
 * replace those of earlier runs.  Segments are told apart by db_id: give new ones negative
 * numbers.
 */
struct copies_question {
	segment_list ids, probe, rows;
	size_t n_ids, n_counting, n_probe, n_rows;
	bool every_id;
};
void copies_decide(struct copies *c, const struct copies_question *q);

/* The sets of a segment after the decisions; borrows from a and from *s.  False if they are as they were. */
bool copies_sets(struct copies *c, struct arena *a, const struct snapshot_segment *s,
	struct rowset *ret_hidden, struct rowset *ret_conflict);

#endif
