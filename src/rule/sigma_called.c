/* Rules by what other documents call them. */
#include <stdlib.h>

#include "rule/sigma_inside.h"

static int called_cmp(const void *va, const void *vb)
{
	const struct called *a = va, *b = vb;
	int c = str_cmp(a->name, b->name);

	return c ? c : (a->rule > b->rule) - (a->rule < b->rule);
}

void called_gather(struct called_all *all, const struct ruleset *rs)
{
	for (uint32_t i = 0; i < rs->rules.n; i++) {
		const struct rule *r = &rs->rules.at[i];
		if (r->id.n)
			*vec_push(&all->at) = (struct called){r->id, i};
		if (r->name.n && !str_eq(r->name, r->id))
			*vec_push(&all->at) = (struct called){r->name, i};
	}
	if (all->at.n)
		qsort(all->at.at, all->at.n, sizeof(*all->at.at), called_cmp);
}

void called_release(struct called_all *all)
{
	vec_release(&all->at);
}

size_t called_find(const struct called_all *all, struct str name, uint32_t rule)
{
	const struct called want = {name, rule};
	size_t low = 0, high = all->at.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (called_cmp(&all->at.at[mid], &want) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}
