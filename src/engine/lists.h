#ifndef ENGINE_LISTS_H
#define ENGINE_LISTS_H

#include "base/arena.h"
#include "base/vec.h"
#include "casedb/people.h"
#include "model/person.h"

/*
 * The lists of people that a case has, and how long what each says holds.  A list that is given
 * again and again with the date of each (Entra's users every quarter) has a version per date: what
 * a version says without a date of its own holds until the next one, which says it again if it is
 * still so; and since the list's beginning nobody knows better, the first one's holds before its date,
 * too.
 */
struct list_version {
	int64_t id;
	struct str name, path, kind;
	struct when at, added;
	uint64_t persons, identities, skipped;
	struct during holds; /* WHEN_NONE: open */
	struct sha256 key;
};

struct lists {
	struct arena arena;
	VEC(struct list_version) at; /* by name and date */
};

MUST bool lists_load(struct casedb *db, struct lists *ret, struct err *err);
void lists_release(struct lists *l);
/* A BUG-free NULL for a number that is none. */
const struct list_version *lists_find(const struct lists *l, int64_t id);
/* When something that the version says holds, with the dates that it gives itself. */
struct during list_during(const struct list_version *v, struct during own);

/* Time without an end in either direction is -∞ and ∞ of these. */
static inline int64_t during_from(struct during d)
{
	return d.from.us; /* WHEN_NONE is INT64_MIN */
}
static inline int64_t during_to(struct during d)
{
	return when_known(d.to) ? d.to.us : INT64_MAX;
}
static inline bool during_has(struct during d, struct when at)
{
	return during_from(d) <= at.us && at.us < during_to(d);
}
static inline bool during_meet(struct during a, struct during b)
{
	return during_from(a) < during_to(b) && during_from(b) < during_to(a);
}

#endif
