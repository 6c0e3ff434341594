#include "casedb/people.h"

#include "casedb/sql.h"

bool casedb_people_list_add(
	struct casedb *db, const struct people_list_row *r, int64_t *ret_id, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"INSERT INTO people_lists(key, sha256, name, path, kind, at, added, persons,"
		" identities, skipped) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		err);

	if (!s)
		return false;
	sql_bind_hash(s, 1, &r->key);
	sql_bind_hash(s, 2, &r->sha256);
	sql_bind_blob(s, 3, r->name);
	sql_bind_blob(s, 4, r->path);
	sql_bind_blob(s, 5, r->kind);
	sql_bind_int(s, 6, r->at.us);
	sql_bind_int(s, 7, r->added.us);
	sql_bind_int(s, 8, (int64_t)r->persons);
	sql_bind_int(s, 9, (int64_t)r->identities);
	sql_bind_int(s, 10, (int64_t)r->skipped);
	if (!sql_run(db, s, err))
		return false;
	*ret_id = sqlite3_last_insert_rowid(db->db);
	return true;
}

bool casedb_people_list_begins(
	struct casedb *db, struct str prefix, int64_t *ret_id, struct err *err)
{
	return sql_find_prefix(db,
		"SELECT id FROM people_lists WHERE key BETWEEN ? AND ? ORDER BY key", prefix,
		ret_id, err);
}

bool casedb_people_list_find(
	struct casedb *db, const struct sha256 *key, int64_t *ret_id, struct err *err)
{
	return casedb_people_list_begins(
		db, (struct str){(const char *)key->b, sizeof(key->b)}, ret_id, err);
}

bool casedb_people_list_each(struct casedb *db, people_list_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT id, key, sha256, name, path, kind, at, added, persons, identities, skipped"
		" FROM people_lists ORDER BY name, at",
		err);
	bool done;

	while (sql_next(db, s, &done, err)) {
		struct people_list_row r = {
			.id = sqlite3_column_int64(s, 0),
			.key = sql_hash(s, 1),
			.sha256 = sql_hash(s, 2),
			.name = sql_blob(s, 3),
			.path = sql_blob(s, 4),
			.kind = sql_blob(s, 5),
			.at = {sqlite3_column_int64(s, 6)},
			.added = {sqlite3_column_int64(s, 7)},
			.persons = sql_u64(s, 8),
			.identities = sql_u64(s, 9),
			.skipped = sql_u64(s, 10),
		};
		if (!fn(arg, &r))
			return sql_stop(s);
	}
	return done;
}

bool casedb_people_list_remove(struct casedb *db, int64_t id, struct err *err)
{
	return sql_run_id(db, "DELETE FROM people_lists WHERE id = ?", id, err);
}

bool casedb_said_last(struct casedb *db, int64_t *ret_id, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "SELECT max(id) FROM said", err);
	bool row;

	if (!s || !sql_step(db, s, &row, err))
		return false;
	*ret_id = row ? sqlite3_column_int64(s, 0) : 0;
	sqlite3_reset(s);
	return true;
}

bool casedb_said_add(struct casedb *db, const struct said_row *r, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "INSERT INTO said VALUES(?, ?, ?, ?, ?)", err);

	if (!s)
		return false;
	sql_bind_int(s, 1, r->id);
	sql_bind_int(s, 2, r->list);
	sql_bind_int(s, 3, r->person);
	sql_bind_int(s, 4, r->roles);
	sql_bind_blob(s, 5, r->said);
	return sql_run(db, s, err);
}

static bool each_said(struct casedb *db, sqlite3_stmt *s, said_fn fn, void *arg, struct err *err)
{
	bool done;

	while (sql_next(db, s, &done, err)) {
		struct said_row r = {
			.id = sqlite3_column_int64(s, 0),
			.list = sqlite3_column_int64(s, 1),
			.person = sqlite3_column_int64(s, 2),
			.roles = (uint32_t)sql_u64(s, 3),
			.said = sql_blob(s, 4),
		};
		if (!fn(arg, &r))
			return sql_stop(s);
	}
	return done;
}

bool casedb_said_each(struct casedb *db, said_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s =
		sql_get(db, "SELECT id, list, person, roles, said FROM said ORDER BY id", err);

	return s && each_said(db, s, fn, arg, err);
}

bool casedb_said_by_person(struct casedb *db, said_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(
		db, "SELECT id, list, person, roles, said FROM said ORDER BY person, id", err);

	return s && each_said(db, s, fn, arg, err);
}

bool casedb_said_of(struct casedb *db, int64_t person, said_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT id, list, person, roles, said FROM said WHERE person = ? ORDER BY id", err);

	if (!s)
		return false;
	sql_bind_int(s, 1, person);
	return each_said(db, s, fn, arg, err);
}

bool casedb_said_set_person(struct casedb *db, int64_t id, int64_t person, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "UPDATE said SET person = ? WHERE id = ?", err);

	if (!s)
		return false;
	sql_bind_int(s, 1, person);
	sql_bind_int(s, 2, id);
	return sql_run(db, s, err);
}

bool casedb_people_keys_clear(struct casedb *db, struct err *err)
{
	return sql_exec(db, "DELETE FROM people_keys", err);
}

/* SQLite's integers are signed: the hash's bits are kept, and its order is that of int64_t. */
bool casedb_people_key_add(struct casedb *db, uint64_t hash, int64_t said, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "INSERT OR IGNORE INTO people_keys VALUES(?, ?)", err);

	if (!s)
		return false;
	sql_bind_int(s, 1, (int64_t)hash);
	sql_bind_int(s, 2, said);
	return sql_run(db, s, err);
}

bool casedb_people_key_each(
	struct casedb *db, uint64_t hash, said_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT s.id, s.list, s.person, s.roles, s.said FROM people_keys AS k"
		" JOIN said AS s ON s.id = k.said WHERE k.hash = ? ORDER BY s.id",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, (int64_t)hash);
	return each_said(db, s, fn, arg, err);
}

bool casedb_person_each(struct casedb *db, uint32_t roles, person_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(
		db, "SELECT DISTINCT person FROM said WHERE roles & ? <> 0 ORDER BY person", err);
	bool done;

	if (!s)
		return false;
	sql_bind_int(s, 1, roles);
	while (sql_next(db, s, &done, err)) {
		if (!fn(arg, sqlite3_column_int64(s, 0)))
			return sql_stop(s);
	}
	return done;
}

bool casedb_people_count(struct casedb *db, struct people_counts *ret, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT (SELECT count(*) FROM people_lists),"
		" (SELECT count(DISTINCT person) FROM said)",
		err);
	bool row;

	if (!s || !sql_step(db, s, &row, err))
		return false;
	*ret = (struct people_counts){row ? sql_u64(s, 0) : 0, row ? sql_u64(s, 1) : 0};
	sqlite3_reset(s);
	return true;
}
