#include "worker/sighted.h"

static const struct sighted *own(const struct value *v, const struct observed *seen)
{
	for (uint32_t s = 0; s < seen->n; s++) {
		const struct sighted *g = &seen->at[s];
		if (g->whole && g->field == v->field && g->offset == v->offset &&
			g->nesting == v->nesting)
			return g;
	}
	return NULL;
}

const struct sighted *sighted_of(const struct event *e, uint32_t i, const struct observed *seen)
{
	const struct value *v = &e->values[i];
	const struct sighted *g = own(v, seen);

	/* Normal forms differ in more than case, but no two values of one event in practice. */
	for (uint32_t k = 0; k < i && !g; k++) {
		const struct value *twin = &e->values[k];
		if (twin->kind == v->kind && str_eq_nocase(twin->text, v->text))
			g = own(twin, seen);
	}
	return g;
}
