#ifndef CASEDB_HIT_H
#define CASEDB_HIT_H

#include "casedb/casedb.h"

/*
 * What rules have matched.  A pass is a list of rules, by what they are (16 bytes each, one behind
 * the other; a rule's number in the pass is its place), that were held against batches; of each
 * batch it keeps which records they match, packed by the engine (engine/hits.h).  All of it can be
 * computed again from the batches.
 */
enum { HIT_RULE_BYTES = 16 };

struct pass_row {
	int64_t id;
	struct when used; /* when a question last needed it */
	struct str rules;
};
MUST bool casedb_pass_add(
	struct casedb *db, struct str rules, struct when used, int64_t *ret_id, struct err *err);
MUST bool casedb_pass_use(struct casedb *db, int64_t id, struct when used, struct err *err);
/* With its hits. */
MUST bool casedb_pass_remove(struct casedb *db, int64_t id, struct err *err);
typedef bool (*pass_fn)(void *arg, const struct pass_row *r); /* false stops */
/* By id. */
MUST bool casedb_pass_each(struct casedb *db, pass_fn fn, void *arg, struct err *err);

struct hits_row {
	int64_t pass;
	struct str batch;
	bool reduced;    /* the batch has mails of which facts alone are kept */
	uint64_t unread; /* records that nothing is known of, since they end the worker */
	struct str hits;
};
/* Takes the place of what was there; nothing where the batch or the pass isn't there (any more). */
MUST bool casedb_hits_put(struct casedb *db, const struct hits_row *r, struct err *err);
typedef bool (*hits_fn)(void *arg, const struct hits_row *r); /* false stops */
/* Of one pass, by batch. */
MUST bool casedb_hits_each(struct casedb *db, int64_t pass, hits_fn fn, void *arg, struct err *err);
/* All of them, and the passes. */
MUST bool casedb_hits_clear(struct casedb *db, struct err *err);

#endif
