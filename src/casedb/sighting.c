#include "casedb/sighting.h"

#include "casedb/sql.h"

bool casedb_sighting_put(struct casedb *db, const struct sighting_row *r, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"INSERT INTO sightings VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
		" ON CONFLICT DO UPDATE SET count = excluded.count, first = excluded.first,"
		" last = excluded.last",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, r->indicator);
	sql_bind_int(s, 2, r->o.kind);
	sql_bind_int(s, 3, r->o.form);
	sql_bind_blob(s, 4, r->o.v);
	sql_bind_int(s, 5, r->how);
	sql_bind_int(s, 6, (int64_t)r->count);
	sql_bind_int(s, 7, r->first);
	sql_bind_int(s, 8, r->last);
	sql_bind_int(s, 9, r->direction);
	sql_bind_int(s, 10, r->noticed.us);
	return sql_run(db, s, err);
}

bool casedb_sighting_antedate(struct casedb *db, const struct sighting_row *r, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"UPDATE sightings SET noticed = ?1, direction = ?2 WHERE indicator = ?3 AND"
		" kind = ?4 AND form = ?5 AND value = ?6 AND how = ?7 AND noticed > ?1",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, r->noticed.us);
	sql_bind_int(s, 2, r->direction);
	sql_bind_int(s, 3, r->indicator);
	sql_bind_int(s, 4, r->o.kind);
	sql_bind_int(s, 5, r->o.form);
	sql_bind_blob(s, 6, r->o.v);
	sql_bind_int(s, 7, r->how);
	return sql_run(db, s, err);
}

bool casedb_sighting_each(
	struct casedb *db, struct when since, sighting_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT indicator, kind, form, value, how, count, first, last, direction, noticed"
		" FROM sightings WHERE noticed >= ? ORDER BY indicator, kind, form, value, how",
		err);
	bool row;

	if (!s)
		return false;
	sql_bind_int(s, 1, since.us);
	for (;;) {
		if (!sql_step(db, s, &row, err))
			return false;
		if (!row)
			return true;
		struct sighting_row r = {
			.indicator = (uint32_t)sql_u64(s, 0),
			.o = {(uint8_t)sqlite3_column_int(s, 1), (uint8_t)sqlite3_column_int(s, 2),
				sql_blob(s, 3)},
			.how = (uint8_t)sqlite3_column_int(s, 4),
			.count = sql_u64(s, 5),
			.first = sqlite3_column_int64(s, 6),
			.last = sqlite3_column_int64(s, 7),
			.direction = (enum sighting_direction)sqlite3_column_int(s, 8),
			.noticed = {sqlite3_column_int64(s, 9)},
		};
		if (!fn(arg, &r)) {
			sqlite3_reset(s);
			return true;
		}
	}
}

bool casedb_sighting_clear(struct casedb *db, struct err *err)
{
	return sql_exec(db, "DELETE FROM sightings", err);
}
