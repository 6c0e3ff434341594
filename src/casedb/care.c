/* What case.db needs beyond its tables: removing files, erasing for good, copying, checking. */
#include "casedb/casedb.h"

#include <time.h>

#include "casedb/sql.h"

static bool run_str(struct casedb *db, const char *text, struct str v, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, text, err);

	if (!s)
		return false;
	sql_bind_blob(s, 1, v);
	return sql_run(db, s, err);
}

static bool each_str(
	struct casedb *db, sqlite3_stmt *s, casedb_str_fn fn, void *arg, struct err *err)
{
	bool done;

	while (sql_next(db, s, &done, err)) {
		if (!fn(arg, sql_blob(s, 0)))
			return sql_stop(s);
	}
	return done;
}

bool casedb_doom(struct casedb *db, struct str file, struct err *err)
{
	return run_str(db, "INSERT OR IGNORE INTO doomed VALUES(?)", file, err);
}

bool casedb_undoom(struct casedb *db, struct str file, struct err *err)
{
	return run_str(db, "DELETE FROM doomed WHERE file = ?", file, err);
}

bool casedb_each_doomed(struct casedb *db, casedb_str_fn fn, void *arg, struct err *err)
{
	return each_str(db, sql_get(db, "SELECT file FROM doomed", err), fn, arg, err);
}

bool casedb_erasure_add(struct casedb *db, const struct casedb_erasure *e, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"INSERT OR REPLACE INTO erasures(time, journal_seq, batches, records)"
		" VALUES(?, ?, ?, ?)",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, e->time.us);
	sql_bind_int(s, 2, (int64_t)e->journal_seq);
	sql_bind_int(s, 3, (int64_t)e->batches);
	sql_bind_int(s, 4, (int64_t)e->records);
	return sql_run(db, s, err);
}

bool casedb_erasure_each(struct casedb *db, casedb_erasure_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT time, journal_seq, batches, records FROM erasures ORDER BY journal_seq",
		err);
	bool done;

	while (sql_next(db, s, &done, err)) {
		struct casedb_erasure e = {
			{sqlite3_column_int64(s, 0)}, sql_u64(s, 1), sql_u64(s, 2), sql_u64(s, 3)};
		if (!fn(arg, &e))
			return sql_stop(s);
	}
	return done;
}

/* A checkpoint does not fail while a reader is inside: it says so in its first column. */
static bool truncate_wal(struct casedb *db, struct err *err)
{
	for (int tries = 0; tries < 600; tries++) {
		sqlite3_stmt *s = sql_get(db, "PRAGMA wal_checkpoint(TRUNCATE)", err);
		bool row;
		if (!s || !sql_step(db, s, &row, err))
			return false;
		bool busy = row && sqlite3_column_int(s, 0);
		sqlite3_reset(s);
		if (!busy)
			return true;
		nanosleep(&(struct timespec){0, 100 * 1000 * 1000}, NULL);
	}
	return err_set(err, ERR_IO,
		"cannot purge '%s': another process has been reading it for a minute", db->path);
}

bool casedb_purge(struct casedb *db, struct err *err)
{
	/* The first checkpoint keeps the WAL from holding old pages while VACUUM doubles it. */
	return truncate_wal(db, err) && sql_exec(db, "VACUUM", err) && truncate_wal(db, err);
}

bool casedb_copy(struct casedb *db, const char *dest, struct err *err)
{
	return run_str(db, "VACUUM INTO CAST(? AS TEXT)", str_of(dest), err);
}

bool casedb_check(struct casedb *db, casedb_str_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "PRAGMA integrity_check", err);
	bool done;

	while (sql_next(db, s, &done, err)) {
		struct str line = sql_blob(s, 0);
		if (!str_eq(line, STR("ok")) && !fn(arg, line))
			return sql_stop(s);
	}
	return done && each_str(db,
			       sql_get(db,
				       "SELECT 'a row of ' || \"table\" || ' refers to no row of '"
				       " || parent FROM pragma_foreign_key_check",
				       err),
			       fn, arg, err);
}

bool casedb_coverage_put(
	struct casedb *db, struct str key, uint64_t generation, struct str json, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "INSERT OR REPLACE INTO coverage VALUES(?, ?, ?)", err);

	if (!s)
		return false;
	sql_bind_blob(s, 1, key);
	sql_bind_int(s, 2, (int64_t)generation);
	sql_bind_blob(s, 3, json);
	return sql_run(db, s, err);
}

bool casedb_coverage_get(struct casedb *db, struct str key, uint64_t generation, casedb_str_fn fn,
	void *arg, struct err *err)
{
	sqlite3_stmt *s =
		sql_get(db, "SELECT json FROM coverage WHERE key = ? AND generation = ?", err);

	if (!s)
		return false;
	sql_bind_blob(s, 1, key);
	sql_bind_int(s, 2, (int64_t)generation);
	return each_str(db, s, fn, arg, err);
}

bool casedb_coverage_clear(struct casedb *db, struct err *err)
{
	return sql_exec(db, "DELETE FROM coverage", err);
}
