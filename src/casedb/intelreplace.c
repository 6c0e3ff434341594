/* A file of intelligence gives way to its newer version. */
#include "casedb/intel.h"
#include "casedb/sql.h"

bool casedb_intel_source_retire(struct casedb *db, int64_t id, struct err *err)
{
	return sql_run_id(
		db, "UPDATE intel_sources SET sha256 = randomblob(32) WHERE id = ?", id, err);
}

bool casedb_indicator_update(
	struct casedb *db, uint32_t id, int64_t source, const struct indicator *in, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"UPDATE indicators SET source = ?, sid = ?, original = ?, context = ?, actor = ?,"
		" marking = ?, why = ?, line = ?, confidence = ?, revoked = ?, valid_from = ?,"
		" valid_until = ? WHERE id = ?",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, source);
	sql_bind_blob(s, 2, in->id);
	sql_bind_blob(s, 3, in->original);
	sql_bind_blob(s, 4, in->context);
	sql_bind_blob(s, 5, in->actor);
	sql_bind_blob(s, 6, in->marking);
	sql_bind_blob(s, 7, in->why);
	sql_bind_int(s, 8, in->line);
	sql_bind_int(s, 9, in->confidence);
	sql_bind_int(s, 10, in->revoked);
	sql_bind_int(s, 11, in->valid_from.us);
	sql_bind_int(s, 12, in->valid_until.us);
	sql_bind_int(s, 13, id);
	return sql_run(db, s, err);
}
