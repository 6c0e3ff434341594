#include "casedb/sighting.h"

#include "casedb/sql.h"

static bool remove_one(struct casedb *db, const struct sighting_row *r, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"DELETE FROM sightings WHERE source = ? AND ordinal = ? AND kind = ? AND form = ?"
		" AND value = ? AND how = ?",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, r->source);
	sql_bind_int(s, 2, r->ordinal);
	sql_bind_int(s, 3, r->o.kind);
	sql_bind_int(s, 4, r->o.form);
	sql_bind_blob(s, 5, r->o.v);
	sql_bind_int(s, 6, r->how);
	return sql_run(db, s, err);
}

bool casedb_sighting_put(struct casedb *db, const struct sighting_row *r, struct err *err)
{
	if (r->count == 0)
		return remove_one(db, r, err);
	/* "true": SQLite takes ON CONFLICT behind a SELECT for a join without a WHERE. */
	sqlite3_stmt *s = sql_get(db,
		"INSERT INTO sightings SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11"
		" WHERE EXISTS(SELECT true FROM intel_sources WHERE id = ?1)"
		" ON CONFLICT DO UPDATE SET count = excluded.count, first = excluded.first,"
		" last = excluded.last",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, r->source);
	sql_bind_int(s, 2, r->ordinal);
	sql_bind_int(s, 3, r->o.kind);
	sql_bind_int(s, 4, r->o.form);
	sql_bind_blob(s, 5, r->o.v);
	sql_bind_int(s, 6, r->how);
	sql_bind_int(s, 7, (int64_t)r->count);
	sql_bind_int(s, 8, r->first);
	sql_bind_int(s, 9, r->last);
	sql_bind_int(s, 10, r->direction);
	sql_bind_int(s, 11, r->noticed.us);
	return sql_run(db, s, err);
}

bool casedb_sighting_antedate(struct casedb *db, const struct sighting_row *r, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"UPDATE sightings SET noticed = ?1, direction = ?2 WHERE source = ?3 AND"
		" ordinal = ?4 AND kind = ?5 AND form = ?6 AND value = ?7 AND how = ?8 AND"
		" noticed > ?1",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, r->noticed.us);
	sql_bind_int(s, 2, r->direction);
	sql_bind_int(s, 3, r->source);
	sql_bind_int(s, 4, r->ordinal);
	sql_bind_int(s, 5, r->o.kind);
	sql_bind_int(s, 6, r->o.form);
	sql_bind_blob(s, 7, r->o.v);
	sql_bind_int(s, 8, r->how);
	return sql_run(db, s, err);
}

#define SIGHTING_COLUMNS                                                                           \
	"source, ordinal, kind, form, value, how, count, first, last, direction, noticed"

static bool each(struct casedb *db, sqlite3_stmt *s, sighting_fn fn, void *arg, struct err *err)
{
	bool done;

	while (sql_next(db, s, &done, err)) {
		struct sighting_row r = {
			.source = sqlite3_column_int64(s, 0),
			.ordinal = (uint32_t)sql_u64(s, 1),
			.o = {(uint8_t)sqlite3_column_int(s, 2), (uint8_t)sqlite3_column_int(s, 3),
				sql_blob(s, 4)},
			.how = (uint8_t)sqlite3_column_int(s, 5),
			.count = sql_u64(s, 6),
			.first = sqlite3_column_int64(s, 7),
			.last = sqlite3_column_int64(s, 8),
			.direction = (enum sighting_direction)sqlite3_column_int(s, 9),
			.noticed = {sqlite3_column_int64(s, 10)},
		};
		if (!fn(arg, &r))
			return sql_stop(s);
	}
	return done;
}

bool casedb_sighting_each(
	struct casedb *db, struct when since, sighting_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT " SIGHTING_COLUMNS " FROM sightings WHERE noticed >= ?"
		" ORDER BY source, ordinal, kind, form, value, how",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, since.us);
	return each(db, s, fn, arg, err);
}

bool casedb_sighting_each_of(
	struct casedb *db, int64_t source, sighting_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT " SIGHTING_COLUMNS " FROM sightings WHERE source = ?"
		" ORDER BY ordinal, kind, form, value, how",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, source);
	return each(db, s, fn, arg, err);
}

bool casedb_sighting_count(struct casedb *db, uint64_t *ret_n, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "SELECT count(*) FROM sightings", err);
	bool row;

	if (!s || !sql_step(db, s, &row, err) || !row)
		return false;
	*ret_n = sql_u64(s, 0);
	sqlite3_reset(s);
	return true;
}

bool casedb_sighting_move(struct casedb *db, int64_t from, uint32_t from_ordinal, int64_t to,
	uint32_t to_ordinal, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"INSERT OR IGNORE INTO sightings SELECT ?3, ?4, kind, form, value, how, count,"
		" first, last, direction, noticed FROM sightings WHERE source = ?1 AND ordinal = "
		"?2",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, from);
	sql_bind_int(s, 2, from_ordinal);
	sql_bind_int(s, 3, to);
	sql_bind_int(s, 4, to_ordinal);
	return sql_run(db, s, err);
}

bool casedb_sighting_clear(struct casedb *db, struct err *err)
{
	return sql_exec(db, "DELETE FROM sightings; DELETE FROM joined", err);
}

bool casedb_joined_each(struct casedb *db, joined_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s =
		sql_get(db, "SELECT source, segment FROM joined ORDER BY source, segment", err);
	bool done;

	while (sql_next(db, s, &done, err)) {
		if (!fn(arg, sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1)))
			return sql_stop(s);
	}
	return done;
}

bool casedb_joined_add(struct casedb *db, int64_t source, int64_t segment, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"INSERT OR IGNORE INTO joined SELECT ?1, ?2"
		" WHERE EXISTS(SELECT true FROM intel_sources WHERE id = ?1)"
		" AND EXISTS(SELECT true FROM segments WHERE id = ?2)",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, source);
	sql_bind_int(s, 2, segment);
	return sql_run(db, s, err);
}

static bool joined_with(
	struct casedb *db, int64_t source, int64_t segment, bool *ret_yes, struct err *err)
{
	sqlite3_stmt *s =
		sql_get(db, "SELECT true FROM joined WHERE source = ? AND segment = ?", err);

	if (!s)
		return false;
	sql_bind_int(s, 1, source);
	sql_bind_int(s, 2, segment);
	if (!sql_step(db, s, ret_yes, err))
		return false;
	sqlite3_reset(s);
	return true;
}

static bool first_joined(
	struct casedb *db, int64_t segment, casedb_ids *inout_sources, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "SELECT source FROM joined WHERE segment = ?", err);
	bool done;

	if (!s)
		return false;
	sql_bind_int(s, 1, segment);
	while (sql_next(db, s, &done, err)) {
		*vec_push(inout_sources) = sqlite3_column_int64(s, 0);
	}
	return done;
}

bool casedb_joined_all(struct casedb *db, const int64_t *segments, size_t n,
	casedb_ids *inout_sources, struct err *err)
{
	size_t kept = 0;

	if (n && !first_joined(db, segments[0], inout_sources, err))
		return false;
	for (size_t at = 0; at < inout_sources->n; at++) {
		bool all = true;
		for (size_t i = 1; all && i < n; i++) {
			if (!joined_with(db, inout_sources->at[at], segments[i], &all, err))
				return false;
		}
		if (all)
			inout_sources->at[kept++] = inout_sources->at[at];
	}
	inout_sources->n = kept;
	return true;
}
