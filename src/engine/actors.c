#include "engine/actors.h"

#include <stdlib.h>

#include "base/err.h"
#include "engine/actors_given.h"

enum { SAME_IDS = 64 }; /* nodes of one id that are looked at */

void actors_init(struct actors *a)
{
	*a = (struct actors){.given = calloc(1, sizeof(*a->given))};
	if (!a->given)
		BUG("out of memory");
}

static void given_release(struct actors_given *g)
{
	if (!g)
		return;
	vec_release(&g->names);
	vec_release(&g->edges);
	vec_release(&g->same);
	vec_release(&g->by_id);
	free(g);
}

void actors_release(struct actors *a)
{
	given_release(a->given);
	vec_release(&a->nodes);
	vec_release(&a->entries);
	vec_release(&a->uses);
	vec_release(&a->names);
	vec_release(&a->by_name);
	vec_release(&a->links);
	vec_release(&a->link_names);
	vec_release(&a->groups);
	vec_release(&a->members);
	arena_release(&a->arena);
	*a = (struct actors){0};
}

void actors_add_node(struct actors *a, int64_t source, struct str source_name, const struct node *n)
{
	struct str origin = n->origin.n ? n->origin : source_name;

	if (n->type != NODE_ACTOR)
		return;
	*vec_push(&a->nodes) = (struct actor_node){.source = source,
		.id = arena_dup(&a->arena, n->id),
		.name = arena_dup(&a->arena, n->name),
		.origin = arena_dup(&a->arena, origin),
		.external = arena_dup(&a->arena, n->external),
		.created = n->created,
		.modified = n->modified,
		.revoked = n->revoked,
		.of = catalogue_of(&a->arena, origin, n->is),
		.fold = name_folded(&a->arena, n->name)};
}

void actors_add_name(struct actors *a, int64_t source, const struct node_name *n)
{
	*vec_push(&a->given->names) = (struct given_name){
		source, {arena_dup(&a->arena, n->node), arena_dup(&a->arena, n->name),
				arena_dup(&a->arena, n->origin), n->confidence}};
}

/* What edges that say that two are one are called, and how sure such a one is if it says nothing. */
static const struct {
	const char *type;
	int confidence;
	bool one; /* between two of a catalogue's own entries: they are one entry */
} sames[] = {
	{"revoked-by", 100, true}, {"duplicate-of", 95, true}, {"same-as", 95, true},
	{"alias-of", 80, true}, {"similar", 50, false}, /* anything from "overlaps" to "the same" */
};

static size_t same_index(struct str type)
{
	size_t i = 0, n = sizeof(sames) / sizeof(sames[0]);

	while (i < n && !str_eq(type, str_of(sames[i].type)))
		i++;
	return i;
}

bool edge_says_same(struct str type)
{
	return same_index(type) < sizeof(sames) / sizeof(sames[0]);
}

const char *edge_same_type(size_t i)
{
	return i < sizeof(sames) / sizeof(sames[0]) ? sames[i].type : NULL;
}

bool edge_says_one(struct str type)
{
	return edge_says_same(type) && sames[same_index(type)].one;
}

void actors_add_edge(struct actors *a, int64_t source, const struct edge *e)
{
	if (e->revoked || !edge_says_same(e->type))
		return;
	*vec_push(&a->given->edges) = (struct given_edge){source, arena_dup(&a->arena, e->from),
		arena_dup(&a->arena, e->to), arena_dup(&a->arena, e->type), e->confidence};
}

uint32_t *forest_new(size_t n)
{
	uint32_t *up = malloc((n + 1) * sizeof(*up));

	if (!up)
		BUG("out of memory");
	for (size_t i = 0; i < n; i++)
		up[i] = (uint32_t)i;
	return up;
}

uint32_t forest_root(uint32_t *up, uint32_t i)
{
	while (up[i] != i)
		i = up[i] = up[up[i]];
	return i;
}

void forest_unite(uint32_t *up, uint32_t a, uint32_t b)
{
	a = forest_root(up, a);
	b = forest_root(up, b);
	if (a < b)
		up[b] = a;
	else
		up[a] = b;
}

struct str id_key(struct str id)
{
	size_t at = str_find(id, STR("--"));

	return at + 2 < id.n ? str_from(id, at + 2) : id;
}

/* First of the nodes whose key isn't below that one. */
static size_t lower_id(const struct actors *a, struct str key)
{
	size_t from = 0, to = a->given->by_id.n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (str_cmp(id_key(a->nodes.at[a->given->by_id.at[mid]].id), key) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

uint32_t entry_of_id(const struct actors *a, int64_t source, struct str id)
{
	struct str key = id_key(id);
	uint32_t found = UINT32_MAX, here = UINT32_MAX;

	size_t first = lower_id(a, key);
	for (size_t i = first; i < a->given->by_id.n && i - first < SAME_IDS; i++) {
		const struct actor_node *n = &a->nodes.at[a->given->by_id.at[i]];
		if (!str_eq(id_key(n->id), key))
			break;
		if (n->source == source && n->entry < here)
			here = n->entry;
		if (n->entry < found)
			found = n->entry;
	}
	return here != UINT32_MAX ? here : found;
}

/* Edges between entries; what a catalogue says of its own ones was used when they were made. */
static void take_edges(struct actors *a)
{
	struct actors_given *g = a->given;

	for (size_t i = 0; i < g->edges.n; i++) {
		const struct given_edge *e = &g->edges.at[i];
		uint32_t from = entry_of_id(a, e->source, e->from),
			 to = entry_of_id(a, e->source, e->to);
		if (from == UINT32_MAX || to == UINT32_MAX || from == to)
			continue;
		const struct actor_entry *by = &a->entries.at[from];
		*vec_push(&g->same) = (struct said_same){.a = from < to ? from : to,
			.b = from < to ? to : from,
			.confidence = e->confidence >= 0 ? e->confidence
							 : sames[same_index(e->type)].confidence,
			.origin = by->of.publisher,
			.by = by->catalogue,
			.type = e->type};
	}
}

void actors_seal(struct actors *a)
{
	actors_make_entries(a);
	actors_make_uses(a);
	take_edges(a);
	actors_make_links(a);
	actors_make_groups(a);
}

size_t actors_put_group(uint32_t *groups, size_t n, size_t max, uint32_t group)
{
	size_t i = 0;

	while (i < n && groups[i] < group)
		i++;
	if ((i < n && groups[i] == group) || n == max)
		return n;
	memmove(&groups[i + 1], &groups[i], (n - i) * sizeof(*groups));
	groups[i] = group;
	return n + 1;
}

const struct actor_name *actors_name(const struct actors *a, struct str text)
{
	struct buf b = {0};
	size_t from = 0, to = a->names.n;

	name_fold(text, &b);
	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (str_cmp(a->names.at[mid].fold, buf_view(&b)) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	bool found = b.n && from < a->names.n && str_eq(a->names.at[from].fold, buf_view(&b));
	buf_release(&b);
	return found ? &a->names.at[from] : NULL;
}

size_t actors_of_name(
	const struct actors *a, const struct actor_name *n, uint32_t *ret_groups, size_t max)
{
	size_t found = 0;

	for (uint32_t i = 0; i < n->n_uses; i++) {
		const struct actor_use *u = &a->uses.at[a->by_name.at[n->first_use + i]];
		found = actors_put_group(ret_groups, found, max, a->entries.at[u->entry].group);
	}
	return found;
}

size_t actors_find(const struct actors *a, struct str text, uint32_t *ret_groups, size_t max)
{
	const struct actor_name *n = actors_name(a, text);
	size_t found = 0;

	if (n)
		return actors_of_name(a, n, ret_groups, max);
	for (size_t i = 0; i < a->nodes.n; i++) {
		if (text.n && str_eq(a->nodes.at[i].id, text))
			found = actors_put_group(
				ret_groups, found, max, a->entries.at[a->nodes.at[i].entry].group);
	}
	return found;
}

uint32_t actors_other(const struct actors *a, const struct actor_link *k, uint32_t group)
{
	uint32_t of_a = a->entries.at[k->a].group;

	return of_a == group ? a->entries.at[k->b].group : of_a;
}

static int cmp_link(const void *pa, const void *pb, void *arg)
{
	const struct actors *a = arg;
	uint32_t x = *(const uint32_t *)pa, y = *(const uint32_t *)pb;
	const struct actor_link *k = &a->links.at[x], *l = &a->links.at[y];

	if (k->state != l->state)
		return k->state == ACTOR_CONTESTED ? -1 : 1;
	if (k->n_names != l->n_names)
		return k->n_names > l->n_names ? -1 : 1;
	return (x > y) - (x < y);
}

void actors_links_of(const struct actors *a, uint32_t group, struct actor_links *ret)
{
	*ret = (struct actor_links){0};
	for (uint32_t i = 0; i < a->links.n; i++) {
		const struct actor_link *k = &a->links.at[i];
		uint32_t x = a->entries.at[k->a].group, y = a->entries.at[k->b].group;
		if (x != y && (x == group || y == group))
			*vec_push(ret) = i;
	}
	if (ret->n)
		qsort_r(ret->at, ret->n, sizeof(*ret->at), cmp_link, (void *)(uintptr_t)a);
}

uint32_t actors_use_of(const struct actors *a, uint32_t entry, uint32_t name)
{
	const struct actor_entry *e = &a->entries.at[entry];
	uint32_t from = e->first_use, to = e->first_use + e->n_uses;

	while (from < to) {
		uint32_t mid = from + (to - from) / 2;
		if (a->uses.at[mid].name < name)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}
