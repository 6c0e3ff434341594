#include "casedb/party.h"

#include "casedb/sql.h"

bool casedb_party_add(
	struct casedb *db, const struct party_row *r, int64_t *ret_id, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"INSERT INTO parties(source, list, entry, list_date, said) VALUES(?, ?, ?, ?, ?)",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, r->source);
	sql_bind_blob(s, 2, r->list);
	sql_bind_blob(s, 3, r->entry);
	sql_bind_int(s, 4, r->list_date.us);
	sql_bind_blob(s, 5, r->said);
	if (!sql_run(db, s, err))
		return false;
	*ret_id = sqlite3_last_insert_rowid(db->db);
	return true;
}

bool casedb_party_key_add(struct casedb *db, uint64_t key, int64_t party, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "INSERT OR IGNORE INTO party_keys VALUES(?, ?)", err);

	if (!s)
		return false;
	sql_bind_int(s, 1, (int64_t)key);
	sql_bind_int(s, 2, party);
	return sql_run(db, s, err);
}

static bool each(struct casedb *db, sqlite3_stmt *s, party_fn fn, void *arg, struct err *err)
{
	bool done;

	while (sql_next(db, s, &done, err)) {
		struct party_row r = {
			.id = sqlite3_column_int64(s, 0),
			.source = sqlite3_column_int64(s, 1),
			.list = sql_blob(s, 2),
			.entry = sql_blob(s, 3),
			.list_date = {sqlite3_column_int64(s, 4)},
			.said = sql_blob(s, 5),
		};
		if (!fn(arg, &r))
			return sql_stop(s);
	}
	return done;
}

bool casedb_party_with_key(struct casedb *db, uint64_t key, party_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT id, source, list, entry, list_date, said FROM party_keys"
		" JOIN parties ON id = party WHERE key = ? ORDER BY id",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, (int64_t)key);
	return each(db, s, fn, arg, err);
}

bool casedb_party_of_entry(struct casedb *db, struct str list, struct str entry, party_fn fn,
	void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT p.id, source, list, entry, list_date, said FROM parties p"
		" JOIN intel_sources s ON s.id = source WHERE entry = ? AND list = ?"
		" ORDER BY list_date DESC, s.sha256, p.id",
		err);

	if (!s)
		return false;
	sql_bind_blob(s, 1, entry);
	sql_bind_blob(s, 2, list);
	return each(db, s, fn, arg, err);
}

bool casedb_party_list_each(struct casedb *db, party_list_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT list, max(list_date), s.added, s.sha256, s.name, s.id, count(*) FROM "
		"parties p"
		" JOIN intel_sources s ON s.id = p.source GROUP BY list, s.id ORDER BY list, "
		"s.sha256",
		err);
	bool done;

	while (sql_next(db, s, &done, err)) {
		struct party_list_row r = {
			.list = sql_blob(s, 0),
			.list_date = {sqlite3_column_int64(s, 1)},
			.added = {sqlite3_column_int64(s, 2)},
			.sha256 = sql_hash(s, 3),
			.name = sql_blob(s, 4),
			.source = sqlite3_column_int64(s, 5),
			.entries = sql_u64(s, 6),
		};
		if (!fn(arg, &r))
			return sql_stop(s);
	}
	return done;
}
