#include "casedb/knowledge.h"

#include "casedb/sql.h"

static void bind_place(sqlite3_stmt *s, int at, const struct place *p)
{
	sql_bind_int(s, at, (int64_t)p->offset);
	sql_bind_int(s, at + 1, (int64_t)p->length);
	sql_bind_int(s, at + 2, p->member);
	sql_bind_int(s, at + 3, p->line);
}

static struct place read_place(sqlite3_stmt *s, int at)
{
	return (struct place){.offset = sql_u64(s, at),
		.length = sql_u64(s, at + 1),
		.member = (uint32_t)sql_u64(s, at + 2),
		.line = (uint32_t)sql_u64(s, at + 3)};
}

static bool add_name(
	struct casedb *db, int64_t source, const struct node_name *n, bool own, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "INSERT INTO node_names VALUES(?, ?, ?, ?, ?, ?, ?)", err);
	struct buf fold = {0};

	if (!s)
		return false;
	name_fold(n->name, &fold);
	sql_bind_int(s, 1, source);
	sql_bind_blob(s, 2, n->node);
	sql_bind_blob(s, 3, buf_view(&fold));
	sql_bind_blob(s, 4, n->name);
	sql_bind_blob(s, 5, n->origin);
	sql_bind_int(s, 6, n->confidence);
	sql_bind_int(s, 7, own);
	bool done = sql_run(db, s, err);
	buf_release(&fold);
	return done;
}

bool casedb_name_add(struct casedb *db, int64_t source, const struct node_name *n, struct err *err)
{
	return add_name(db, source, n, false, err);
}

/* Of these there are most, and nobody asks for them by their names. */
static bool is_called(const struct node *n)
{
	return n->name.n && n->type != NODE_INDICATOR && n->type != NODE_OBSERVED &&
	       n->type != NODE_VERSION;
}

bool casedb_node_add(struct casedb *db, int64_t source, const struct node *n, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"INSERT INTO nodes(source, type, nid, is_a, name, origin, external, description,"
		" creator, marking, created, modified, confidence, revoked, offset, length, member,"
		" line) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		err);
	struct node_name own = {n->id, n->name, n->origin, 100};

	if (!s)
		return false;
	sql_bind_int(s, 1, source);
	sql_bind_int(s, 2, n->type);
	sql_bind_blob(s, 3, n->id);
	sql_bind_blob(s, 4, n->is);
	sql_bind_blob(s, 5, n->name);
	sql_bind_blob(s, 6, n->origin);
	sql_bind_blob(s, 7, n->external);
	sql_bind_blob(s, 8, n->description);
	sql_bind_blob(s, 9, n->creator);
	sql_bind_blob(s, 10, n->marking);
	sql_bind_int(s, 11, n->created.us);
	sql_bind_int(s, 12, n->modified.us);
	sql_bind_int(s, 13, n->confidence);
	sql_bind_int(s, 14, n->revoked);
	bind_place(s, 15, &n->place);
	return sql_run(db, s, err) && (!is_called(n) || add_name(db, source, &own, true, err));
}

bool casedb_edge_add(struct casedb *db, int64_t source, const struct edge *e, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"INSERT INTO edges(source, eid, from_nid, to_nid, type, description, marking,"
		" modified, confidence, revoked, offset, length, member, line)"
		" VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, source);
	sql_bind_blob(s, 2, e->id);
	sql_bind_blob(s, 3, e->from);
	sql_bind_blob(s, 4, e->to);
	sql_bind_blob(s, 5, e->type);
	sql_bind_blob(s, 6, e->description);
	sql_bind_blob(s, 7, e->marking);
	sql_bind_int(s, 8, e->modified.us);
	sql_bind_int(s, 9, e->confidence);
	sql_bind_int(s, 10, e->revoked);
	bind_place(s, 11, &e->place);
	return sql_run(db, s, err);
}

bool casedb_claim_add(struct casedb *db, int64_t source, const struct claim *c, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"INSERT INTO claims(source, cid, by, incident, about, words, text, of, reference,"
		" marking, said, speaker, level, standing, scale, shown, low, high, offset, length,"
		" member, line) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
		" ?, ?)",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, source);
	sql_bind_blob(s, 2, c->id);
	sql_bind_blob(s, 3, c->by);
	sql_bind_blob(s, 4, c->incident);
	sql_bind_blob(s, 5, c->about);
	sql_bind_blob(s, 6, c->words);
	sql_bind_blob(s, 7, c->text);
	sql_bind_blob(s, 8, c->of);
	sql_bind_blob(s, 9, c->reference);
	sql_bind_blob(s, 10, c->marking);
	sql_bind_int(s, 11, c->said.us);
	sql_bind_int(s, 12, c->speaker);
	sql_bind_int(s, 13, c->level);
	sql_bind_int(s, 14, c->standing);
	sql_bind_int(s, 15, c->scale);
	sql_bind_int(s, 16, c->shown);
	sql_bind_int(s, 17, c->low);
	sql_bind_int(s, 18, c->high);
	bind_place(s, 19, &c->place);
	return sql_run(db, s, err);
}

static bool nodes(struct casedb *db, sqlite3_stmt *s, node_fn fn, void *arg, struct err *err)
{
	bool done;

	while (sql_next(db, s, &done, err)) {
		struct node n = {
			.type = (enum node_type)sqlite3_column_int(s, 1),
			.id = sql_blob(s, 2),
			.is = sql_blob(s, 3),
			.name = sql_blob(s, 4),
			.origin = sql_blob(s, 5),
			.external = sql_blob(s, 6),
			.description = sql_blob(s, 7),
			.creator = sql_blob(s, 8),
			.marking = sql_blob(s, 9),
			.created = {sqlite3_column_int64(s, 10)},
			.modified = {sqlite3_column_int64(s, 11)},
			.confidence = sqlite3_column_int(s, 12),
			.revoked = sqlite3_column_int(s, 13) != 0,
			.place = read_place(s, 14),
		};
		if (!fn(arg, sqlite3_column_int64(s, 0), &n))
			return sql_stop(s);
	}
	return done;
}

#define NODE_COLUMNS                                                                               \
	"source, type, nid, is_a, name, origin, external, description, creator, marking, created," \
	" modified, confidence, revoked, offset, length, member, line"

bool casedb_node_each(struct casedb *db, int64_t source, node_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT " NODE_COLUMNS " FROM nodes WHERE ?1 = 0 OR source = ?1 ORDER BY id", err);

	if (!s)
		return false;
	sql_bind_int(s, 1, source);
	return nodes(db, s, fn, arg, err);
}

bool casedb_node_each_of(
	struct casedb *db, enum node_type type, node_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s =
		sql_get(db, "SELECT " NODE_COLUMNS " FROM nodes WHERE type = ? ORDER BY id", err);

	if (!s)
		return false;
	sql_bind_int(s, 1, type);
	return nodes(db, s, fn, arg, err);
}

bool casedb_node_find(
	struct casedb *db, int64_t source, struct str nid, node_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT " NODE_COLUMNS
		" FROM nodes WHERE nid = ?2 AND (?1 = 0 OR source = ?1) ORDER BY id",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, source);
	sql_bind_blob(s, 2, nid);
	return nodes(db, s, fn, arg, err);
}

static bool names(struct casedb *db, sqlite3_stmt *s, name_fn fn, void *arg, struct err *err)
{
	bool done;

	while (sql_next(db, s, &done, err)) {
		struct node_name n = {.node = sql_blob(s, 1),
			.name = sql_blob(s, 2),
			.origin = sql_blob(s, 3),
			.confidence = sqlite3_column_int(s, 4)};
		if (!fn(arg, sqlite3_column_int64(s, 0), &n, sqlite3_column_int(s, 5) != 0))
			return sql_stop(s);
	}
	return done;
}

bool casedb_name_each(
	struct casedb *db, int64_t source, struct str nid, name_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT source, nid, name, origin, confidence, own FROM node_names"
		" WHERE source = ? AND nid = ? ORDER BY rowid",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, source);
	sql_bind_blob(s, 2, nid);
	return names(db, s, fn, arg, err);
}

bool casedb_name_find(struct casedb *db, struct str fold, name_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT source, nid, name, origin, confidence, own FROM node_names"
		" WHERE fold = ? ORDER BY rowid",
		err);

	if (!s)
		return false;
	sql_bind_blob(s, 1, fold);
	return names(db, s, fn, arg, err);
}

static bool edges(struct casedb *db, sqlite3_stmt *s, edge_fn fn, void *arg, struct err *err)
{
	bool done;

	while (sql_next(db, s, &done, err)) {
		struct edge e = {
			.id = sql_blob(s, 1),
			.from = sql_blob(s, 2),
			.to = sql_blob(s, 3),
			.type = sql_blob(s, 4),
			.description = sql_blob(s, 5),
			.marking = sql_blob(s, 6),
			.modified = {sqlite3_column_int64(s, 7)},
			.confidence = sqlite3_column_int(s, 8),
			.revoked = sqlite3_column_int(s, 9) != 0,
			.place = read_place(s, 10),
		};
		if (!fn(arg, sqlite3_column_int64(s, 0), &e))
			return sql_stop(s);
	}
	return done;
}

#define EDGE_COLUMNS                                                                               \
	"source, eid, from_nid, to_nid, type, description, marking, modified, confidence, "        \
	"revoked,"                                                                                 \
	" offset, length, member, line"

bool casedb_edge_each(struct casedb *db, int64_t source, edge_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT " EDGE_COLUMNS " FROM edges WHERE ?1 = 0 OR source = ?1 ORDER BY id", err);

	if (!s)
		return false;
	sql_bind_int(s, 1, source);
	return edges(db, s, fn, arg, err);
}

bool casedb_edge_each_of(struct casedb *db, struct str type, edge_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s =
		sql_get(db, "SELECT " EDGE_COLUMNS " FROM edges WHERE type = ? ORDER BY id", err);

	if (!s)
		return false;
	sql_bind_blob(s, 1, type);
	return edges(db, s, fn, arg, err);
}

bool casedb_edge_from(
	struct casedb *db, int64_t source, struct str nid, edge_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT " EDGE_COLUMNS " FROM edges WHERE source = ? AND from_nid = ? ORDER BY id",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, source);
	sql_bind_blob(s, 2, nid);
	return edges(db, s, fn, arg, err);
}

bool casedb_edge_to(
	struct casedb *db, int64_t source, struct str nid, edge_fn fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT " EDGE_COLUMNS " FROM edges WHERE source = ? AND to_nid = ? ORDER BY id",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, source);
	sql_bind_blob(s, 2, nid);
	return edges(db, s, fn, arg, err);
}
