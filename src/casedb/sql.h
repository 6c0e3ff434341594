#ifndef CASEDB_SQL_H
#define CASEDB_SQL_H

#include <sqlite3.h>

#include "casedb/casedb.h"

/* Private to this layer: prepared statements, cached by the address of their text. */
enum { SQL_CACHE = 96 };

struct casedb {
	sqlite3 *db;
	char *path;
	struct {
		const char *text;
		sqlite3_stmt *stmt;
	} cache[SQL_CACHE];
};

/* The statement, reset and ready to bind; NULL with err set.  text: a literal. */
sqlite3_stmt *sql_get(struct casedb *db, const char *text, struct err *err);
MUST bool sql_exec(struct casedb *db, const char *text, struct err *err);
/* Runs a statement that returns no rows, and resets it. */
MUST bool sql_run(struct casedb *db, sqlite3_stmt *s, struct err *err);
/* A whole statement with one number in it. */
MUST bool sql_run_id(struct casedb *db, const char *text, int64_t id, struct err *err);
/* One step: *ret_row says whether there is a row.  At the end the statement is reset. */
MUST bool sql_step(struct casedb *db, sqlite3_stmt *s, bool *ret_row, struct err *err);
/*
 * The next row of a statement: false at the end, and where it failed or there is no statement;
 * *ret_done says which.  Whoever stops before the end returns sql_stop, which is true.
 *
 *	while (sql_next(db, s, &done, err)) {
 *		struct row r = {…};
 *		if (!fn(arg, &r))
 *			return sql_stop(s);
 *	}
 *	return done;
 */
bool sql_next(struct casedb *db, sqlite3_stmt *s, bool *ret_done, struct err *err);
bool sql_stop(sqlite3_stmt *s);
bool sql_fail(struct casedb *db, const char *doing, struct err *err);

/* Runs a SELECT of an id by a hash from ? to ?: the first whose hash begins with prefix, or 0. */
MUST bool sql_find_prefix(
	struct casedb *db, const char *text, struct str prefix, int64_t *ret_id, struct err *err);

void sql_bind_int(sqlite3_stmt *s, int at, int64_t v);
void sql_bind_blob(sqlite3_stmt *s, int at, struct str v);           /* borrowed until the reset */
void sql_bind_hash(sqlite3_stmt *s, int at, const struct sha256 *h); /* borrowed too */
struct str sql_blob(sqlite3_stmt *s, int column);
struct sha256 sql_hash(sqlite3_stmt *s, int column); /* zeros if it isn't 32 bytes */
/* Integers that our schema keeps at 0 or above; a damaged file's negative ones are 0. */
uint64_t sql_u64(sqlite3_stmt *s, int column);

#endif
