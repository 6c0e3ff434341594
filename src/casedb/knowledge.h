#ifndef CASEDB_KNOWLEDGE_H
#define CASEDB_KNOWLEDGE_H

#include "casedb/casedb.h"
#include "model/knowledge.h"

/*
 * What sources of intelligence say beside indicators.  Rows go with their source.  In callbacks
 * texts are borrowed until it returns; false stops.
 */
MUST bool casedb_node_add(struct casedb *db, int64_t source, const struct node *n, struct err *err);
MUST bool casedb_name_add(
	struct casedb *db, int64_t source, const struct node_name *n, struct err *err);
MUST bool casedb_edge_add(struct casedb *db, int64_t source, const struct edge *e, struct err *err);
MUST bool casedb_claim_add(
	struct casedb *db, int64_t source, const struct claim *c, struct err *err);

typedef bool (*node_fn)(void *arg, int64_t source, const struct node *n);
/* All of a source, or (0) of all, in the order in which they were read. */
MUST bool casedb_node_each(
	struct casedb *db, int64_t source, node_fn fn, void *arg, struct err *err);
MUST bool casedb_node_each_of(
	struct casedb *db, enum node_type type, node_fn fn, void *arg, struct err *err);
/* In any source (0) or one: versions of one object have one id. */
MUST bool casedb_node_find(
	struct casedb *db, int64_t source, struct str nid, node_fn fn, void *arg, struct err *err);

/* own: the node's own name, which casedb_node_add wrote, but for indicators and observations. */
typedef bool (*name_fn)(void *arg, int64_t source, const struct node_name *n, bool own);
MUST bool casedb_name_each(
	struct casedb *db, int64_t source, struct str nid, name_fn fn, void *arg, struct err *err);
/* Whoever has that name, as name_fold has it. */
MUST bool casedb_name_find(
	struct casedb *db, struct str fold, name_fn fn, void *arg, struct err *err);

typedef bool (*edge_fn)(void *arg, int64_t source, const struct edge *e);
MUST bool casedb_edge_each(
	struct casedb *db, int64_t source, edge_fn fn, void *arg, struct err *err);
MUST bool casedb_edge_each_of(
	struct casedb *db, struct str type, edge_fn fn, void *arg, struct err *err);
/* Those of one source that begin (end) at an id. */
MUST bool casedb_edge_from(
	struct casedb *db, int64_t source, struct str nid, edge_fn fn, void *arg, struct err *err);
MUST bool casedb_edge_to(
	struct casedb *db, int64_t source, struct str nid, edge_fn fn, void *arg, struct err *err);

typedef bool (*claim_fn)(void *arg, int64_t source, const struct claim *c);
/* By incident, then date. */
MUST bool casedb_claim_each(
	struct casedb *db, int64_t source, claim_fn fn, void *arg, struct err *err);

#endif
