#ifndef ENGINE_GROUP_H
#define ENGINE_GROUP_H

#include "engine/publish.h"

/*
 * Sources that are whole and wait to be published together: until they are many, or large, or
 * have waited for a second.  What the case says of each does not depend on who waited with it.
 */
struct group;

/* done: once for each that was published; `index` as given to group_add. */
typedef void (*group_done_fn)(void *arg, size_t index, const struct published *p);
struct group *group_new(struct folder *f, bool merge, group_done_fn done, void *arg);
/* Those that were not published are dropped. */
void group_free(struct group *g);

/* Copies the facts; frees the staging in the end, whatever happens. */
MUST bool group_add(struct group *g, size_t index, struct staging *s,
	const struct source_facts *facts, struct err *err);
/* Publishes if it is time. */
MUST bool group_look(struct group *g, struct err *err);
/* Publishes whatever waits, and merges. */
MUST bool group_flush(struct group *g, struct err *err);

#endif
