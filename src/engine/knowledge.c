#include "engine/knowledge.h"

#include "casedb/knowledge.h"
#include "engine/designated.h"

bool knowledge_put(struct casedb *db, int64_t source, const struct said *s, struct err *err)
{
	bool done = true;

	for (size_t i = 0; done && i < s->nodes.n; i++)
		done = casedb_node_add(db, source, &s->nodes.at[i], err);
	for (size_t i = 0; done && i < s->names.n; i++)
		done = casedb_name_add(db, source, &s->names.at[i], err);
	for (size_t i = 0; done && i < s->edges.n; i++)
		done = casedb_edge_add(db, source, &s->edges.at[i], err);
	for (size_t i = 0; done && i < s->claims.n; i++)
		done = casedb_claim_add(db, source, &s->claims.at[i], err);
	return done && designated_put(db, source, s, err);
}
