/* What intelligence says beside indicators, into the same struct intel. */
#include "base/limits.h"
#include "intel/gather.h"

static bool is_full(struct gather *g, size_t n, uint32_t line, struct str what)
{
	if (n < LIMIT_INTEL_NODES)
		return false;
	gather_skip(g, line, what, STR("more than are kept of one file"));
	return true;
}

struct str gather_keep(const struct gather *g, struct str s)
{
	bool inside = s.n && g->text.n && s.p >= g->text.p && s.p + s.n <= g->text.p + g->text.n;

	return s.n == 0 ? STR("") : inside ? s : arena_dup(g->a, s);
}

static void keep(struct gather *g, struct str *inout_s)
{
	*inout_s = gather_keep(g, *inout_s);
}

static void keep_short(struct gather *g, struct str *inout_s)
{
	*inout_s = gather_keep(g, str_upto(*inout_s, NODE_TEXT_BYTES));
}

void gather_node(struct gather *g, const struct node *given)
{
	struct node *n;

	if (is_full(g, g->out->said.nodes.n, given->place.line, given->name))
		return;
	n = vec_push(&g->out->said.nodes);
	*n = *given;
	n->place.member = g->member;
	if (n->id.n)
		keep(g, &n->id);
	else
		n->id = arena_printf(g->a, "%s:" STR_FMT, node_type_name(n->type),
			STR_ARG(str_upto(n->name, 200)));
	keep(g, &n->is);
	keep_short(g, &n->name);
	keep(g, &n->origin);
	keep(g, &n->external);
	keep_short(g, &n->description);
	keep(g, &n->creator);
	keep(g, &n->marking);
}

void gather_name(struct gather *g, const struct node_name *given)
{
	struct node_name *n;

	if (given->name.n == 0 || is_full(g, g->out->said.names.n, 0, given->name))
		return;
	n = vec_push(&g->out->said.names);
	*n = *given;
	keep(g, &n->node);
	keep_short(g, &n->name);
	keep(g, &n->origin);
}

void gather_edge(struct gather *g, const struct edge *given)
{
	struct edge *e;

	if (is_full(g, g->out->said.edges.n, given->place.line, given->from))
		return;
	e = vec_push(&g->out->said.edges);
	*e = *given;
	e->place.member = g->member;
	keep(g, &e->id);
	keep(g, &e->from);
	keep(g, &e->to);
	keep(g, &e->type);
	keep_short(g, &e->description);
	keep(g, &e->marking);
}

void gather_claim(struct gather *g, const struct claim *given)
{
	struct claim *c;

	if (is_full(g, g->out->said.claims.n, given->place.line, given->text))
		return;
	c = vec_push(&g->out->said.claims);
	*c = *given;
	c->place.member = g->member;
	keep(g, &c->id);
	keep_short(g, &c->by);
	keep_short(g, &c->incident);
	keep_short(g, &c->about);
	keep_short(g, &c->words);
	keep_short(g, &c->text);
	keep(g, &c->of);
	keep_short(g, &c->reference);
	keep(g, &c->marking);
}
