#include "engine/join.h"

#include <stdlib.h>

#include "base/hash.h"
#include "engine/lists.h"
#include "people/pack.h"

/* Which seed ids are hashed with; observables have theirs by kind and form. */
enum { ID_SEED = 0x1d };

/* What one list says of one person. */
struct node {
	int64_t said, person; /* the number that it had */
};

struct id_use {
	struct str id;
	uint32_t node;
};

struct name_use {
	struct observable o;
	struct during during;
	uint32_t node;
};

struct key_use {
	int64_t hash; /* as SQLite orders it */
	int64_t said;
};

struct joining {
	struct lists lists;
	struct arena arena, scratch;
	VEC(struct node) nodes;
	VEC(struct id_use) ids;
	VEC(struct name_use) names;
	VEC(struct key_use) keys;
	uint32_t *by_id;   /* node to a node of the same person, as far as ids say */
	uint32_t *by_name; /* … as ids and names say */
	bool damaged;
};

uint64_t join_id_hash(struct str id)
{
	return hash64(id.p, id.n, ID_SEED);
}

struct str join_id(struct arena *a, struct str list, struct str id)
{
	if (id.n == 0 || id.p[0] != ':')
		return arena_dup(a, id);
	return arena_printf(a, STR_FMT STR_FMT, STR_ARG(list), STR_ARG(id));
}

static void add_key(struct joining *j, uint64_t hash, int64_t said)
{
	*vec_push(&j->keys) = (struct key_use){(int64_t)hash, said};
}

static bool add_said(void *arg, const struct said_row *r)
{
	struct joining *j = arg;
	const struct list_version *v = lists_find(&j->lists, r->list);
	struct scan sc = scan_of(r->said);
	uint32_t node = (uint32_t)j->nodes.n;
	struct person p;

	arena_rewind(&j->scratch, (struct arena_mark){0});
	person_unpack(&j->scratch, &sc, &p);
	if (!v || !scan_ok(&sc)) {
		j->damaged = true;
		return false;
	}
	*vec_push(&j->nodes) = (struct node){r->id, r->person};
	for (uint32_t i = 0; i < p.n_ids; i++) {
		struct str id = join_id(&j->arena, v->name, p.ids[i]);
		*vec_push(&j->ids) = (struct id_use){id, node};
		add_key(j, join_id_hash(id), r->id);
	}
	for (uint32_t i = 0; i < p.n_identities; i++) {
		struct identity id = p.identities[i];
		add_key(j, observable_key(id.o), r->id);
		if (!id.sign_in)
			continue;
		id.o.v = arena_dup(&j->arena, id.o.v);
		*vec_push(&j->names) = (struct name_use){id.o, list_during(v, id.during), node};
	}
	return true;
}

/* Union and find, the lowest node being the root, so that numbers don't depend on order. */
static uint32_t root(uint32_t *up, uint32_t node)
{
	while (up[node] != node) {
		up[node] = up[up[node]];
		node = up[node];
	}
	return node;
}

static void unite(uint32_t *up, uint32_t a, uint32_t b)
{
	a = root(up, a);
	b = root(up, b);
	if (a < b)
		up[b] = a;
	else
		up[a] = b;
}

static int cmp_id(const void *pa, const void *pb)
{
	const struct id_use *a = pa, *b = pb;

	return str_cmp(a->id, b->id);
}

static void join_by_id(struct joining *j)
{
	if (j->ids.n)
		qsort(j->ids.at, j->ids.n, sizeof(*j->ids.at), cmp_id);
	for (size_t i = 1; i < j->ids.n; i++)
		if (str_eq(j->ids.at[i - 1].id, j->ids.at[i].id))
			unite(j->by_id, j->ids.at[i - 1].node, j->ids.at[i].node);
}

static int cmp_name(const void *pa, const void *pb)
{
	const struct name_use *a = pa, *b = pb;
	int c = observable_cmp(a->o, b->o);

	if (c)
		return c;
	int64_t fa = during_from(a->during), fb = during_from(b->during);
	return (fa > fb) - (fa < fb);
}

/* The same name at the same time: a chain of claims of which each meets one before. */
static void join_by_name(struct joining *j)
{
	int64_t until = INT64_MIN;

	if (j->names.n)
		qsort(j->names.at, j->names.n, sizeof(*j->names.at), cmp_name);
	for (size_t i = 0; i < j->names.n; i++) {
		const struct name_use *n = &j->names.at[i], *before = i ? n - 1 : n;
		bool same = i && observable_eq(before->o, n->o);
		if (same && during_from(n->during) < until)
			unite(j->by_name, before->node, n->node);
		int64_t to = during_to(n->during);
		until = same && until > to ? until : to;
	}
}

/* That a group has a scheme's id, by a person as ids alone make them. */
struct scheme_use {
	struct str scheme;
	uint32_t group, person;
};

static int cmp_scheme(const void *pa, const void *pb)
{
	const struct scheme_use *a = pa, *b = pb;
	int c = (a->group > b->group) - (a->group < b->group);

	if (c == 0)
		c = str_cmp(a->scheme, b->scheme);
	return c ? c : (a->person > b->person) - (a->person < b->person);
}

/* Groups in which names would make one person of two that have different ids of one scheme. */
static void refuse_names(struct joining *j, bool *ret_refused)
{
	struct scheme_use *at = calloc(j->ids.n + 1, sizeof(*at));

	if (!at)
		BUG("out of memory");
	for (size_t i = 0; i < j->ids.n; i++) {
		const struct id_use *u = &j->ids.at[i];
		at[i] = (struct scheme_use){str_upto(u->id, str_chr(u->id, ':')),
			root(j->by_name, u->node), root(j->by_id, u->node)};
	}
	qsort(at, j->ids.n, sizeof(*at), cmp_scheme);
	for (size_t i = 1; i < j->ids.n; i++)
		if (at[i - 1].group == at[i].group && at[i - 1].person != at[i].person &&
			str_eq(at[i - 1].scheme, at[i].scheme))
			ret_refused[at[i].group] = true;
	free(at);
}

static int cmp_key(const void *pa, const void *pb)
{
	const struct key_use *a = pa, *b = pb;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->said > b->said) - (a->said < b->said);
}

static bool write_keys(struct joining *j, struct casedb *db, struct err *err)
{
	if (!casedb_people_keys_clear(db, err))
		return false;
	if (j->keys.n)
		qsort(j->keys.at, j->keys.n, sizeof(*j->keys.at), cmp_key);
	for (size_t i = 0; i < j->keys.n; i++) {
		const struct key_use *k = &j->keys.at[i];
		if (i && cmp_key(k - 1, k) == 0)
			continue;
		if (!casedb_people_key_add(db, (uint64_t)k->hash, k->said, err))
			return false;
	}
	return true;
}

/* A person's number is the lowest of what is said of her. */
static bool write_persons(struct joining *j, struct casedb *db, struct err *err)
{
	bool *refused = calloc(j->nodes.n + 1, sizeof(*refused));
	bool done = true;

	if (!refused)
		BUG("out of memory");
	refuse_names(j, refused);
	for (uint32_t i = 0; done && i < j->nodes.n; i++) {
		uint32_t r = root(j->by_name, i);
		if (refused[r])
			r = root(j->by_id, i);
		int64_t person = j->nodes.at[r].said;
		if (person != j->nodes.at[i].person)
			done = casedb_said_set_person(db, j->nodes.at[i].said, person, err);
	}
	free(refused);
	return done;
}

static bool join(struct joining *j, struct folder *f, struct err *err)
{
	struct casedb *db = folder_db(f);

	if (!lists_load(db, &j->lists, err) || !casedb_said_each(db, add_said, j, err))
		return false;
	if (j->damaged)
		return err_set(err, ERR_CASE,
			"what '%s' has of lists of people is damaged: see 'spoor fsck'",
			folder_path(f));
	j->by_id = arena_array(&j->arena, j->nodes.n + 1, sizeof(*j->by_id));
	j->by_name = arena_array(&j->arena, j->nodes.n + 1, sizeof(*j->by_name));
	for (uint32_t i = 0; i < j->nodes.n; i++)
		j->by_id[i] = i;
	join_by_id(j);
	memcpy(j->by_name, j->by_id, j->nodes.n * sizeof(*j->by_id));
	join_by_name(j);
	return write_persons(j, db, err) && write_keys(j, db, err);
}

bool join_people(struct folder *f, struct err *err)
{
	struct joining j = {0};
	bool done = join(&j, f, err);

	vec_release(&j.nodes);
	vec_release(&j.ids);
	vec_release(&j.names);
	vec_release(&j.keys);
	arena_release(&j.arena);
	arena_release(&j.scratch);
	lists_release(&j.lists);
	return done;
}
