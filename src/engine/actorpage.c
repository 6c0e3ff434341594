#include "engine/actorpage.h"

#include <stdlib.h>

#include "casedb/knowledge.h"

/* What an edge says, before it is known in how many catalogues it stands. */
struct related {
	enum actor_part part;
	struct str key; /* by which it is the same elsewhere */
	struct str name, external, is, catalogue;
	int64_t source;
	struct str id;
};

struct relating {
	const struct actors *a;
	struct casedb *db;
	struct arena *arena;
	struct err *err;
	struct actor_page *page; /* NULL: only things are counted */
	struct str self;         /* the node whose edges are walked */
	struct str catalogue;    /* whose edges they are */
	struct str relation;
	int64_t source;
	VEC(struct related) all;
	uint64_t nowhere;
	bool found, done;
	size_t other; /* in all, + 1: what the edge leads to */
	struct when newest;
};

static bool part_of(const struct node *n, struct str relation, enum actor_part *ret)
{
	static const struct {
		enum node_type type;
		enum actor_part part;
	} parts[] = {{NODE_TECHNIQUE, ACTOR_TECHNIQUES}, {NODE_MALWARE, ACTOR_SOFTWARE},
		{NODE_TOOL, ACTOR_SOFTWARE}, {NODE_CAMPAIGN, ACTOR_CAMPAIGNS}};

	*ret = ACTOR_TARGETS;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (parts[i].type != n->type)
			continue;
		*ret = parts[i].part;
		return true;
	}
	return str_eq(relation, STR("targets"));
}

/* Of several versions the newest. */
static bool take_other(void *arg, int64_t source, const struct node *n)
{
	struct relating *r = arg;
	enum actor_part part;

	r->found = true;
	if (n->revoked || !part_of(n, r->relation, &part))
		return true;
	if (r->other && (n->modified.us < r->newest.us ||
				(n->modified.us == r->newest.us &&
					str_cmp(n->name, r->all.at[r->other - 1].name) >= 0)))
		return true;
	if (!r->other) {
		vec_push(&r->all);
		r->other = r->all.n;
	}
	r->newest = n->modified;
	struct str key = part == ACTOR_TECHNIQUES && n->external.n ? n->external : n->name;
	r->all.at[r->other - 1] = (struct related){.part = part,
		.key = name_folded(r->arena, key),
		.name = arena_dup(r->arena, n->name),
		.external = arena_dup(r->arena, n->external),
		.is = str_of(node_type_name(n->type)),
		.catalogue = r->catalogue,
		.source = source,
		.id = arena_dup(r->arena, n->id)};
	return true;
}

/*
 * What an edge leads to may be nothing but its id: "sector:energy", which a reader makes of a name
 * that its source doesn't describe.
 */
static bool take_named(struct relating *r, int64_t source, struct str id)
{
	size_t colon = str_chr(id, ':');
	enum node_type type;

	if (colon == id.n || !node_type_by_name(str_upto(id, colon), &type))
		return false;
	struct node n = {.type = type,
		.id = id,
		.name = str_from(id, colon + 1),
		.external = STR(""),
		.modified = WHEN_NONE};
	return take_other(r, source, &n);
}

/* "actor:NAME": its reader has no ids but names. */
static bool is_unlike(struct relating *r, const struct edge *e)
{
	size_t colon = str_chr(e->to, ':');

	if (!str_eq(e->type, STR("confused-with")))
		return false;
	if (r->page && str_eq(e->from, r->self))
		*vec_push(&r->page->unlike) = (struct actor_unlike){
			.name = arena_dup(
				r->arena, colon < e->to.n ? str_from(e->to, colon + 1) : e->to),
			.why = arena_dup(r->arena, e->description),
			.catalogue = r->catalogue};
	return true;
}

/* In the same source, else anywhere. */
static bool take_edge(void *arg, int64_t source, const struct edge *e)
{
	struct relating *r = arg;
	struct str other = str_eq(e->from, r->self) ? e->to : e->from;

	if (e->revoked || edge_says_same(e->type) || is_unlike(r, e))
		return true;
	r->relation = e->type;
	r->found = false;
	r->other = 0;
	r->done = casedb_node_find(r->db, source, other, take_other, r, r->err) &&
		  (r->found || casedb_node_find(r->db, 0, other, take_other, r, r->err));
	r->nowhere += r->done && !r->found && !take_named(r, source, other);
	return r->done;
}

static bool relate_group(struct relating *r, uint32_t group)
{
	const struct actor_group *g = &r->a->groups.at[group];

	r->done = true;
	for (uint32_t i = 0; i < g->n_entries; i++) {
		const struct actor_entry *e =
			&r->a->entries.at[r->a->members.at[g->first_entry + i]];
		r->catalogue = e->catalogue;
		for (uint32_t k = e->first_node; k < e->first_node + e->n_nodes; k++) {
			const struct actor_node *n = &r->a->nodes.at[k];
			r->self = n->id;
			if (!casedb_edge_from(r->db, n->source, n->id, take_edge, r, r->err) ||
				!r->done ||
				!casedb_edge_to(r->db, n->source, n->id, take_edge, r, r->err) ||
				!r->done)
				return false;
		}
	}
	return true;
}

static int cmp_related(const void *pa, const void *pb)
{
	const struct related *a = pa, *b = pb;
	int c = (a->part > b->part) - (a->part < b->part);

	if (c == 0)
		c = str_cmp(a->key, b->key);
	if (c == 0)
		c = str_cmp(a->catalogue, b->catalogue);
	if (c == 0)
		c = str_cmp(a->id, b->id);
	return c ? c : str_cmp(a->name, b->name);
}

static bool is_same_thing(const struct related *a, const struct related *b)
{
	return a->part == b->part && str_eq(a->key, b->key);
}

static void sort_related(struct relating *r)
{
	if (r->all.n)
		qsort(r->all.at, r->all.n, sizeof(*r->all.at), cmp_related);
}

struct phases {
	struct buf text;
};

static bool take_phase(void *arg, int64_t source, const struct edge *e)
{
	struct phases *p = arg;

	(void)source;
	if (!str_eq(e->type, STR("phase")))
		return true;
	size_t slash = str_chr(e->to, '/');
	if (p->text.n)
		buf_str(&p->text, STR(", "));
	buf_str(&p->text, slash < e->to.n ? str_from(e->to, slash + 1) : e->to);
	return true;
}

static bool find_phases(struct relating *r, const struct related *first, struct actor_thing *t)
{
	struct phases p = {0};

	t->phases = STR("");
	if (first->part != ACTOR_TECHNIQUES)
		return true;
	bool done = casedb_edge_from(r->db, first->source, first->id, take_phase, &p, r->err);
	t->phases = arena_dup(r->arena, buf_view(&p.text));
	buf_release(&p.text);
	return done;
}

static bool make_things(struct relating *r, struct actor_page *p)
{
	sort_related(r);
	for (size_t i = 0; i < r->all.n; i++) {
		const struct related *o = &r->all.at[i];
		if (i == 0 || !is_same_thing(o - 1, o)) {
			*vec_push(&p->things) = (struct actor_thing){.part = o->part,
				.name = o->name,
				.external = o->external,
				.is = o->is};
			if (!find_phases(r, o, &p->things.at[p->things.n - 1]))
				return false;
		}
		struct actor_thing *t = &p->things.at[p->things.n - 1];
		if (t->external.n == 0)
			t->external = o->external;
		if (t->said_by.n == 0 || !str_eq(t->said_by.at[t->said_by.n - 1], o->catalogue))
			*vec_push(&t->said_by) = o->catalogue;
	}
	return true;
}

bool actor_page_load(const struct actors *a, uint32_t group, struct folder *f,
	struct actor_page *ret, struct err *err)
{
	*ret = (struct actor_page){.first = INT64_MIN, .last = INT64_MIN};
	struct relating r = {
		.a = a, .db = folder_db(f), .arena = &ret->arena, .err = err, .page = ret};
	struct intel_set set;

	if (!intel_set_open(f, &set, err))
		return false;
	bool done = relate_group(&r, group) && make_things(&r, ret) &&
		    actor_page_indicators(a, group, f, &set, ret, err) &&
		    actor_page_claims(a, group, f, &set, ret, err);
	ret->nowhere = r.nowhere;
	vec_release(&r.all);
	intel_set_close(&set);
	return done;
}

void actor_page_release(struct actor_page *p)
{
	for (size_t i = 0; i < p->things.n; i++)
		vec_release(&p->things.at[i].said_by);
	vec_release(&p->things);
	vec_release(&p->indicators);
	vec_release(&p->unlike);
	vec_release(&p->claims);
	arena_release(&p->arena);
}

bool actors_count_techniques(
	const struct actors *a, struct casedb *db, struct actor_count *ret, struct err *err)
{
	bool done = true;

	for (uint32_t g = 0; done && g < a->groups.n; g++) {
		struct arena arena = {0};
		struct relating r = {.a = a, .db = db, .arena = &arena, .err = err};
		done = relate_group(&r, g);
		sort_related(&r);
		for (size_t i = 0; i < r.all.n; i++)
			ret[g].techniques +=
				r.all.at[i].part == ACTOR_TECHNIQUES &&
				(i == 0 || !is_same_thing(&r.all.at[i - 1], &r.all.at[i]));
		vec_release(&r.all);
		arena_release(&arena);
	}
	return done;
}
