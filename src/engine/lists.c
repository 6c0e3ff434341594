#include "engine/lists.h"

static bool add(void *arg, const struct people_list_row *r)
{
	struct lists *l = arg;
	struct list_version *v = vec_push(&l->at);

	*v = (struct list_version){.id = r->id,
		.name = arena_dup(&l->arena, r->name),
		.path = arena_dup(&l->arena, r->path),
		.kind = arena_dup(&l->arena, r->kind),
		.at = r->at,
		.added = r->added,
		.persons = r->persons,
		.identities = r->identities,
		.skipped = r->skipped,
		.holds = {WHEN_NONE, WHEN_NONE},
		.key = r->key};
	return true;
}

bool lists_load(struct casedb *db, struct lists *ret, struct err *err)
{
	struct lists l = {0};

	if (!casedb_people_list_each(db, add, &l, err)) {
		lists_release(&l);
		return false;
	}
	for (size_t i = 1; i < l.at.n; i++) {
		struct list_version *before = &l.at.at[i - 1], *v = &l.at.at[i];
		if (str_eq(before->name, v->name))
			before->holds.to = v->holds.from = v->at;
	}
	*ret = l;
	return true;
}

void lists_release(struct lists *l)
{
	vec_release(&l->at);
	arena_release(&l->arena);
}

const struct list_version *lists_find(const struct lists *l, int64_t id)
{
	for (size_t i = 0; i < l->at.n; i++)
		if (l->at.at[i].id == id)
			return &l->at.at[i];
	return NULL;
}

struct during list_during(const struct list_version *v, struct during own)
{
	return (struct during){when_known(own.from) ? own.from : v->holds.from,
		when_known(own.to) ? own.to : v->holds.to};
}
