#include "casedb/source.h"

#include "casedb/sql.h"

bool casedb_source_add(
	struct casedb *db, const struct source_row *r, int64_t *ret_id, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"INSERT INTO sources(sha256, path, bytes, decoded_bytes, decoding, acquired,"
		" formats_version, ingested, records, events, copies, conflicts, observables, "
		"flaws)"
		" VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		err);

	if (!s)
		return false;
	sql_bind_hash(s, 1, &r->sha256);
	sql_bind_blob(s, 2, r->path);
	sql_bind_int(s, 3, (int64_t)r->bytes);
	sql_bind_int(s, 4, (int64_t)r->decoded_bytes);
	sql_bind_blob(s, 5, r->decoding);
	sql_bind_blob(s, 6, r->acquired);
	sql_bind_blob(s, 7, r->formats_version);
	sql_bind_int(s, 8, r->ingested.us);
	sql_bind_int(s, 9, (int64_t)r->records);
	sql_bind_int(s, 10, (int64_t)r->events);
	sql_bind_int(s, 11, (int64_t)r->copies);
	sql_bind_int(s, 12, (int64_t)r->conflicts);
	sql_bind_int(s, 13, (int64_t)r->observables);
	sql_bind_int(s, 14, (int64_t)r->flaws);
	if (!sql_run(db, s, err))
		return false;
	*ret_id = sqlite3_last_insert_rowid(db->db);
	return true;
}

bool casedb_source_begins(struct casedb *db, struct str prefix, int64_t *ret_id, struct err *err)
{
	return sql_find_prefix(db,
		"SELECT id FROM sources WHERE sha256 BETWEEN ? AND ? ORDER BY sha256", prefix,
		ret_id, err);
}

bool casedb_source_find(struct casedb *db, const struct sha256 *h, int64_t *ret_id, struct err *err)
{
	return casedb_source_begins(
		db, (struct str){(const char *)h->b, sizeof(h->b)}, ret_id, err);
}

bool casedb_source_each(struct casedb *db, source_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT id, sha256, path, bytes, decoded_bytes, decoding, acquired,"
		" formats_version, ingested, records, events, copies, conflicts, observables,"
		" flaws, (SELECT count(*) FROM batches WHERE source = sources.id)"
		" FROM sources ORDER BY id",
		err);
	bool done;

	while (sql_next(db, s, &done, err)) {
		struct source_row r = {
			.id = sqlite3_column_int64(s, 0),
			.sha256 = sql_hash(s, 1),
			.path = sql_blob(s, 2),
			.bytes = sql_u64(s, 3),
			.decoded_bytes = sql_u64(s, 4),
			.decoding = sql_blob(s, 5),
			.acquired = sql_blob(s, 6),
			.formats_version = sql_blob(s, 7),
			.ingested = {sqlite3_column_int64(s, 8)},
			.records = sql_u64(s, 9),
			.events = sql_u64(s, 10),
			.copies = sql_u64(s, 11),
			.conflicts = sql_u64(s, 12),
			.observables = sql_u64(s, 13),
			.flaws = sql_u64(s, 14),
			.batches = sql_u64(s, 15),
		};
		if (!fn(arg, &r))
			return sql_stop(s);
	}
	return done;
}

bool casedb_source_rewrite(
	struct casedb *db, int64_t id, struct str path, struct str acquired, struct err *err)
{
	sqlite3_stmt *s =
		sql_get(db, "UPDATE sources SET path = ?, acquired = ? WHERE id = ?", err);

	if (!s)
		return false;
	sql_bind_blob(s, 1, path);
	sql_bind_blob(s, 2, acquired);
	sql_bind_int(s, 3, id);
	return sql_run(db, s, err);
}

bool casedb_source_remove(struct casedb *db, int64_t id, struct err *err)
{
	return sql_run_id(db, "DELETE FROM sources WHERE id = ?", id, err);
}

bool casedb_source_flaw_add(struct casedb *db, int64_t source, struct flaw f, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "INSERT INTO source_flaws VALUES(?, ?, ?)", err);

	if (!s)
		return false;
	/* By name, since the codes' numbers change as flaws are added. */
	sql_bind_int(s, 1, source);
	sql_bind_blob(s, 2, str_of(flaw_name((enum flaw_code)f.code)));
	sql_bind_int(s, 3, f.offset);
	return sql_run(db, s, err);
}

bool casedb_source_flaw_each(struct casedb *db, source_flaw_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(
		db, "SELECT source, code, offset FROM source_flaws ORDER BY source, offset", err);
	bool done;

	while (sql_next(db, s, &done, err)) {
		enum flaw_code code = FLAW_CODES;
		flaw_by_name(sql_blob(s, 1), &code);
		struct flaw f = {(uint32_t)code, (uint32_t)sql_u64(s, 2)};
		if (!fn(arg, sqlite3_column_int64(s, 0), f))
			return sql_stop(s);
	}
	return done;
}

bool casedb_batch_add(struct casedb *db, const struct batch_row *r, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"INSERT INTO batches(name, source, seq, sha256, bytes, records)"
		" VALUES(?, ?, ?, ?, ?, ?)",
		err);

	if (!s)
		return false;
	sql_bind_blob(s, 1, r->name);
	sql_bind_int(s, 2, r->source);
	sql_bind_int(s, 3, r->seq);
	sql_bind_hash(s, 4, &r->sha256);
	sql_bind_int(s, 5, (int64_t)r->bytes);
	sql_bind_int(s, 6, (int64_t)r->records);
	return sql_run(db, s, err);
}

bool casedb_batch_rewrite(struct casedb *db, struct str name, const struct sha256 *sha256,
	uint64_t bytes, struct err *err)
{
	sqlite3_stmt *s =
		sql_get(db, "UPDATE batches SET sha256 = ?, bytes = ? WHERE name = ?", err);

	if (!s)
		return false;
	sql_bind_hash(s, 1, sha256);
	sql_bind_int(s, 2, (int64_t)bytes);
	sql_bind_blob(s, 3, name);
	return sql_run(db, s, err);
}

static bool each_batch(struct casedb *db, sqlite3_stmt *s, batch_fn fn, void *arg, struct err *err)
{
	bool done;

	while (sql_next(db, s, &done, err)) {
		struct batch_row r = {
			.name = sql_blob(s, 0),
			.source = sqlite3_column_int64(s, 1),
			.seq = (uint32_t)sql_u64(s, 2),
			.sha256 = sql_hash(s, 3),
			.bytes = sql_u64(s, 4),
			.records = sql_u64(s, 5),
		};
		if (!fn(arg, &r))
			return sql_stop(s);
	}
	return done;
}

bool casedb_batch_each(struct casedb *db, int64_t source, batch_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT name, source, seq, sha256, bytes, records FROM batches"
		" WHERE ?1 = 0 OR source = ?1 ORDER BY name",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, source);
	return each_batch(db, s, fn, arg, err);
}

bool casedb_batch_find(struct casedb *db, struct str name, batch_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT name, source, seq, sha256, bytes, records FROM batches WHERE name = ?",
		err);

	if (!s)
		return false;
	sql_bind_blob(s, 1, name);
	return each_batch(db, s, fn, arg, err);
}
