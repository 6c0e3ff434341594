/* What sources of intelligence say beside indicators, without what names a value. */
#include "engine/erasing.h"

static bool any(const struct erasing *e, const struct str *texts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (erasing_holds(e, texts[i]))
			return true;
	}
	return false;
}

#define ANY(e, ...)                                                                                \
	any(e, (const struct str[]){__VA_ARGS__},                                                  \
		sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))

static bool node_holds(const struct erasing *e, const struct node *n)
{
	return ANY(e, n->id, n->is, n->name, n->origin, n->external, n->description, n->creator);
}

static bool name_holds(const struct erasing *e, const struct node_name *n)
{
	return ANY(e, n->node, n->name, n->origin);
}

static bool edge_holds(const struct erasing *e, const struct edge *g)
{
	return ANY(e, g->id, g->from, g->to, g->type, g->description);
}

static bool claim_holds(const struct erasing *e, const struct claim *c)
{
	return ANY(e, c->id, c->by, c->incident, c->about, c->words, c->text, c->of, c->reference);
}

static bool party_holds(const struct erasing *e, const struct party *p)
{
	bool holds = ANY(e, p->id, p->list, p->programme) || any(e, p->countries, p->n_countries) ||
		     any(e, p->places, p->n_places);

	for (uint32_t i = 0; !holds && i < p->n_names; i++)
		holds = ANY(e, p->names[i].text, p->names[i].form.latin, p->names[i].form.han);
	for (uint32_t i = 0; !holds && i < p->n_ids; i++)
		holds = ANY(e, p->ids[i].type, p->ids[i].value);
	return holds;
}

#define CLEAN(vec, holds)                                                                          \
	do {                                                                                       \
		size_t kept_ = 0;                                                                  \
		for (size_t i_ = 0; i_ < (vec).n; i_++) {                                          \
			if (!holds(e, &(vec).at[i_]))                                              \
				(vec).at[kept_++] = (vec).at[i_];                                  \
		}                                                                                  \
		gone += (vec).n - kept_;                                                           \
		(vec).n = kept_;                                                                   \
	} while (0)

uint64_t erasing_said(const struct erasing *e, struct said *s)
{
	uint64_t gone = 0;

	CLEAN(s->nodes, node_holds);
	CLEAN(s->names, name_holds);
	CLEAN(s->edges, edge_holds);
	CLEAN(s->claims, claim_holds);
	CLEAN(s->parties, party_holds);
	return gone;
}
