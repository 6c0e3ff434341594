#ifndef PEOPLE_DRAFT_H
#define PEOPLE_DRAFT_H

#include "people/people.h"

/*
 * Where all readers of lists put what they found.  Parts of a person may come in any order, from
 * rows and objects far apart: they are kept with the person's number, and sorted at the end.
 */
struct draft_part {
	uint32_t person;
	enum draft_what { DRAFT_ID, DRAFT_NAME, DRAFT_IDENTITY, DRAFT_ROLE } what;
	struct str text; /* of ids and names */
	union {
		struct identity identity;
		struct role role;
	};
};

struct draft {
	struct arena *a; /* what persons keep */
	struct people *out;
	VEC(struct draft_part) parts;
	uint64_t *slots; /* of draft_person: half a hash, and number + 1 */
	size_t n_slots, n_keys;
	VEC(struct str) keys; /* by person */
	size_t more_skipped;  /* beyond those listed */
	uint32_t more_line;
};

void draft_init(struct draft *d, struct arena *a, struct people *out);
/* Puts the persons together; frees what it owns. */
void draft_finish(struct draft *d);

uint32_t draft_new(struct draft *d, uint32_t line);
/* The person with this key, a new one if there is none yet; no key ever: always a new one. */
uint32_t draft_person(struct draft *d, struct str key, uint32_t line);
/* False if there is none. */
bool draft_find(const struct draft *d, struct str key, uint32_t *ret_person);

/* Texts are trimmed, cut at LIMIT_PERSON_TEXT and copied; empty ones are no part. */
void draft_name(struct draft *d, uint32_t person, struct str name);
/* "SCHEME:ID", the scheme in lower case; without one it is the list's own. */
void draft_id(struct draft *d, uint32_t person, struct str scheme, struct str id);
bool draft_is_guid(struct str s);
void draft_role(struct draft *d, uint32_t person, const struct role *role);
/*
 * A value as it is written, of KIND_EMAIL, KIND_ACCOUNT or KIND_PHONE.  What isn't one is skipped
 * with `line`.
 */
void draft_identity(struct draft *d, uint32_t person, enum kind kind, struct str value,
	struct during during, uint32_t line);
/* The same for the name that somebody signs in by. */
void draft_sign_in(
	struct draft *d, uint32_t person, struct str value, struct during during, uint32_t line);

/*
 * Two dates (dates.h), "" being open.  What is none is left open, and skipped with `line`: it must
 * not silently make a claim that holds for ever.
 */
struct during draft_during(struct draft *d, struct str from, struct str to, uint32_t line);

/* what is copied, and cut if it is long; why is kept as it is. */
void draft_skip(struct draft *d, uint32_t line, struct str what, struct str why);

#endif
