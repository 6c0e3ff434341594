/* From nodes to what one catalogue calls one actor, and the names that it uses. */
#include <stdlib.h>

#include "base/err.h"
#include "engine/actors_given.h"

static int cmp_when(struct when a, struct when b)
{
	return (a.us > b.us) - (a.us < b.us);
}

/* By all that is stated, so that the order of sources is no matter. */
static int cmp_stated(const struct actor_node *a, const struct actor_node *b)
{
	int c = str_cmp(a->of.fold, b->of.fold);

	if (c == 0)
		c = str_cmp(a->id, b->id);
	if (c == 0)
		c = str_cmp(a->name, b->name);
	if (c == 0)
		c = cmp_when(a->modified, b->modified);
	if (c == 0)
		c = str_cmp(a->external, b->external);
	return c ? c : (a->revoked > b->revoked) - (a->revoked < b->revoked);
}

static int cmp_node(const void *pa, const void *pb)
{
	const struct actor_node *a = pa, *b = pb;
	int c = cmp_stated(a, b);

	return c ? c : (a->source > b->source) - (a->source < b->source);
}

static int cmp_fold(const void *pa, const void *pb, void *arg)
{
	const struct actor_node *nodes = arg;
	const struct actor_node *a = &nodes[*(const uint32_t *)pa],
				*b = &nodes[*(const uint32_t *)pb];
	int c = str_cmp(a->of.fold, b->of.fold);

	return c ? c : str_cmp(a->fold, b->fold);
}

static int cmp_id(const void *pa, const void *pb, void *arg)
{
	const struct actor_node *nodes = arg;
	const struct actor_node *a = &nodes[*(const uint32_t *)pa],
				*b = &nodes[*(const uint32_t *)pb];
	int c = str_cmp(id_key(a->id), id_key(b->id));

	if (c == 0)
		c = (a->entry > b->entry) - (a->entry < b->entry);
	return c ? c : (a->source > b->source) - (a->source < b->source);
}

/* Numbers of nodes, in an order. */
static void index_nodes(struct actors *a, int (*cmp)(const void *, const void *, void *))
{
	a->given->by_id.n = 0;
	for (uint32_t i = 0; i < a->nodes.n; i++)
		*vec_push(&a->given->by_id) = i;
	if (a->nodes.n)
		qsort_r(a->given->by_id.at, a->nodes.n, sizeof(uint32_t), cmp, a->nodes.at);
}

static bool is_same_catalogue(const struct actor_node *a, const struct actor_node *b)
{
	return str_eq(a->of.fold, b->of.fold);
}

/* One id, or one main name, in one catalogue. */
static void unite_nodes(struct actors *a, uint32_t *up)
{
	for (uint32_t i = 1; i < a->nodes.n; i++) {
		const struct actor_node *n = &a->nodes.at[i];
		if (n->id.n && is_same_catalogue(n, n - 1) && str_eq(n->id, n[-1].id))
			forest_unite(up, i - 1, i);
	}
	index_nodes(a, cmp_fold);
	for (size_t i = 1; i < a->nodes.n; i++) {
		uint32_t at = a->given->by_id.at[i], before = a->given->by_id.at[i - 1];
		const struct actor_node *n = &a->nodes.at[at], *b = &a->nodes.at[before];
		if (is_same_catalogue(n, b) && str_eq(n->fold, b->fold) &&
			!name_is_generic(n->fold))
			forest_unite(up, before, at);
	}
}

/* What a catalogue says of two of its own. */
static void unite_said(struct actors *a, uint32_t *up)
{
	for (uint32_t i = 0; i < a->nodes.n; i++)
		a->nodes.at[i].entry = i; /* for entry_of_id, until there are entries */
	index_nodes(a, cmp_id);
	for (size_t i = 0; i < a->given->edges.n; i++) {
		const struct given_edge *e = &a->given->edges.at[i];
		uint32_t from = entry_of_id(a, e->source, e->from),
			 to = entry_of_id(a, e->source, e->to);
		if (edge_says_one(e->type) && from != UINT32_MAX && to != UINT32_MAX &&
			is_same_catalogue(&a->nodes.at[from], &a->nodes.at[to]))
			forest_unite(up, from, to);
	}
}

/* The newest version names it; one that is withdrawn only where no other is there. */
static bool names_better(const struct actor_node *n, const struct actor_node *than)
{
	if (n->revoked != than->revoked)
		return !n->revoked;
	int c = cmp_when(n->modified, than->modified);
	return c ? c > 0 : cmp_stated(n, than) < 0;
}

static void add_node(struct actor_entry *e, const struct actor_node *n)
{
	if (when_known(n->created) && (!when_known(e->since) || cmp_when(n->created, e->since) < 0))
		e->since = n->created;
	if (when_known(n->modified) &&
		(!when_known(e->modified) || cmp_when(n->modified, e->modified) > 0))
		e->modified = n->modified;
	e->withdrawn = e->withdrawn && n->revoked;
	if (e->external.n == 0 || (n->external.n && str_cmp(n->external, e->external) < 0))
		e->external = n->external;
}

static uint32_t new_entry(struct actors *a, const struct actor_node *n)
{
	*vec_push(&a->entries) = (struct actor_entry){.catalogue = n->origin,
		.of = n->of,
		.external = STR(""),
		.since = WHEN_NONE,
		.modified = WHEN_NONE,
		.withdrawn = true};
	return (uint32_t)(a->entries.n - 1);
}

static int cmp_entry(const void *pa, const void *pb)
{
	const struct actor_node *a = pa, *b = pb;

	if (a->entry != b->entry)
		return a->entry < b->entry ? -1 : 1;
	return cmp_node(pa, pb);
}

void actors_make_entries(struct actors *a)
{
	if (a->nodes.n)
		qsort(a->nodes.at, a->nodes.n, sizeof(*a->nodes.at), cmp_node);
	uint32_t *up = forest_new(a->nodes.n), *best = forest_new(a->nodes.n);

	unite_nodes(a, up);
	unite_said(a, up);
	for (uint32_t i = 0; i < a->nodes.n; i++) { /* a root is the first of its kind */
		uint32_t r = forest_root(up, i);
		struct actor_node *n = &a->nodes.at[i];
		n->entry = r == i ? new_entry(a, n) : a->nodes.at[r].entry;
		add_node(&a->entries.at[n->entry], n);
		if (names_better(n, &a->nodes.at[best[r]]))
			best[r] = i;
	}
	for (uint32_t i = 0; i < a->nodes.n; i++) {
		struct actor_entry *e = &a->entries.at[a->nodes.at[i].entry];
		e->name = a->nodes.at[best[forest_root(up, i)]].name;
		e->fold = a->nodes.at[best[forest_root(up, i)]].fold;
	}
	free(best);
	free(up);
	if (a->nodes.n)
		qsort(a->nodes.at, a->nodes.n, sizeof(*a->nodes.at), cmp_entry);
	for (uint32_t i = 0; i < a->nodes.n; i++) {
		struct actor_entry *e = &a->entries.at[a->nodes.at[i].entry];
		if (e->n_nodes++ == 0)
			e->first_node = i;
	}
	index_nodes(a, cmp_id);
}
