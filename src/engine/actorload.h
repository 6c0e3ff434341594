#ifndef ENGINE_ACTORLOAD_H
#define ENGINE_ACTORLOAD_H

#include "casedb/casedb.h"
#include "engine/actors.h"
#include "engine/intelset.h"

/* All actors of the case, sealed.  actors_release also after a failure. */
MUST bool actors_load(struct casedb *db, struct actors *ret, struct err *err);

/*
 * Groups of what an indicator or a claim names: a name, or several joined by ", "; at most max.  A
 * contested name leads to all that it fits.
 */
size_t actors_of_text(const struct actors *a, struct str text, uint32_t *ret_groups, size_t max);

/* Indicators that name somebody whom the case knows, with their groups.  Warning lists don't. */
struct actor_indicator {
	const struct intel_file *file;
	uint32_t ordinal;
	const struct indicator *in;
	const uint32_t *groups;
	size_t n_groups;
};
typedef void (*actor_indicator_fn)(void *arg, const struct actor_indicator *i);
void actors_each_indicator(
	const struct actors *a, const struct intel_set *set, actor_indicator_fn fn, void *arg);

#endif
