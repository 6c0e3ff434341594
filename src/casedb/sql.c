#include "casedb/sql.h"

bool sql_fail(struct casedb *db, const char *doing, struct err *err)
{
	int code = sqlite3_extended_errcode(db->db), low = code & 0xff;
	bool damaged = low == SQLITE_CORRUPT || low == SQLITE_NOTADB;

	return err_set(err, damaged ? ERR_CASE : ERR_IO, "cannot %s in '%s': %s (SQLite %d)%s",
		doing, db->path, sqlite3_errmsg(db->db), code,
		damaged ? "; move it away, and the case rebuilds it from its files" : "");
}

bool sql_exec(struct casedb *db, const char *text, struct err *err)
{
	if (sqlite3_exec(db->db, text, NULL, NULL, NULL) != SQLITE_OK)
		return sql_fail(db, text, err);
	return true;
}

sqlite3_stmt *sql_get(struct casedb *db, const char *text, struct err *err)
{
	size_t i = 0;

	while (i < SQL_CACHE && db->cache[i].text && db->cache[i].text != text)
		i++;
	if (i == SQL_CACHE)
		BUG("more than %d statements", SQL_CACHE);
	if (!db->cache[i].text) {
		sqlite3_stmt *s;
		if (sqlite3_prepare_v3(db->db, text, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL) !=
			SQLITE_OK) {
			sql_fail(db, text, err);
			return NULL;
		}
		db->cache[i].text = text;
		db->cache[i].stmt = s;
	}
	/* What reset returns is the failure of the run before, which was reported then. */
	sqlite3_reset(db->cache[i].stmt);
	sqlite3_clear_bindings(db->cache[i].stmt);
	return db->cache[i].stmt;
}

bool sql_step(struct casedb *db, sqlite3_stmt *s, bool *ret_row, struct err *err)
{
	int rc = sqlite3_step(s);

	if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
		sql_fail(db, sqlite3_sql(s), err);
		sqlite3_reset(s);
		return false;
	}
	*ret_row = rc == SQLITE_ROW;
	if (rc == SQLITE_DONE)
		sqlite3_reset(s);
	return true;
}

bool sql_next(struct casedb *db, sqlite3_stmt *s, bool *ret_done, struct err *err)
{
	bool row = false;

	*ret_done = s && sql_step(db, s, &row, err);
	return *ret_done && row;
}

bool sql_stop(sqlite3_stmt *s)
{
	sqlite3_reset(s);
	return true;
}

bool sql_run(struct casedb *db, sqlite3_stmt *s, struct err *err)
{
	bool row;

	if (!sql_step(db, s, &row, err))
		return false;
	if (row)
		BUG("a row where none was expected: %s", sqlite3_sql(s));
	return true;
}

static void bound(int rc)
{
	if (rc != SQLITE_OK)
		BUG("cannot bind a value: SQLite %d", rc);
}

void sql_bind_int(sqlite3_stmt *s, int at, int64_t v)
{
	bound(sqlite3_bind_int64(s, at, v));
}

void sql_bind_blob(sqlite3_stmt *s, int at, struct str v)
{
	/* A NULL pointer would bind NULL, not an empty blob. */
	bound(sqlite3_bind_blob64(s, at, v.n ? v.p : "", v.n, SQLITE_STATIC));
}

void sql_bind_hash(sqlite3_stmt *s, int at, const struct sha256 *h)
{
	bound(sqlite3_bind_blob64(s, at, h->b, sizeof(h->b), SQLITE_STATIC));
}

struct str sql_blob(sqlite3_stmt *s, int column)
{
	const void *p = sqlite3_column_blob(s, column);
	int n = sqlite3_column_bytes(s, column);

	return p ? (struct str){p, (size_t)n} : STR("");
}

struct sha256 sql_hash(sqlite3_stmt *s, int column)
{
	struct str v = sql_blob(s, column);
	struct sha256 h = {0};

	if (v.n == sizeof(h.b))
		memcpy(h.b, v.p, sizeof(h.b));
	return h;
}

uint64_t sql_u64(sqlite3_stmt *s, int column)
{
	int64_t v = sqlite3_column_int64(s, column);

	return v < 0 ? 0 : (uint64_t)v;
}

bool sql_run_id(struct casedb *db, const char *text, int64_t id, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, text, err);

	if (!s)
		return false;
	sql_bind_int(s, 1, id);
	return sql_run(db, s, err);
}

bool sql_find_prefix(
	struct casedb *db, const char *text, struct str prefix, int64_t *ret_id, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, text, err);
	struct sha256 low = {0}, high;
	bool row;

	if (!s)
		return false;
	if (prefix.n > sizeof(low.b))
		BUG("%zu bytes of a hash", prefix.n);
	memset(high.b, 0xff, sizeof(high.b));
	memcpy(low.b, prefix.p, prefix.n);
	memcpy(high.b, prefix.p, prefix.n);
	sql_bind_hash(s, 1, &low);
	sql_bind_hash(s, 2, &high);
	if (!sql_step(db, s, &row, err))
		return false;
	*ret_id = row ? sqlite3_column_int64(s, 0) : 0;
	sqlite3_reset(s);
	return true;
}
