#ifndef CASEDB_CASEDB_H
#define CASEDB_CASEDB_H

#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"
#include "base/when.h"

/*
 * The catalogue: case.db, an SQLite database in WAL mode (synchronous=FULL, secure_delete=ON).
 * This layer is the only place with SQL.  What it holds can be rebuilt from the journal and the
 * files beside it, so it is never the only copy of anything.
 *
 * One connection, one thread.  Strs given to callbacks are valid until the callback returns.
 * All functions but casedb_close can fail with ERR_IO (the disk) or ERR_CASE (a damaged file).
 */
struct casedb;

enum casedb_mode {
	CASEDB_READ, /* never writes the database itself; works in a folder that can't be written */
	CASEDB_WRITE,  /* migrates an older schema */
	CASEDB_CREATE, /* makes it if it isn't there */
};

MUST bool casedb_open(
	const char *path, enum casedb_mode mode, struct casedb **ret_db, struct err *err);
void casedb_close(struct casedb *db);

/* A write transaction; it waits for other writers.  A failed commit has rolled back. */
MUST bool casedb_begin(struct casedb *db, struct err *err);
MUST bool casedb_commit(struct casedb *db, struct err *err);
void casedb_rollback(struct casedb *db); /* nothing to roll back is no failure */
/* A read transaction: all reads until casedb_rollback see one moment. */
MUST bool casedb_begin_read(struct casedb *db, struct err *err);

/* How far the catalogue has come.  Journal lines beyond journal_count wait to be replayed. */
struct casedb_state {
	uint64_t generation; /* grows with each publication, merge, erasure */
	uint64_t journal_count;
	uint64_t journal_bytes;
	struct sha256 journal_head;
	uint64_t doomed; /* files waiting to be removed */
};
MUST bool casedb_state(struct casedb *db, struct casedb_state *ret_s, struct err *err);
MUST bool casedb_set_state(struct casedb *db, const struct casedb_state *s, struct err *err);

/* Files that nothing names any more, to be removed as soon as that works. */
MUST bool casedb_doom(struct casedb *db, struct str file, struct err *err);
MUST bool casedb_undoom(struct casedb *db, struct str file, struct err *err);
typedef bool (*casedb_str_fn)(void *arg, struct str s); /* false stops */
MUST bool casedb_each_doomed(struct casedb *db, casedb_str_fn fn, void *arg, struct err *err);

/* Erasures, as the journal has them: when, its line, what was erased in counts. */
struct casedb_erasure {
	struct when time;
	uint64_t journal_seq;
	uint64_t batches, records;
};
MUST bool casedb_erasure_add(struct casedb *db, const struct casedb_erasure *e, struct err *err);
typedef bool (*casedb_erasure_fn)(void *arg, const struct casedb_erasure *e);
MUST bool casedb_erasure_each(struct casedb *db, casedb_erasure_fn fn, void *arg, struct err *err);

/*
 * Makes sure that nothing deleted is left in any byte of case.db and its WAL: VACUUM, then a
 * checkpoint that truncates.  Waits for readers; outside of a transaction.
 */
MUST bool casedb_purge(struct casedb *db, struct err *err);
/* A consistent copy, made while others write; dest must not exist. */
MUST bool casedb_copy(struct casedb *db, const char *dest, struct err *err);
/* SQLite's own check: calls fn with each complaint. */
MUST bool casedb_check(struct casedb *db, casedb_str_fn fn, void *arg, struct err *err);

/* Answers that are costly to compute, by a key of the asker's; one generation each. */
MUST bool casedb_coverage_put(
	struct casedb *db, struct str key, uint64_t generation, struct str json, struct err *err);
/* Calls fn with the JSON if there is one of this generation. */
MUST bool casedb_coverage_get(struct casedb *db, struct str key, uint64_t generation,
	casedb_str_fn fn, void *arg, struct err *err);
MUST bool casedb_coverage_clear(struct casedb *db, struct err *err);

#endif
