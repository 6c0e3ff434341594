#include "casedb/segment.h"

#include "casedb/sql.h"

bool casedb_segment_add(
	struct casedb *db, const struct segment_row *r, int64_t *ret_id, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"INSERT INTO segments(name, level, rows, copies, observables, entries, bytes,"
		" flaws, first, last, sha256, hidden, conflict)"
		" VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		err);

	if (!s)
		return false;
	sql_bind_blob(s, 1, r->name);
	sql_bind_int(s, 2, r->level);
	sql_bind_int(s, 3, (int64_t)r->rows);
	sql_bind_int(s, 4, (int64_t)r->copies);
	sql_bind_int(s, 5, (int64_t)r->observables);
	sql_bind_int(s, 6, (int64_t)r->entries);
	sql_bind_int(s, 7, (int64_t)r->bytes);
	sql_bind_int(s, 8, (int64_t)r->flaws);
	sql_bind_int(s, 9, r->first);
	sql_bind_int(s, 10, r->last);
	sql_bind_hash(s, 11, &r->sha256);
	sql_bind_blob(s, 12, r->hidden);
	sql_bind_blob(s, 13, r->conflict);
	if (!sql_run(db, s, err))
		return false;
	*ret_id = sqlite3_last_insert_rowid(db->db);
	return true;
}

bool casedb_segment_remove(struct casedb *db, int64_t id, struct err *err)
{
	return sql_run_id(db, "DELETE FROM segments WHERE id = ?", id, err);
}

bool casedb_segment_hide(
	struct casedb *db, int64_t id, struct str hidden, struct str conflict, struct err *err)
{
	sqlite3_stmt *s =
		sql_get(db, "UPDATE segments SET hidden = ?, conflict = ? WHERE id = ?", err);

	if (!s)
		return false;
	sql_bind_blob(s, 1, hidden);
	sql_bind_blob(s, 2, conflict);
	sql_bind_int(s, 3, id);
	return sql_run(db, s, err);
}

static bool each_segment(
	struct casedb *db, sqlite3_stmt *s, segment_fn fn, void *arg, struct err *err)
{
	bool done;

	while (sql_next(db, s, &done, err)) {
		struct segment_row r = {
			.id = sqlite3_column_int64(s, 0),
			.name = sql_blob(s, 1),
			.level = (uint32_t)sql_u64(s, 2),
			.rows = sql_u64(s, 3),
			.copies = sql_u64(s, 4),
			.observables = sql_u64(s, 5),
			.entries = sql_u64(s, 6),
			.bytes = sql_u64(s, 7),
			.flaws = sql_u64(s, 8),
			.first = sqlite3_column_int64(s, 9),
			.last = sqlite3_column_int64(s, 10),
			.sha256 = sql_hash(s, 11),
			.hidden = sql_blob(s, 12),
			.conflict = sql_blob(s, 13),
		};
		if (!fn(arg, &r))
			return sql_stop(s);
	}
	return done;
}

#define SEGMENT_COLUMNS                                                                            \
	"id, name, level, rows, copies, observables, entries, bytes, flaws, first, last, sha256,"  \
	" hidden, conflict"

bool casedb_segment_each(struct casedb *db, segment_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "SELECT " SEGMENT_COLUMNS " FROM segments ORDER BY id", err);

	return s && each_segment(db, s, fn, arg, err);
}

bool casedb_segment_find(struct casedb *db, int64_t id, segment_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "SELECT " SEGMENT_COLUMNS " FROM segments WHERE id = ?", err);

	if (!s)
		return false;
	sql_bind_int(s, 1, id);
	return each_segment(db, s, fn, arg, err);
}

bool casedb_segment_has(struct casedb *db, struct str name, bool *ret_has, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "SELECT 1 FROM segments WHERE name = ?", err);

	if (!s)
		return false;
	sql_bind_blob(s, 1, name);
	if (!sql_step(db, s, ret_has, err))
		return false;
	sqlite3_reset(s);
	return true;
}

bool casedb_segment_stands(struct casedb *db, int64_t id, bool *ret_stands, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "SELECT 1 FROM segments WHERE id = ?", err);

	if (!s)
		return false;
	sql_bind_int(s, 1, id);
	if (!sql_step(db, s, ret_stands, err))
		return false;
	sqlite3_reset(s);
	return true;
}

bool casedb_segment_batch_add(
	struct casedb *db, int64_t segment, struct str batch, uint64_t dropped, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "INSERT INTO segment_batches VALUES(?, ?, ?)", err);

	if (!s)
		return false;
	sql_bind_int(s, 1, segment);
	sql_bind_blob(s, 2, batch);
	sql_bind_int(s, 3, (int64_t)dropped);
	return sql_run(db, s, err);
}

bool casedb_segment_batch_each(
	struct casedb *db, int64_t segment, segment_batch_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT segment, batch, dropped FROM segment_batches"
		" WHERE ?1 = 0 OR segment = ?1 ORDER BY segment, batch",
		err);
	bool done;

	if (!s)
		return false;
	sql_bind_int(s, 1, segment);
	while (sql_next(db, s, &done, err)) {
		if (!fn(arg, sqlite3_column_int64(s, 0), sql_blob(s, 1), sql_u64(s, 2)))
			return sql_stop(s);
	}
	return done;
}

bool casedb_segment_of_batch(
	struct casedb *db, struct str batch, int64_t *ret_segment, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "SELECT segment FROM segment_batches WHERE batch = ?", err);
	bool row;

	if (!s)
		return false;
	sql_bind_blob(s, 1, batch);
	if (!sql_step(db, s, &row, err))
		return false;
	*ret_segment = row ? sqlite3_column_int64(s, 0) : 0;
	sqlite3_reset(s);
	return true;
}

static bool stream_id(
	struct casedb *db, const struct stream_row *r, int64_t *ret_id, struct err *err)
{
	sqlite3_stmt *add = sql_get(db,
		"INSERT OR IGNORE INTO streams(format, version, organisation) VALUES(?, ?, ?)",
		err);
	sqlite3_stmt *find = add ? sql_get(db,
					   "SELECT id FROM streams WHERE format = ? AND version = ?"
					   " AND organisation = ?",
					   err)
				 : NULL;
	bool row;

	if (!find)
		return false;
	sqlite3_stmt *both[] = {add, find};
	for (size_t i = 0; i < 2; i++) {
		sql_bind_blob(both[i], 1, r->format);
		sql_bind_blob(both[i], 2, r->version);
		sql_bind_blob(both[i], 3, r->organisation);
	}
	if (!sql_run(db, add, err) || !sql_step(db, find, &row, err))
		return false;
	if (!row)
		BUG("the stream that was just added is not there");
	*ret_id = sqlite3_column_int64(find, 0);
	sqlite3_reset(find);
	return true;
}

bool casedb_stream_add(
	struct casedb *db, int64_t segment, const struct stream_row *r, struct err *err)
{
	sqlite3_stmt *s;
	int64_t id;

	if (!stream_id(db, r, &id, err))
		return false;
	s = sql_get(db, "INSERT OR REPLACE INTO segment_streams VALUES(?, ?, ?, ?, ?)", err);
	if (!s)
		return false;
	sql_bind_int(s, 1, segment);
	sql_bind_int(s, 2, id);
	sql_bind_int(s, 3, (int64_t)r->rows);
	sql_bind_int(s, 4, r->first);
	sql_bind_int(s, 5, r->last);
	return sql_run(db, s, err);
}

bool casedb_stream_each(struct casedb *db, stream_fn fn, void *arg, struct err *err)
{
	/* INT64_MIN is "no time": it may not win min() over a time that is known. */
	sqlite3_stmt *s = sql_get(db,
		"SELECT format, version, organisation, sum(g.rows),"
		" min(CASE g.first WHEN -9223372036854775807 - 1 THEN NULL ELSE g.first END),"
		" max(g.last) FROM streams s JOIN segment_streams g ON g.stream = s.id"
		" GROUP BY s.id ORDER BY format, organisation, version",
		err);
	bool done;

	while (sql_next(db, s, &done, err)) {
		bool timed = sqlite3_column_type(s, 4) != SQLITE_NULL;
		struct stream_row r = {
			.format = sql_blob(s, 0),
			.version = sql_blob(s, 1),
			.organisation = sql_blob(s, 2),
			.rows = sql_u64(s, 3),
			.first = timed ? sqlite3_column_int64(s, 4) : INT64_MIN,
			.last = sqlite3_column_int64(s, 5),
		};
		if (!fn(arg, &r))
			return sql_stop(s);
	}
	return done;
}
