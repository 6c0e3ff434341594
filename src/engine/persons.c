#include "engine/persons.h"

#include <stdlib.h>

#include "engine/join.h"
#include "engine/view.h"
#include "people/pack.h"

struct persons {
	struct folder *f;
	struct lists lists;
	uint32_t protected_roles;
};

bool persons_open(struct folder *f, struct persons **ret_p, struct err *err)
{
	struct persons *p = calloc(1, sizeof(*p));
	const struct config *c = folder_config(f);

	if (!p)
		BUG("out of memory");
	p->f = f;
	p->protected_roles = c->protected_roles | SAID_PROTECT;
	if (!lists_load(folder_db(f), &p->lists, err)) {
		free(p);
		return false;
	}
	*ret_p = p;
	return true;
}

void persons_close(struct persons *p)
{
	if (!p)
		return;
	lists_release(&p->lists);
	free(p);
}

uint32_t persons_protected_roles(const struct persons *p)
{
	return p->protected_roles;
}

/* What all lists say of one person, as it comes out of the catalogue. */
struct gathering {
	struct persons *p;
	struct arena *a;
	int64_t number;
	VEC(struct view_part) parts;
	bool damaged;
	person_view_fn fn; /* of persons_each */
	void *arg;
	bool stopped;
};

static bool add_part(struct gathering *g, const struct said_row *r)
{
	const struct list_version *list = lists_find(&g->p->lists, r->list);
	struct str said = arena_dup(g->a, r->said);
	struct scan sc = scan_of(said);
	struct view_part part = {.list = list, .roles = r->roles};

	person_unpack(g->a, &sc, &part.said);
	g->damaged = !list || !scan_ok(&sc);
	if (!g->damaged)
		*vec_push(&g->parts) = part;
	return !g->damaged;
}

static void make(struct gathering *g, struct person_view *ret)
{
	view_make(g->a, g->parts.at, g->parts.n, ret);
	ret->number = g->number;
	ret->protected = ret->said & g->p->protected_roles;
}

static bool damaged(const struct persons *p, struct err *err)
{
	return err_set(err, ERR_CASE,
		"what '%s' has of lists of people is damaged: see 'spoor fsck'", folder_path(p->f));
}

static bool gather_one(void *arg, const struct said_row *r)
{
	return add_part(arg, r);
}

bool persons_view(struct persons *p, struct arena *a, int64_t number, struct person_view *ret,
	struct err *err)
{
	struct gathering g = {.p = p, .a = a, .number = number};
	bool done = casedb_said_of(folder_db(p->f), number, gather_one, &g, err);

	if (done && (g.damaged || g.parts.n == 0))
		done = damaged(p, err);
	if (done)
		make(&g, ret);
	vec_release(&g.parts);
	return done;
}

static void hand_out(struct gathering *g)
{
	struct person_view v;

	if (!g->parts.n)
		return;
	make(g, &v);
	g->stopped = !g->fn(g->arg, &v);
	g->parts.n = 0;
	arena_rewind(g->a, (struct arena_mark){0});
}

static bool gather_each(void *arg, const struct said_row *r)
{
	struct gathering *g = arg;

	if (r->person != g->number)
		hand_out(g);
	g->number = r->person;
	return !g->stopped && add_part(g, r);
}

bool persons_each(struct persons *p, person_view_fn fn, void *arg, struct err *err)
{
	struct arena a = {0};
	struct gathering g = {.p = p, .a = &a, .fn = fn, .arg = arg};
	bool done = casedb_said_by_person(folder_db(p->f), gather_each, &g, err);

	if (done && g.damaged)
		done = damaged(p, err);
	if (done && !g.stopped)
		hand_out(&g);
	vec_release(&g.parts);
	arena_release(&a);
	return done;
}

/* Which persons a hash leads to: only those that have what was asked for itself. */
struct finding {
	struct persons *p;
	struct arena arena;
	const struct observable *o; /* or: */
	struct str id;
	struct numbers *found;
	bool damaged;
};

static bool says(struct finding *q, const struct list_version *list, const struct person *said)
{
	for (uint32_t i = 0; q->o && i < said->n_identities; i++)
		if (observable_eq(said->identities[i].o, *q->o))
			return true;
	for (uint32_t i = 0; !q->o && i < said->n_ids; i++)
		if (str_eq(join_id(&q->arena, list->name, said->ids[i]), q->id))
			return true;
	return false;
}

static bool found(void *arg, const struct said_row *r)
{
	struct finding *q = arg;
	const struct list_version *list = lists_find(&q->p->lists, r->list);
	struct scan sc = scan_of(r->said);
	struct person said;

	arena_rewind(&q->arena, (struct arena_mark){0});
	person_unpack(&q->arena, &sc, &said);
	q->damaged = !list || !scan_ok(&sc);
	if (q->damaged || !says(q, list, &said))
		return !q->damaged;
	for (size_t i = 0; i < q->found->at.n; i++)
		if (q->found->at.at[i] == r->person)
			return true;
	*vec_push(&q->found->at) = r->person;
	return true;
}

static bool look_up(struct finding *q, uint64_t hash, struct err *err)
{
	bool done = casedb_people_key_each(folder_db(q->p->f), hash, found, q, err);

	arena_release(&q->arena);
	return done && (!q->damaged || damaged(q->p, err));
}

bool persons_with(struct persons *p, const struct observable *o, size_t n,
	struct numbers *inout_numbers, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		struct finding q = {.p = p, .o = &o[i], .found = inout_numbers};
		if (!look_up(&q, observable_key(o[i]), err))
			return false;
	}
	return true;
}

bool persons_with_id(
	struct persons *p, struct str id, struct numbers *inout_numbers, struct err *err)
{
	struct finding q = {.p = p, .id = id, .found = inout_numbers};

	return look_up(&q, join_id_hash(id), err);
}
