/* The rows of indicators themselves; their files are in intel.c. */
#include "casedb/intel.h"

#include "casedb/sql.h"

/* Kinds are stored by number: model/kinds.def only grows at its end once a case may hold them. */
bool casedb_indicator_add(struct casedb *db, int64_t source, const struct indicator *in,
	uint32_t *ret_id, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"INSERT INTO indicators(source, what, kind, form, value, range_from, range_to, sid,"
		" original, context, actor, marking, why, line, confidence, revoked, valid_from,"
		" valid_until) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		err);
	bool range = in->what == INDICATOR_NETWORK, value = in->what == INDICATOR_VALUE;

	if (!s)
		return false;
	sql_bind_int(s, 1, source);
	sql_bind_int(s, 2, in->what);
	sql_bind_int(s, 3, in->o.kind);
	sql_bind_int(s, 4, in->o.form);
	sql_bind_blob(s, 5, value ? in->o.v : STR(""));
	sql_bind_blob(s, 6, (struct str){(const char *)in->from, range ? 16 : 0});
	sql_bind_blob(s, 7, (struct str){(const char *)in->to, range ? 16 : 0});
	sql_bind_blob(s, 8, in->id);
	sql_bind_blob(s, 9, in->original);
	sql_bind_blob(s, 10, in->context);
	sql_bind_blob(s, 11, in->actor);
	sql_bind_blob(s, 12, in->marking);
	sql_bind_blob(s, 13, in->why);
	sql_bind_int(s, 14, in->line);
	sql_bind_int(s, 15, in->confidence);
	sql_bind_int(s, 16, in->revoked);
	sql_bind_int(s, 17, in->valid_from.us);
	sql_bind_int(s, 18, in->valid_until.us);
	if (!sql_run(db, s, err))
		return false;
	int64_t id = sqlite3_last_insert_rowid(db->db);
	if (id > UINT32_MAX)
		return err_set(err, ERR_LIMIT,
			"cannot add to '%s': %u indicators were added before", db->path,
			UINT32_MAX);
	*ret_id = (uint32_t)id;
	return true;
}

static void address(sqlite3_stmt *s, int column, uint8_t ret[16])
{
	struct str v = sql_blob(s, column);

	if (v.n == 16)
		memcpy(ret, v.p, 16);
}

static struct indicator read_row(sqlite3_stmt *s)
{
	struct indicator in = {
		.what = (enum indicator_kind)sqlite3_column_int(s, 2),
		.o = {(uint8_t)sqlite3_column_int(s, 3), (uint8_t)sqlite3_column_int(s, 4),
			sql_blob(s, 5)},
		.id = sql_blob(s, 8),
		.original = sql_blob(s, 9),
		.context = sql_blob(s, 10),
		.actor = sql_blob(s, 11),
		.marking = sql_blob(s, 12),
		.why = sql_blob(s, 13),
		.line = (uint32_t)sql_u64(s, 14),
		.confidence = sqlite3_column_int(s, 15),
		.revoked = sqlite3_column_int(s, 16) != 0,
		.valid_from = {sqlite3_column_int64(s, 17)},
		.valid_until = {sqlite3_column_int64(s, 18)},
	};

	address(s, 6, in.from);
	address(s, 7, in.to);
	return in;
}

static bool each(struct casedb *db, sqlite3_stmt *s, indicator_fn fn, void *arg, struct err *err)
{
	bool row;

	for (;;) {
		if (!sql_step(db, s, &row, err))
			return false;
		if (!row)
			return true;
		struct indicator in = read_row(s);
		if (!fn(arg, (uint32_t)sql_u64(s, 0), sqlite3_column_int64(s, 1), &in)) {
			sqlite3_reset(s);
			return true;
		}
	}
}

#define INDICATOR_COLUMNS                                                                          \
	"id, source, what, kind, form, value, range_from, range_to, sid, original, context,"       \
	" actor, marking, why, line, confidence, revoked, valid_from, valid_until"

bool casedb_indicator_each(
	struct casedb *db, int64_t source, indicator_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT " INDICATOR_COLUMNS " FROM indicators WHERE ?1 = 0 OR source = ?1"
		" ORDER BY id",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, source);
	return each(db, s, fn, arg, err);
}

bool casedb_indicator_find(
	struct casedb *db, uint32_t id, indicator_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s =
		sql_get(db, "SELECT " INDICATOR_COLUMNS " FROM indicators WHERE id = ?", err);

	if (!s)
		return false;
	sql_bind_int(s, 1, id);
	return each(db, s, fn, arg, err);
}
