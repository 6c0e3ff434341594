#include "engine/protection.h"

#include <stdlib.h>

#include "casedb/people.h"
#include "engine/persons.h"
#include "engine/search.h"

struct protection {
	struct folder *f;
	const struct snapshot *snap;
	struct persons *persons; /* on first need */
	struct arena arena;
	VEC(struct observable) plain; /* of spoor.yaml */
	/* Rows of each segment that have an identity of a protected person, a bit each; on need. */
	uint8_t **rows;
	bool nobody; /* is protected */
};

struct protection *protection_new(struct folder *f, const struct snapshot *snap)
{
	struct protection *p = calloc(1, sizeof(*p));

	if (!p)
		BUG("out of memory");
	*p = (struct protection){.f = f, .snap = snap};
	return p;
}

void protection_free(struct protection *p)
{
	if (!p)
		return;
	for (size_t i = 0; p->rows && i < p->snap->n; i++)
		free(p->rows[i]);
	free(p->rows);
	persons_close(p->persons);
	vec_release(&p->plain);
	arena_release(&p->arena);
	free(p);
}

static bool prepare(struct protection *p, struct err *err)
{
	const struct config *c = folder_config(p->f);

	if (p->persons)
		return true;
	for (size_t i = 0; i < c->n_protected; i++) {
		struct typed types[VALUES_MAX];
		bool needs_idna;
		size_t n = value_types(&p->arena, c->protected[i], types, &needs_idna);
		for (size_t k = 0; k < n; k++)
			if (kind_is_personal((enum kind)types[k].o.kind))
				*vec_push(&p->plain) = types[k].o;
	}
	return persons_open(p->f, &p->persons, err);
}

static bool is_address(const struct typed *t)
{
	return t->o.kind == KIND_EMAIL || t->o.kind == KIND_ACCOUNT || t->o.kind == KIND_PHONE;
}

static bool is_plain(const struct protection *p, struct observable o)
{
	for (size_t i = 0; i < p->plain.n; i++)
		if (observable_eq(p->plain.at[i], o))
			return true;
	return false;
}

static bool is_person(
	struct protection *p, const struct typed *types, size_t n, bool *ret_is, struct err *err)
{
	struct numbers found = {0};
	struct arena a = {0};
	bool done = true;

	*ret_is = false;
	for (size_t i = 0; done && i < n; i++) {
		*ret_is |= is_plain(p, types[i].o);
		if (is_address(&types[i]))
			done = persons_with(p->persons, &types[i].o, 1, &found, err);
	}
	for (size_t i = 0; done && !*ret_is && i < found.at.n; i++) {
		struct person_view v;
		done = persons_view(p->persons, &a, found.at.at[i], &v, err);
		*ret_is = done && v.protected;
	}
	vec_release(&found.at);
	arena_release(&a);
	return done;
}

/* What protected persons are found by, for the join. */
struct probing {
	struct protection *p;
	struct arena arena;
	VEC(struct probe) probes;
	struct numbers persons;
	uint32_t segment;
};

static void add_probe(struct probing *g, struct observable o)
{
	*vec_push(&g->probes) = (struct probe){.key = observable_key(o), .o = o};
}

static bool note_person(void *arg, int64_t person)
{
	struct probing *g = arg;

	*vec_push(&g->persons.at) = person;
	return true;
}

static bool add_persons(struct probing *g, struct err *err)
{
	struct persons *persons = g->p->persons;
	uint32_t roles = persons_protected_roles(persons);

	if (!casedb_person_each(folder_db(g->p->f), roles, note_person, g, err))
		return false;
	for (size_t i = 0; i < g->persons.at.n; i++) {
		struct person_view v;
		if (!persons_view(persons, &g->arena, g->persons.at.at[i], &v, err))
			return false;
		for (size_t k = 0; k < v.n_holdings; k++)
			add_probe(g, v.holdings[k].o);
	}
	return true;
}

static int cmp_probe(const void *pa, const void *pb)
{
	const struct probe *a = pa, *b = pb;

	return (a->key > b->key) - (a->key < b->key);
}

enum { ROWS_AT_ONCE = 1024 };

static bool is_same(uint8_t how)
{
	return how == HOW_EXACT || how == HOW_EMAIL_ACCOUNT;
}

static bool mark_rows(void *arg, uint32_t ref, const struct seg_hit *hit)
{
	struct probing *g = arg;
	const struct segment *seg = g->p->snap->at[g->segment].seg;
	uint8_t *bits = g->p->rows[g->segment];
	uint32_t rows[ROWS_AT_ONCE], from = 0;
	size_t n;

	(void)ref;
	while (is_same(hit->how) &&
		(n = segment_postings(seg, &hit->entry, from, rows, ROWS_AT_ONCE)) > 0) {
		for (size_t i = 0; i < n; i++)
			bits[rows[i] / 8] |= (uint8_t)(1u << rows[i] % 8);
		from = rows[n - 1] + 1;
	}
	return true;
}

static bool mark_all(struct protection *p, struct err *err)
{
	struct probing g = {.p = p};
	bool done = add_persons(&g, err);

	for (size_t i = 0; i < p->plain.n; i++)
		add_probe(&g, p->plain.at[i]);
	if (g.probes.n)
		qsort(g.probes.at, g.probes.n, sizeof(*g.probes.at), cmp_probe);
	p->nobody = g.probes.n == 0;
	if (done && !p->nobody) {
		p->rows = calloc(p->snap->n + 1, sizeof(*p->rows));
		if (!p->rows)
			BUG("out of memory");
	}
	for (; done && !p->nobody && g.segment < p->snap->n; g.segment++) {
		struct seg_info info;
		segment_info(p->snap->at[g.segment].seg, &info);
		p->rows[g.segment] = calloc(info.rows / 8 + 1, 1);
		if (!p->rows[g.segment])
			BUG("out of memory");
		segment_join(p->snap->at[g.segment].seg, g.probes.at, g.probes.n, mark_rows, &g);
	}
	vec_release(&g.probes);
	vec_release(&g.persons.at);
	arena_release(&g.arena);
	return done;
}

/* Does one of the rows that hold it hold a protected identity, too? */
static bool meets(const struct protection *p, const struct found_in *in)
{
	const struct segment *seg = p->snap->at[in->segment].seg;
	const uint8_t *bits = p->rows[in->segment];
	uint32_t rows[ROWS_AT_ONCE], from = 0;
	size_t n;

	while ((n = segment_postings(seg, &in->entry, from, rows, ROWS_AT_ONCE)) > 0) {
		for (size_t i = 0; i < n; i++)
			if (bits[rows[i] / 8] & 1u << rows[i] % 8)
				return true;
		from = rows[n - 1] + 1;
	}
	return false;
}

static bool is_correspondent(
	struct protection *p, const struct typed *types, size_t n, bool *ret_is, struct err *err)
{
	struct typed addresses[VALUES_MAX];
	struct answer answer;
	size_t m = 0;
	bool done = true;

	*ret_is = false;
	for (size_t i = 0; i < n && m < VALUES_MAX; i++)
		if (is_address(&types[i]))
			addresses[m++] = types[i];
	search_types(p->snap, addresses, m, &answer);
	if (answer.found.n && !p->rows && !p->nobody)
		done = mark_all(p, err);
	for (size_t i = 0; done && !p->nobody && i < answer.found.n && !*ret_is; i++) {
		const struct found *f = &answer.found.at[i];
		for (size_t k = 0; is_same(f->how) && k < f->n_in && !*ret_is; k++)
			*ret_is = meets(p, &f->in[k]);
	}
	answer_release(&answer);
	return done;
}

bool protection_covers(struct protection *p, const struct typed *types, size_t n, enum covered *ret,
	struct err *err)
{
	bool person = false, correspondent = false;

	if (!prepare(p, err) || !is_person(p, types, n, &person, err))
		return false;
	if (!person && p->snap && !is_correspondent(p, types, n, &correspondent, err))
		return false;
	*ret = person ? COVERED_PERSON : correspondent ? COVERED_CORRESPONDENT : COVERED_NOT;
	return true;
}
