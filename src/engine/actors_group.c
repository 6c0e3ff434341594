/* Links, the strongest first, to groups; what would make one of two that are kept apart. */
#include <stdlib.h>

#include "base/err.h"
#include "engine/actors_given.h"

enum {
	STRENGTHS = 32,   /* names in common beyond that count alike */
	LEAF_ROUNDS = 16, /* how long a chain of innocent links is followed */
	USES_WEIGHED = 256
};

/* What may be in a trial group but once: an entry of a catalogue, or a group that has an anchor. */
struct kept_apart {
	uint32_t trial, root;
	struct str by; /* the catalogue; "" of anchors */
};

struct grouping {
	struct actors *a;
	uint32_t *up;    /* what stronger links joined */
	uint32_t *trial; /* … and those of this strength, were all made */
	uint32_t *meets; /* by root in up: links of this strength that lead out of it */
	bool *torn;      /* by root in up: its catalogue keeps it apart from another one in trial */
	bool *bad;       /* by root in trial: holds torn ones */
	VEC(uint32_t) open; /* links of this strength that are neither made nor contested yet */
	VEC(struct kept_apart) apart;
	bool anchored; /* anchors have been joined among themselves: nobody else does it */
};

static unsigned strength(const struct actor_link *k)
{
	unsigned n = k->n_clear + k->said;

	if (k->main_name)
		return STRENGTHS + 1;
	return n < STRENGTHS ? n : STRENGTHS;
}

static int cmp_apart(const void *pa, const void *pb)
{
	const struct kept_apart *x = pa, *y = pb;

	if (x->trial != y->trial)
		return x->trial < y->trial ? -1 : 1;
	int c = str_cmp(x->by, y->by);
	return c ? c : (x->root > y->root) - (x->root < y->root);
}

static void find_torn(struct grouping *g)
{
	for (size_t i = 1; i < g->apart.n; i++) {
		const struct kept_apart *x = &g->apart.at[i - 1], *y = &g->apart.at[i];
		if (x->trial != y->trial || x->root == y->root || !str_eq(x->by, y->by))
			continue;
		g->torn[x->root] = g->torn[y->root] = true;
		g->bad[x->trial] = true;
	}
}

static void try_all(struct grouping *g)
{
	struct actors *a = g->a;

	memcpy(g->trial, g->up, a->entries.n * sizeof(*g->trial));
	memset(g->torn, 0, a->entries.n * sizeof(*g->torn));
	memset(g->bad, 0, a->entries.n * sizeof(*g->bad));
	for (size_t i = 0; i < g->open.n; i++)
		forest_unite(g->trial, a->links.at[g->open.at[i]].a, a->links.at[g->open.at[i]].b);
	g->apart.n = 0;
	for (uint32_t i = 0; i < a->entries.n; i++) {
		const struct actor_entry *e = &a->entries.at[i];
		struct kept_apart k = {forest_root(g->trial, i), forest_root(g->up, i), e->of.fold};
		if (e->withdrawn || !e->of.apart)
			continue;
		*vec_push(&g->apart) = k;
		k.by = STR("");
		if (g->anchored && e->of.anchor)
			*vec_push(&g->apart) = k;
	}
	if (g->apart.n)
		qsort(g->apart.at, g->apart.n, sizeof(*g->apart.at), cmp_apart);
	find_torn(g);
}

struct ends {
	uint32_t a, b;
};

static struct ends ends_of(struct grouping *g, uint32_t link)
{
	uint32_t a = forest_root(g->up, g->a->links.at[link].a),
		 b = forest_root(g->up, g->a->links.at[link].b);

	return a < b ? (struct ends){a, b} : (struct ends){b, a};
}

/* Makes the links that pass; keeps the others open. */
static size_t make(struct grouping *g, bool (*passes)(struct grouping *, struct ends))
{
	VEC(uint32_t) made = {0};
	size_t n = 0;

	for (size_t i = 0; i < g->open.n; i++) {
		uint32_t link = g->open.at[i];
		struct ends e = ends_of(g, link);
		if (e.a == e.b || passes(g, e))
			*vec_push(&made) = link;
		else
			g->open.at[n++] = link;
	}
	g->open.n = n;
	for (size_t i = 0; i < made.n; i++)
		forest_unite(g->up, g->a->links.at[made.at[i]].a, g->a->links.at[made.at[i]].b);
	n = made.n;
	vec_release(&made);
	return n;
}

static bool is_harmless(struct grouping *g, struct ends e)
{
	return !g->bad[forest_root(g->trial, e.a)];
}

/* Whoever hangs on one link and is torn by nobody does no harm. */
static bool is_leaf(struct grouping *g, struct ends e)
{
	return (g->meets[e.a] == 1 && !g->torn[e.a]) || (g->meets[e.b] == 1 && !g->torn[e.b]);
}

static int cmp_ends(const void *pa, const void *pb)
{
	const struct ends *a = pa, *b = pb;

	if (a->a != b->a)
		return a->a < b->a ? -1 : 1;
	return (a->b > b->b) - (a->b < b->b);
}

/* Counts how many others each one meets; several links between two are one. */
static void count_meetings(struct grouping *g)
{
	VEC(struct ends) all = {0};

	memset(g->meets, 0, g->a->entries.n * sizeof(*g->meets));
	for (size_t i = 0; i < g->open.n; i++)
		*vec_push(&all) = ends_of(g, g->open.at[i]);
	if (all.n)
		qsort(all.at, all.n, sizeof(*all.at), cmp_ends);
	for (size_t i = 0; i < all.n; i++) {
		if (all.at[i].a == all.at[i].b || (i && cmp_ends(&all.at[i - 1], &all.at[i]) == 0))
			continue;
		g->meets[all.at[i].a]++;
		g->meets[all.at[i].b]++;
	}
	vec_release(&all);
}

static void join_strength(struct grouping *g)
{
	try_all(g);
	make(g, is_harmless);
	for (int i = 0; i < LEAF_ROUNDS && g->open.n; i++) {
		try_all(g);
		count_meetings(g);
		if (make(g, is_leaf) == 0)
			break;
	}
	for (size_t i = 0; i < g->open.n; i++)
		g->a->links.at[g->open.at[i]].state = ACTOR_CONTESTED;
}

static bool is_of_anchors(const struct actors *a, const struct actor_link *k)
{
	return a->entries.at[k->a].of.anchor && a->entries.at[k->b].of.anchor;
}

static void join_from_strongest(struct grouping *g, bool anchors)
{
	g->anchored = !anchors;
	for (unsigned s = STRENGTHS + 2; s-- > 0;) {
		g->open.n = 0;
		for (uint32_t i = 0; i < g->a->links.n; i++) {
			const struct actor_link *k = &g->a->links.at[i];
			if (k->state == ACTOR_JOINED && strength(k) == s &&
				is_of_anchors(g->a, k) == anchors)
				*vec_push(&g->open) = i;
		}
		if (g->open.n)
			join_strength(g);
	}
}

static void join_links(struct grouping *g)
{
	join_from_strongest(g, true);
	join_from_strongest(g, false);
	for (size_t i = 0; i < g->a->links.n; i++) {
		struct actor_link *k = &g->a->links.at[i];
		if (forest_root(g->up, k->a) == forest_root(g->up, k->b))
			k->state = ACTOR_JOINED;
	}
}

/* Groups in the order of their first entries. */
static void number_groups(struct actors *a, uint32_t *up)
{
	for (uint32_t i = 0; i < a->entries.n; i++) {
		uint32_t r = forest_root(up, i); /* the first of its group */
		if (r == i) {
			a->entries.at[i].group = (uint32_t)a->groups.n;
			*vec_push(&a->groups) = (struct actor_group){.name = STR("")};
		}
		a->entries.at[i].group = a->entries.at[r].group;
		a->groups.at[a->entries.at[i].group].n_entries++;
		*vec_push(&a->members) = i;
	}
	for (uint32_t i = 0, at = 0; i < a->groups.n; i++) {
		a->groups.at[i].first_entry = at;
		at += a->groups.at[i].n_entries;
		a->groups.at[i].n_entries = 0;
	}
	for (uint32_t i = 0; i < a->entries.n; i++) {
		struct actor_group *g = &a->groups.at[a->entries.at[i].group];
		a->members.at[g->first_entry + g->n_entries++] = i;
	}
}

/* Does it stand at two entries of one catalogue, or at more than anybody can tell apart? */
static bool is_shared_at_home(const struct actors *a, const struct actor_name *n)
{
	uint32_t seen[ACTOR_NAME_ENTRIES];
	uint32_t found = 0;

	for (uint32_t i = n->first_use; i < n->first_use + n->n_uses; i++) {
		uint32_t e = a->uses.at[a->by_name.at[i]].entry;
		if (a->entries.at[e].withdrawn || (found && seen[found - 1] == e))
			continue;
		for (uint32_t k = 0; k < found; k++) {
			if (str_eq(a->entries.at[seen[k]].of.fold, a->entries.at[e].of.fold))
				return true;
		}
		if (found == ACTOR_NAME_ENTRIES)
			return true;
		seen[found++] = e;
	}
	return false;
}

static bool fits_several(const struct actors *a, const struct actor_name *n)
{
	uint32_t group = UINT32_MAX;

	for (uint32_t i = n->first_use; i < n->first_use + n->n_uses; i++) {
		const struct actor_entry *e = &a->entries.at[a->uses.at[a->by_name.at[i]].entry];
		if (e->withdrawn)
			continue;
		if (group != UINT32_MAX && e->group != group)
			return true;
		group = e->group;
	}
	return false;
}

static void mark_contested(struct actors *a)
{
	for (size_t i = 0; i < a->names.n; i++)
		a->names.at[i].contested = is_shared_at_home(a, &a->names.at[i]);
	for (size_t i = 0; i < a->links.n; i++) {
		const struct actor_link *k = &a->links.at[i];
		for (uint32_t n = 0; k->state == ACTOR_CONTESTED && n < k->n_names; n++)
			a->names.at[a->link_names.at[k->first_name + n]].contested = true;
	}
	for (size_t i = 0; i < a->names.n; i++) {
		struct actor_name *n = &a->names.at[i];
		n->contested = n->contested && !n->generic && fits_several(a, n);
	}
}

/* How many entries of the group go by it; a main name counts three times. */
static uint32_t weight(const struct actors *a, const struct actor_name *n, uint32_t group)
{
	uint32_t found = 0, last = UINT32_MAX;

	for (uint32_t i = 0; i < n->n_uses && i < USES_WEIGHED; i++) {
		uint32_t e = a->uses.at[a->by_name.at[n->first_use + i]].entry;
		if (a->entries.at[e].group == group && e != last)
			found += str_eq(n->fold, a->entries.at[e].fold) ? 3 : 1;
		last = e;
	}
	return found;
}

static bool is_number(const struct actors *a, const struct actor_use *u)
{
	return u->own && !str_eq(a->names.at[u->name].fold, a->entries.at[u->entry].fold);
}

/* The name that most of its entries use, one that isn't contested before one that is. */
static void name_group(struct actors *a, uint32_t group)
{
	struct actor_group *g = &a->groups.at[group];
	const struct actor_name *best = NULL;
	uint32_t most = 0;

	for (uint32_t i = 0; i < g->n_entries; i++) {
		const struct actor_entry *e = &a->entries.at[a->members.at[g->first_entry + i]];
		for (uint32_t k = e->first_use; k < e->first_use + e->n_uses; k++) {
			const struct actor_name *n = &a->names.at[a->uses.at[k].name];
			if (is_number(a, &a->uses.at[k]))
				continue;
			uint32_t w = 2 * weight(a, n, group) - n->contested;
			if (!best || w > most || (w == most && str_cmp(n->fold, best->fold) < 0)) {
				best = n;
				most = w;
			}
		}
	}
	g->name = best ? best->written : STR("");
}

void actors_make_groups(struct actors *a)
{
	size_t n = a->entries.n + 1;
	struct grouping g = {.a = a,
		.up = forest_new(n),
		.trial = forest_new(n),
		.meets = forest_new(n),
		.torn = calloc(n, sizeof(bool)),
		.bad = calloc(n, sizeof(bool))};

	if (!g.torn || !g.bad)
		BUG("out of memory");
	join_links(&g);
	number_groups(a, g.up);
	mark_contested(a);
	for (uint32_t i = 0; i < a->groups.n; i++)
		name_group(a, i);
	free(g.up);
	free(g.trial);
	free(g.meets);
	free(g.torn);
	free(g.bad);
	vec_release(&g.open);
	vec_release(&g.apart);
}
