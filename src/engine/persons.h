#ifndef ENGINE_PERSONS_H
#define ENGINE_PERSONS_H

#include "engine/folder.h"
#include "engine/lists.h"

/*
 * The persons that a case knows: what all lists say of each, put together.  Answers depend on the set
 * of lists only, never on the order in which they came.
 */

/* An identity for a stretch of time, and who says so. */
struct holding {
	struct observable o;
	struct during during;
	bool sign_in;
	const struct list_version **lists; /* by name and date, each once */
	size_t n_lists;
};

struct held_role {
	struct role role; /* during: as the list holds */
	const struct list_version *list;
};

struct person_view {
	int64_t number; /* good for this moment of the case only */
	struct str id;  /* what to call her by: the first of her ids by rank, or the list's line */
	struct str name;
	const struct str *ids, *names; /* sorted by rank; the names as the lists have them */
	size_t n_ids, n_names;
	const struct holding *holdings; /* by kind, value and time */
	size_t n_holdings;
	const struct held_role *roles; /* by time */
	size_t n_roles;
	uint32_t said; /* the roles' bits, and SAID_PROTECT */
	bool protected;
};

struct persons;

MUST bool persons_open(struct folder *f, struct persons **ret_p, struct err *err);
void persons_close(struct persons *p);

/* Bits of the roles that spoor.yaml protects, and SAID_PROTECT. */
uint32_t persons_protected_roles(const struct persons *p);

/* All that is known of one; lives in the arena. */
MUST bool persons_view(struct persons *p, struct arena *a, int64_t number, struct person_view *ret,
	struct err *err);
/* Numbers of those who ever have one of the identities; each once. */
struct numbers {
	VEC(int64_t) at;
};
MUST bool persons_with(struct persons *p, const struct observable *o, size_t n,
	struct numbers *inout_numbers, struct err *err);
/* … who have this id. */
MUST bool persons_with_id(
	struct persons *p, struct str id, struct numbers *inout_numbers, struct err *err);
/* All of them, in no order that means anything.  Views live during the call. */
typedef bool (*person_view_fn)(void *arg, const struct person_view *v); /* false stops */
MUST bool persons_each(struct persons *p, person_view_fn fn, void *arg, struct err *err);
#endif
