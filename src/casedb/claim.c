/* Claims, and how much of all there is. */
#include "casedb/knowledge.h"
#include "casedb/sql.h"

static struct claim read_claim(sqlite3_stmt *s)
{
	return (struct claim){
		.id = sql_blob(s, 1),
		.by = sql_blob(s, 2),
		.incident = sql_blob(s, 3),
		.about = sql_blob(s, 4),
		.words = sql_blob(s, 5),
		.text = sql_blob(s, 6),
		.of = sql_blob(s, 7),
		.reference = sql_blob(s, 8),
		.marking = sql_blob(s, 9),
		.said = {sqlite3_column_int64(s, 10)},
		.speaker = (enum claim_speaker)sqlite3_column_int(s, 11),
		.level = (enum claim_level)sqlite3_column_int(s, 12),
		.standing = (enum claim_standing)sqlite3_column_int(s, 13),
		.scale = (enum claim_scale)sqlite3_column_int(s, 14),
		.shown = (enum claim_shown)sqlite3_column_int(s, 15),
		.low = sqlite3_column_int(s, 16),
		.high = sqlite3_column_int(s, 17),
		.place = {.offset = sql_u64(s, 18),
			.length = sql_u64(s, 19),
			.member = (uint32_t)sql_u64(s, 20),
			.line = (uint32_t)sql_u64(s, 21)},
	};
}

bool casedb_claim_each(struct casedb *db, int64_t source, claim_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT source, cid, by, incident, about, words, text, of, reference, marking, "
		"said,"
		" speaker, level, standing, scale, shown, low, high, offset, length, member, line"
		" FROM claims WHERE ?1 = 0 OR source = ?1 ORDER BY incident, said, by, cid, id",
		err);
	bool done;

	if (!s)
		return false;
	sql_bind_int(s, 1, source);
	while (sql_next(db, s, &done, err)) {
		struct claim c = read_claim(s);
		if (!fn(arg, sqlite3_column_int64(s, 0), &c))
			return sql_stop(s);
	}
	return done;
}
