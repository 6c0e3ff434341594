#include "intel/graph.h"

#include <stdlib.h>

#include "base/buf.h"
#include "intel/marking.h"

/* Names beside an indicator that one still reads. */
#define NAMES_MAX 4u
#define EDGES_MAX 64u /* followed from one object */

static uint8_t rank_of(struct str type)
{
	static const char *const by_rank[] = {
		"malware", "campaign", "threat-actor", "intrusion-set"};

	for (size_t i = 0; i < sizeof(by_rank) / sizeof(by_rank[0]); i++) {
		if (str_eq(type, str_of(by_rank[i])))
			return (uint8_t)(i + 1);
	}
	return 0;
}

/*
 * By the extension's or definition's value, by the id, by the name.  A statement that doesn't
 * speak of TLP (a copyright) is not a label; any other definition that isn't known is RED.
 */
static struct str label_of(const struct sdo *o)
{
	struct str label;

	if (o->tlp.n)
		return marking_of_text(o->tlp);
	if (marking_of_stix_id(o->id, &label))
		return label;
	if (o->name.n > 4 && str_eq_nocase(str_upto(o->name, 4), STR("tlp:")))
		return marking_of_text(o->name);
	bool copyright = str_eq(o->definition_type, STR("statement")) &&
			 str_find(o->statement, STR("TLP")) == o->statement.n &&
			 str_find(o->statement, STR("tlp")) == o->statement.n;
	return copyright ? STR("") : STR("TLP:RED");
}

void graph_add(struct graph *g, struct arena *a, const struct sdo *o)
{
	uint8_t rank = rank_of(o->type);

	if (o->revoked)
		return;
	if (rank && o->name.n) {
		*vec_push(&g->named) =
			(struct graph_named){arena_dup(a, o->id), arena_dup(a, o->name), rank};
	} else if (str_eq(o->type, STR("marking-definition"))) {
		*vec_push(&g->markings) = (struct graph_marking){arena_dup(a, o->id), label_of(o)};
	} else if (str_eq(o->type, STR("relationship")) &&
		   (str_eq(o->relationship_type, STR("indicates")) ||
			   str_eq(o->relationship_type, STR("attributed-to")))) {
		*vec_push(&g->edges) = (struct graph_edge){
			arena_dup(a, o->source_ref), arena_dup(a, o->target_ref)};
	}
}

static int named_cmp(const void *va, const void *vb)
{
	const struct graph_named *a = va, *b = vb;
	int c = str_cmp(a->id, b->id);

	return c ? c : str_cmp(a->name, b->name);
}

static int edge_cmp(const void *va, const void *vb)
{
	const struct graph_edge *a = va, *b = vb;
	int c = str_cmp(a->from, b->from);

	return c ? c : str_cmp(a->to, b->to);
}

static int marking_cmp(const void *va, const void *vb)
{
	const struct graph_marking *a = va, *b = vb;
	int c = str_cmp(a->id, b->id);

	return c ? c : str_cmp(a->label, b->label);
}

void graph_seal(struct graph *g)
{
	if (g->named.n)
		qsort(g->named.at, g->named.n, sizeof(*g->named.at), named_cmp);
	if (g->edges.n)
		qsort(g->edges.at, g->edges.n, sizeof(*g->edges.at), edge_cmp);
	if (g->markings.n)
		qsort(g->markings.at, g->markings.n, sizeof(*g->markings.at), marking_cmp);
}

void graph_release(struct graph *g)
{
	vec_release(&g->named);
	vec_release(&g->edges);
	vec_release(&g->markings);
}

/* Index of the first element whose leading str is not below id. */
static size_t lower(const void *at, size_t n, size_t size, struct str id)
{
	size_t from = 0, to = n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		struct str s;
		memcpy(&s, (const char *)at + mid * size, sizeof(s));
		if (str_cmp(s, id) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

struct names {
	struct str at[NAMES_MAX];
	size_t n;
	uint8_t rank;
};

/* Only the names of the highest rank are kept, each once, in order. */
static void add_name(struct names *ns, const struct graph_named *who)
{
	size_t i = 0;

	if (who->rank > ns->rank) {
		ns->n = 0;
		ns->rank = who->rank;
	}
	if (who->rank < ns->rank || ns->n == NAMES_MAX)
		return;
	while (i < ns->n && str_cmp(ns->at[i], who->name) < 0)
		i++;
	if (i < ns->n && str_eq(ns->at[i], who->name))
		return;
	memmove(&ns->at[i + 1], &ns->at[i], (ns->n - i) * sizeof(ns->at[0]));
	ns->at[i] = who->name;
	ns->n++;
}

static void follow(const struct graph *g, struct str id, unsigned hops, struct names *ns)
{
	size_t first = lower(g->edges.at, g->edges.n, sizeof(*g->edges.at), id);

	for (size_t i = first; i < g->edges.n && i - first < EDGES_MAX; i++) {
		if (!str_eq(g->edges.at[i].from, id))
			return;
		struct str to = g->edges.at[i].to;
		size_t n = lower(g->named.at, g->named.n, sizeof(*g->named.at), to);
		if (n < g->named.n && str_eq(g->named.at[n].id, to))
			add_name(ns, &g->named.at[n]);
		if (hops)
			follow(g, to, hops - 1, ns);
	}
}

struct str graph_actor(const struct graph *g, struct arena *a, struct str id)
{
	struct names ns = {.n = 0};
	struct buf out = {0};

	follow(g, id, 1, &ns);
	if (ns.n <= 1)
		return ns.n ? ns.at[0] : STR("");
	for (size_t i = 0; i < ns.n; i++) {
		if (i)
			buf_str(&out, STR(", "));
		buf_str(&out, ns.at[i]);
	}
	struct str joined = arena_dup(a, buf_view(&out));
	buf_release(&out);
	return joined;
}

struct str graph_marking(const struct graph *g, const struct sdo *o)
{
	struct str all = STR("");

	for (size_t i = 0; i < o->marking_refs.n; i++) {
		struct str id = o->marking_refs.at[i], label = STR("TLP:RED");
		size_t n = lower(g->markings.at, g->markings.n, sizeof(*g->markings.at), id);
		if (n < g->markings.n && str_eq(g->markings.at[n].id, id)) {
			/* Two definitions of one id: the stricter. */
			for (label = STR(""); n < g->markings.n && str_eq(g->markings.at[n].id, id);
				n++)
				label = marking_stricter(label, g->markings.at[n].label);
		} else {
			marking_of_stix_id(id, &label);
		}
		all = marking_stricter(all, label);
	}
	return all;
}
