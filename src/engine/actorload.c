#include "engine/actorload.h"

#include <stdlib.h>

#include "casedb/intel.h"
#include "casedb/knowledge.h"

enum { GROUPS_MAX = 16, UUID_BYTES = 36 };

struct source_name {
	int64_t id;
	struct str name;
};

struct loading {
	struct actors *a;
	struct casedb *db;
	struct err *err;
	VEC(struct source_name) sources;
	struct str namer;
};

static bool take_source(void *arg, const struct intel_source_row *r)
{
	struct loading *l = arg;

	*vec_push(&l->sources) =
		(struct source_name){r->id, arena_dup(&l->a->arena, r->name.n ? r->name : r->path)};
	return true;
}

static bool take_node(void *arg, int64_t source, const struct node *n)
{
	struct loading *l = arg;
	struct str name = STR("");

	for (size_t i = 0; i < l->sources.n; i++) {
		if (l->sources.at[i].id == source)
			name = l->sources.at[i].name;
	}
	actors_add_node(l->a, source, name, n);
	return true;
}

static bool take_namer(void *arg, int64_t source, const struct node *n)
{
	struct loading *l = arg;

	(void)source;
	l->namer = arena_dup(&l->a->arena, n->name);
	return false;
}

/* Who calls it so may be said by his node's id. */
static bool take_name(void *arg, int64_t source, const struct node_name *n, bool own)
{
	struct loading *l = arg;
	struct node_name named = *n;

	if (own) /* nodes have theirs */
		return true;
	l->namer = STR("");
	if (n->origin.n >= UUID_BYTES &&
		!casedb_node_find(l->db, 0, n->origin, take_namer, l, l->err))
		return false;
	if (l->namer.n)
		named.origin = l->namer;
	actors_add_name(l->a, source, &named);
	return true;
}

static bool take_edge(void *arg, int64_t source, const struct edge *e)
{
	struct loading *l = arg;

	actors_add_edge(l->a, source, e);
	return true;
}

static int cmp_source_name(const void *pa, const void *pb)
{
	const struct source_name *a = pa, *b = pb;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return str_cmp(a->name, b->name);
}

/* Names of each node once, though versions share an id. */
static bool load_names(struct loading *l, struct casedb *db, struct err *err)
{
	VEC(struct source_name) ids = {0};
	bool done = true;

	for (size_t i = 0; i < l->a->nodes.n; i++)
		*vec_push(&ids) =
			(struct source_name){l->a->nodes.at[i].source, l->a->nodes.at[i].id};
	if (ids.n)
		qsort(ids.at, ids.n, sizeof(*ids.at), cmp_source_name);
	for (size_t i = 0; done && i < ids.n; i++) {
		if (i == 0 || cmp_source_name(&ids.at[i - 1], &ids.at[i]) != 0)
			done = casedb_name_each(
				       db, ids.at[i].id, ids.at[i].name, take_name, l, err) &&
			       err->code == ERR_NONE;
	}
	vec_release(&ids);
	return done;
}

bool actors_load(struct casedb *db, struct actors *ret, struct err *err)
{
	struct loading l = {.a = ret, .db = db, .err = err};

	actors_init(ret);
	bool done = casedb_intel_source_each(db, take_source, &l, err) &&
		    casedb_node_each_of(db, NODE_ACTOR, take_node, &l, err) &&
		    load_names(&l, db, err);
	for (size_t i = 0; done && edge_same_type(i); i++)
		done = casedb_edge_each_of(db, str_of(edge_same_type(i)), take_edge, &l, err);
	vec_release(&l.sources);
	if (done)
		actors_seal(ret);
	return done;
}

size_t actors_of_text(const struct actors *a, struct str text, uint32_t *ret_groups, size_t max)
{
	size_t found = actors_find(a, text, ret_groups, max);

	if (found)
		return found;
	while (text.n) {
		size_t at = str_find(text, STR(", "));
		uint32_t more[GROUPS_MAX];
		size_t n = actors_find(a, str_trim(str_upto(text, at)), more, GROUPS_MAX);
		for (size_t i = 0; i < n; i++)
			found = actors_put_group(ret_groups, found, max, more[i]);
		text = str_from(text, at + 2);
	}
	return found;
}

/* Lines of a file mostly name the same one as the line before. */
struct last_named {
	struct buf kept; /* the text */
	uint32_t groups[GROUPS_MAX];
	size_t n;
};

static void name_groups(const struct actors *a, struct str text, struct last_named *last)
{
	if (str_eq(text, buf_view(&last->kept)))
		return;
	buf_clear(&last->kept);
	buf_str(&last->kept, text);
	last->n = actors_of_text(a, text, last->groups, GROUPS_MAX);
}

void actors_each_indicator(
	const struct actors *a, const struct intel_set *set, actor_indicator_fn fn, void *arg)
{
	struct last_named last = {.n = 0};

	for (size_t i = 0; i < set->at.n; i++) {
		const struct intel_file *file = &set->at.at[i];
		struct indicators_reader r = {.in = &file->in};
		uint32_t ordinal = UINT32_MAX;
		struct indicator in;
		while (file->in.role != INTEL_WARNING && indicators_next(&r, &ordinal, &in)) {
			if (in.actor.n == 0)
				continue;
			name_groups(a, in.actor, &last);
			if (last.n)
				fn(arg, &(struct actor_indicator){
						file, ordinal, &in, last.groups, last.n});
		}
	}
	buf_release(&last.kept);
}
