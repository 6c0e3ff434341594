#ifndef CASEDB_PEOPLE_H
#define CASEDB_PEOPLE_H

#include "casedb/casedb.h"

/*
 * Lists of people, what they say of whom, and who is the same person.  What is said is bytes to this
 * layer (people/pack.h of engine's business); a person is a number that is good until the next change
 * of any list.
 */
struct people_list_row {
	int64_t id;
	struct sha256 key;    /* names its files: of the bytes, and how they were given */
	struct sha256 sha256; /* of the file */
	struct str name, path, kind;
	struct when at; /* WHEN_NONE: undated */
	struct when added;
	uint64_t persons, identities, skipped;
};

MUST bool casedb_people_list_add(
	struct casedb *db, const struct people_list_row *r, int64_t *ret_id, struct err *err);
/* *ret_id 0: there is none. */
MUST bool casedb_people_list_find(
	struct casedb *db, const struct sha256 *key, int64_t *ret_id, struct err *err);
/* The list whose key begins with these bytes (of its files' names), 0 if there is none. */
MUST bool casedb_people_list_begins(
	struct casedb *db, struct str prefix, int64_t *ret_id, struct err *err);
typedef bool (*people_list_fn)(void *arg, const struct people_list_row *r); /* false stops */
/* By name and date, an undated one first. */
MUST bool casedb_people_list_each(struct casedb *db, people_list_fn fn, void *arg, struct err *err);
/* With all that it says. */
MUST bool casedb_people_list_remove(struct casedb *db, int64_t id, struct err *err);

/* What one list says of one person. */
struct said_row {
	int64_t id, list;
	int64_t person; /* the same number: the same person */
	uint32_t roles; /* bits of enum person_role, and SAID_PROTECT */
	struct str said;
};
#define SAID_PROTECT (1u << 31)

/* The highest id there is, or 0. */
MUST bool casedb_said_last(struct casedb *db, int64_t *ret_id, struct err *err);
/* Who knows no better makes each a person of its own: person is id. */
MUST bool casedb_said_add(struct casedb *db, const struct said_row *r, struct err *err);
typedef bool (*said_fn)(void *arg, const struct said_row *r);
MUST bool casedb_said_each(struct casedb *db, said_fn fn, void *arg, struct err *err);
/* The same by person, all of one after another. */
MUST bool casedb_said_by_person(struct casedb *db, said_fn fn, void *arg, struct err *err);
MUST bool casedb_said_of(struct casedb *db, int64_t person, said_fn fn, void *arg, struct err *err);
MUST bool casedb_said_set_person(struct casedb *db, int64_t id, int64_t person, struct err *err);

/*
 * Hashes of ids and identities, each leading to what says it; a hash that was met is compared by
 * the caller.  All are made anew when a list changes, best in order of hash.
 */
MUST bool casedb_people_keys_clear(struct casedb *db, struct err *err);
MUST bool casedb_people_key_add(struct casedb *db, uint64_t hash, int64_t said, struct err *err);
MUST bool casedb_people_key_each(
	struct casedb *db, uint64_t hash, said_fn fn, void *arg, struct err *err);

typedef bool (*person_fn)(void *arg, int64_t person);
/* Each person of whom something is said with one of these roles. */
MUST bool casedb_person_each(
	struct casedb *db, uint32_t roles, person_fn fn, void *arg, struct err *err);
struct people_counts {
	uint64_t lists, persons;
};
MUST bool casedb_people_count(struct casedb *db, struct people_counts *ret, struct err *err);

#endif
