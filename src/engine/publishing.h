#ifndef ENGINE_PUBLISHING_H
#define ENGINE_PUBLISHING_H

#include "engine/register.h"
#include "engine/staging.h"

/*
 * One source of a group that is being published (publish.h): its files, from where they are
 * staged to where they belong.
 */
struct member {
	struct folder *f;
	struct publishing *p;
	struct arena *arena; /* the group's */
	struct source_file source;
	struct loaded *fresh; /* its segments, by batch; NULL if the case has the source */
	size_t n;
	struct copies *copies; /* decisions, taken with it as the last source */
	struct published counts;
	bool moved; /* at least some of its files */
};

void member_describe(struct member *m);
/* Is the source in the case? */
MUST bool member_is_known(struct member *m, bool *ret_known, struct err *err);
/* All of its files on the disk, where they are staged. */
MUST bool member_sync(struct member *m, struct err *err);
/* Opens its segments, which get the ids from next_id downwards, and counts what is in them. */
MUST bool member_load(struct member *m, int64_t next_id, struct err *err);
/* Adds the lines of its files to a list (stagedir.h), which must be written before they move. */
void member_list(struct member *m, struct buf *list);
/* Inside the lock.  The files to their places; the folders they went to are not synced. */
MUST bool member_move(struct member *m, struct err *err);
void member_take_back(struct member *m);
/* What the journal says of it. */
struct journal_line member_line(const struct member *m, struct buf *body);
/* Frees the staging too, or leaves it to the next who opens the case. */
void member_release(struct member *m, bool leave);

#endif
