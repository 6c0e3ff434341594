#ifndef CASEDB_PARTY_H
#define CASEDB_PARTY_H

#include "casedb/casedb.h"

/*
 * Entries of lists of designated parties, and the keys of their names and numbers.  What is said of
 * one is bytes to this layer (intel/partypack.h).
 */
struct party_row {
	int64_t id, source;
	struct str list, entry; /* whose list, and the entry's own number */
	struct when list_date;
	struct str said;
};

MUST bool casedb_party_add(
	struct casedb *db, const struct party_row *r, int64_t *ret_id, struct err *err);
/* A key may lead to several; one that was met is compared by the caller. */
MUST bool casedb_party_key_add(struct casedb *db, uint64_t key, int64_t party, struct err *err);

typedef bool (*party_fn)(void *arg, const struct party_row *r); /* false stops */
MUST bool casedb_party_with_key(
	struct casedb *db, uint64_t key, party_fn fn, void *arg, struct err *err);
/*
 * All rows of one entry, of whatever source: a list may come as several files.  The newest list first,
 * then by the files' hashes, so that answers don't depend on the order of adding.
 */
MUST bool casedb_party_of_entry(struct casedb *db, struct str list, struct str entry, party_fn fn,
	void *arg, struct err *err);

/* What lists there are: one source's share of one list. */
struct party_list_row {
	struct str list;
	struct when list_date, added; /* list_date: the newest that an entry has */
	struct sha256 sha256;         /* of the file as given */
	struct str name;              /* of the source */
	int64_t source;
	uint64_t entries;
};
typedef bool (*party_list_fn)(void *arg, const struct party_list_row *r);
/* By list and source. */
MUST bool casedb_party_list_each(struct casedb *db, party_list_fn fn, void *arg, struct err *err);

#endif
