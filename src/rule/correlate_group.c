/* Which items have the same values. */
#include <stdlib.h>

#include "base/hash.h"
#include "rule/correlate_inside.h"

const struct correlate_value *item_value(const struct walk *w, const struct item *i, uint32_t slot)
{
	uint32_t at = w->c->slots[i->ref * w->c->n_slots + slot];

	if (i->found)
		return &w->found[w->c->refs[i->ref].rule].at.at[i->at].values[at];
	return &w->hits[i->at].values[at];
}

static uint64_t hash_of(const struct correlate_value *v, uint64_t seed)
{
	char lower[256];
	struct str rest = v->text;
	uint64_t h = hash64("", 0, seed + v->there);

	while (v->there && rest.n) {
		size_t n = rest.n < sizeof(lower) ? rest.n : sizeof(lower);
		for (size_t i = 0; i < n; i++)
			lower[i] = ascii_lower(rest.p[i]);
		h = hash64(lower, n, h);
		rest = str_from(rest, n);
	}
	return h;
}

static bool same(
	const struct walk *w, const struct item *a, const struct item *b, uint32_t from, uint32_t n)
{
	for (uint32_t k = from; k < from + n; k++) {
		const struct correlate_value *x = item_value(w, a, k), *y = item_value(w, b, k);
		if (x->there != y->there || (x->there && !str_eq_nocase(x->text, y->text)))
			return false;
	}
	return true;
}

void grouping_begin(struct grouping *g, size_t n_items)
{
	size_t room = 64;

	while (room < n_items * 2)
		room *= 2;
	if (room > g->most) {
		free(g->slots);
		g->slots = malloc(room * sizeof(*g->slots));
		if (!g->slots)
			BUG("out of memory");
		g->most = room;
	}
	g->room = room;
	memset(g->slots, 0, room * sizeof(*g->slots));
	g->firsts.n = 0;
}

uint32_t grouping_number(
	struct grouping *g, const struct walk *w, uint32_t item, uint32_t from, uint32_t n)
{
	uint64_t h = 0;

	for (uint32_t k = from; k < from + n; k++)
		h = hash_of(item_value(w, &w->items[item], k), h);
	for (size_t at = (size_t)h & (g->room - 1);; at = (at + 1) & (g->room - 1)) {
		uint32_t number = g->slots[at];
		if (number &&
			same(w, &w->items[g->firsts.at[number - 1]], &w->items[item], from, n))
			return number - 1;
		if (number)
			continue;
		*vec_push(&g->firsts) = item;
		g->slots[at] = (uint32_t)g->firsts.n;
		return (uint32_t)g->firsts.n - 1;
	}
}

void grouping_release(struct grouping *g)
{
	free(g->slots);
	vec_release(&g->firsts);
}
