#ifndef ENGINE_ACTORLOAD_H
#define ENGINE_ACTORLOAD_H

#include "casedb/casedb.h"
#include "engine/actors.h"

/* All actors of the case, sealed.  actors_release also after a failure. */
MUST bool actors_load(struct casedb *db, struct actors *ret, struct err *err);

/*
 * Groups of what an indicator or a claim names: a name, or several joined by ", "; at most max.  A
 * contested name leads to all that it fits.
 */
size_t actors_of_text(const struct actors *a, struct str text, uint32_t *ret_groups, size_t max);

/* Indicators that name somebody, with their groups. */
struct actor_indicator {
	uint32_t id;
	int64_t source;
	const struct indicator *in;
	const uint32_t *groups;
	size_t n_groups;
};
typedef void (*actor_indicator_fn)(void *arg, const struct actor_indicator *i);
MUST bool actors_each_indicator(const struct actors *a, struct casedb *db, actor_indicator_fn fn,
	void *arg, struct err *err);

#endif
