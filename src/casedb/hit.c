#include "casedb/hit.h"

#include "casedb/sql.h"

bool casedb_pass_add(
	struct casedb *db, struct str rules, struct when used, int64_t *ret_id, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "INSERT INTO passes(used, rules) VALUES(?, ?)", err);

	if (!s)
		return false;
	sql_bind_int(s, 1, used.us);
	sql_bind_blob(s, 2, rules);
	if (!sql_run(db, s, err))
		return false;
	*ret_id = sqlite3_last_insert_rowid(db->db);
	return true;
}

bool casedb_pass_use(struct casedb *db, int64_t id, struct when used, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "UPDATE passes SET used = ? WHERE id = ?", err);

	if (!s)
		return false;
	sql_bind_int(s, 1, used.us);
	sql_bind_int(s, 2, id);
	return sql_run(db, s, err);
}

bool casedb_pass_remove(struct casedb *db, int64_t id, struct err *err)
{
	return sql_run_id(db, "DELETE FROM passes WHERE id = ?", id, err);
}

bool casedb_pass_each(struct casedb *db, pass_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "SELECT id, used, rules FROM passes ORDER BY id", err);
	bool done;

	while (sql_next(db, s, &done, err)) {
		struct pass_row r = {
			.id = sqlite3_column_int64(s, 0),
			.used = {sqlite3_column_int64(s, 1)},
			.rules = sql_blob(s, 2),
		};
		if (!fn(arg, &r))
			return sql_stop(s);
	}
	return done;
}

bool casedb_hits_put(struct casedb *db, const struct hits_row *r, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"INSERT OR REPLACE INTO hits(pass, batch, reduced, unread, hits)"
		" SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS(SELECT 1 FROM passes WHERE id = ?1)"
		" AND EXISTS(SELECT 1 FROM batches WHERE name = ?2)",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, r->pass);
	sql_bind_blob(s, 2, r->batch);
	sql_bind_int(s, 3, r->reduced);
	sql_bind_int(s, 4, (int64_t)r->unread);
	sql_bind_blob(s, 5, r->hits);
	return sql_run(db, s, err);
}

bool casedb_hits_each(struct casedb *db, int64_t pass, hits_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT pass, batch, reduced, unread, hits FROM hits WHERE pass = ? ORDER BY batch",
		err);
	bool done;

	if (!s)
		return false;
	sql_bind_int(s, 1, pass);
	while (sql_next(db, s, &done, err)) {
		struct hits_row r = {
			.pass = sqlite3_column_int64(s, 0),
			.batch = sql_blob(s, 1),
			.reduced = sqlite3_column_int(s, 2) != 0,
			.unread = sql_u64(s, 3),
			.hits = sql_blob(s, 4),
		};
		if (!fn(arg, &r))
			return sql_stop(s);
	}
	return done;
}

bool casedb_hits_clear(struct casedb *db, struct err *err)
{
	return sql_exec(db, "DELETE FROM hits; DELETE FROM passes", err);
}
