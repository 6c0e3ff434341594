#include "casedb/intel.h"

#include "casedb/sql.h"

bool casedb_intel_source_add(
	struct casedb *db, const struct intel_source_row *r, int64_t *ret_id, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"INSERT INTO intel_sources(sha256, name, path, title, kind, marking, confidence,"
		" added, indicators, pending, skipped, role, files, packed, new, gone, changed)"
		" VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		err);

	if (!s)
		return false;
	sql_bind_hash(s, 1, &r->sha256);
	sql_bind_blob(s, 2, r->name);
	sql_bind_blob(s, 3, r->path);
	sql_bind_blob(s, 4, r->title);
	sql_bind_blob(s, 5, r->kind);
	sql_bind_blob(s, 6, r->marking);
	sql_bind_int(s, 7, r->confidence);
	sql_bind_int(s, 8, r->added.us);
	sql_bind_int(s, 9, (int64_t)r->indicators);
	sql_bind_int(s, 10, (int64_t)r->pending);
	sql_bind_int(s, 11, (int64_t)r->skipped);
	sql_bind_int(s, 12, r->role);
	sql_bind_int(s, 13, (int64_t)r->files);
	sql_bind_hash(s, 14, &r->packed);
	sql_bind_int(s, 15, (int64_t)r->new);
	sql_bind_int(s, 16, (int64_t)r->gone);
	sql_bind_int(s, 17, (int64_t)r->changed);
	if (!sql_run(db, s, err))
		return false;
	*ret_id = sqlite3_last_insert_rowid(db->db);
	return true;
}

bool casedb_intel_source_begins(
	struct casedb *db, struct str prefix, int64_t *ret_id, struct err *err)
{
	return sql_find_prefix(db,
		"SELECT id FROM intel_sources WHERE sha256 BETWEEN ? AND ? ORDER BY sha256", prefix,
		ret_id, err);
}

bool casedb_intel_source_find(
	struct casedb *db, const struct sha256 *h, int64_t *ret_id, struct err *err)
{
	return casedb_intel_source_begins(
		db, (struct str){(const char *)h->b, sizeof(h->b)}, ret_id, err);
}

bool casedb_intel_source_each(struct casedb *db, intel_source_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT id, sha256, name, path, title, kind, marking, confidence, added,"
		" indicators, pending, skipped, role, files, packed, new, gone, changed"
		" FROM intel_sources ORDER BY id",
		err);
	bool done;

	while (sql_next(db, s, &done, err)) {
		struct intel_source_row r = {
			.id = sqlite3_column_int64(s, 0),
			.sha256 = sql_hash(s, 1),
			.name = sql_blob(s, 2),
			.path = sql_blob(s, 3),
			.title = sql_blob(s, 4),
			.kind = sql_blob(s, 5),
			.marking = sql_blob(s, 6),
			.confidence = sqlite3_column_int(s, 7),
			.added = {sqlite3_column_int64(s, 8)},
			.indicators = sql_u64(s, 9),
			.pending = sql_u64(s, 10),
			.skipped = sql_u64(s, 11),
			.role = (enum intel_role)sql_u64(s, 12),
			.files = sql_u64(s, 13),
			.packed = sql_hash(s, 14),
			.new = sql_u64(s, 15),
			.gone = sql_u64(s, 16),
			.changed = sql_u64(s, 17),
		};
		if (!fn(arg, &r))
			return sql_stop(s);
	}
	return done;
}

bool casedb_intel_source_remove(struct casedb *db, int64_t id, struct err *err)
{
	return sql_run_id(db, "DELETE FROM intel_sources WHERE id = ?", id, err);
}

bool casedb_intel_source_retire(struct casedb *db, int64_t id, struct err *err)
{
	return sql_run_id(
		db, "UPDATE intel_sources SET sha256 = randomblob(32) WHERE id = ?", id, err);
}

bool casedb_skipped_add(struct casedb *db, const struct skipped_row *r, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "INSERT INTO intel_skipped VALUES(?, ?, ?, ?, ?)", err);

	if (!s)
		return false;
	sql_bind_int(s, 1, r->source);
	sql_bind_blob(s, 2, r->what);
	sql_bind_blob(s, 3, r->why);
	sql_bind_int(s, 4, r->line);
	sql_bind_int(s, 5, r->member);
	return sql_run(db, s, err);
}

bool casedb_skipped_each(
	struct casedb *db, int64_t source, skipped_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT source, what, why, line, member FROM intel_skipped"
		" WHERE ?1 = 0 OR source = ?1 ORDER BY rowid",
		err);
	bool done;

	if (!s)
		return false;
	sql_bind_int(s, 1, source);
	while (sql_next(db, s, &done, err)) {
		struct skipped_row r = {.source = sqlite3_column_int64(s, 0),
			.what = sql_blob(s, 1),
			.why = sql_blob(s, 2),
			.line = (uint32_t)sql_u64(s, 3),
			.member = (uint32_t)sql_u64(s, 4)};
		if (!fn(arg, &r))
			return sql_stop(s);
	}
	return done;
}
