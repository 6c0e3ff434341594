/* Correlations find the rules that they name, and those rules what is wanted of their events. */
#include <stdlib.h>

#include "base/limits.h"
#include "rule/correlation.h"
#include "rule/sigma_inside.h"

enum { DEPTH = LIMIT_CORRELATION_DEPTH };

/* Fields that are wanted of one rule's hits. */
struct wanting {
	VEC(struct str) names;
};

struct chaining {
	struct ruleset *rs;
	const struct called_all *all;
	VEC(uint32_t) order;   /* correlations by height: what one refers to stands before it */
	struct wanting *wants; /* by rule */
	uint64_t n_slots;      /* of all */
};

static struct correlation *correlation_of(const struct chaining *g, uint32_t rule)
{
	return g->rs->rules.at[rule].correlation;
}

static void refuse(
	struct chaining *g, uint32_t rule, unsigned line, const char *why, struct str name)
{
	struct rule *r = &g->rs->rules.at[rule];
	struct str shown = str_upto(name, 200);

	r->loaded = false;
	r->why =
		arena_printf(&g->rs->arena, "line %u: %s '" STR_FMT "'", line, why, STR_ARG(shown));
}

/* Rules of one file stand together, so those of the same name do around the one that asks. */
static uint32_t find_near(const struct chaining *g, uint32_t from, struct str name, uint32_t *ret)
{
	const struct rule *rules = g->rs->rules.at;
	size_t middle = called_find(g->all, name, from);
	uint32_t n = 0;

	for (size_t i = middle > 2 ? middle - 2 : 0; i < g->all->at.n && i < middle + 2; i++) {
		const struct called *c = &g->all->at.at[i];
		if (!str_eq(c->name, name) || !str_eq(rules[c->rule].file, rules[from].file))
			continue;
		*ret = c->rule;
		n++;
	}
	return n;
}

/* The rule of that name: the one in the same file, or else the only one. */
static const char *find(const struct chaining *g, uint32_t from, struct str name, uint32_t *ret)
{
	const struct called *at = g->all->at.at;
	size_t first = called_find(g->all, name, 0), n = g->all->at.n;

	if (first == n || !str_eq(at[first].name, name))
		return "there is no rule that is called";
	uint32_t near = find_near(g, from, name, ret);
	if (near > 1 || (!near && first + 1 < n && str_eq(at[first + 1].name, name)))
		return "several rules are called";
	if (!near)
		*ret = at[first].rule;
	return NULL;
}

static void resolve(struct chaining *g, uint32_t rule)
{
	struct correlation *c = correlation_of(g, rule);
	struct correlation_ref *refs = c->refs;

	for (uint32_t i = 0; i < c->n_refs; i++) {
		const char *why = find(g, rule, refs[i].name, &refs[i].rule);
		if (!why && refs[i].rule == rule)
			why = "it refers to itself, as";
		if (!why && g->rs->rules.at[refs[i].rule].is_filter)
			why = "this is a filter:";
		const enum rule_kind kind = why ? RULE_SIGMA : g->rs->rules.at[refs[i].rule].kind;
		if (kind != RULE_SIGMA && kind != RULE_CORRELATION)
			why = "this is no rule of Sigma:";
		for (uint32_t k = 0; !why && k < i; k++)
			if (refs[k].rule == refs[i].rule)
				why = "a rule that is named already is also called";
		if (why) {
			refuse(g, rule, refs[i].line, why, refs[i].name);
			return;
		}
	}
	struct correlation_alias *aliases = c->aliases;
	for (uint32_t i = 0; i < c->n_aliases; i++) {
		uint32_t at = UINT32_MAX;
		const char *why = find(g, rule, aliases[i].rule, &at);
		aliases[i].ref = 0;
		while (aliases[i].ref < c->n_refs && refs[aliases[i].ref].rule != at)
			aliases[i].ref++;
		for (uint32_t k = 0; k < i; k++)
			if (!why && aliases[k].ref == aliases[i].ref &&
				str_eq(aliases[k].alias, aliases[i].alias))
				why = "the alias has two fields of the rule";
		if (!why && aliases[i].ref == c->n_refs)
			why = "an alias of a rule that the correlation does not name:";
		if (why) {
			refuse(g, rule, aliases[i].line, why, aliases[i].rule);
			return;
		}
	}
}

/* Is all of what it refers to in order?  A rule that was refused takes with it what names it. */
static bool is_ready(struct chaining *g, uint32_t rule)
{
	struct correlation *c = correlation_of(g, rule);
	uint32_t height = 1;

	for (uint32_t i = 0; i < c->n_refs; i++) {
		const struct rule *r = &g->rs->rules.at[c->refs[i].rule];
		if (!r->loaded) {
			refuse(g, rule, c->refs[i].line,
				"it refers to a rule that was refused:", c->refs[i].name);
			return false;
		}
		if (!r->correlation)
			continue;
		if (!r->correlation->height)
			return false;
		height = r->correlation->height >= height ? r->correlation->height + 1 : height;
	}
	c->height = height;
	return true;
}

/* The first that it refers to and that is not ready either, or UINT32_MAX. */
static uint32_t next_open(const struct chaining *g, uint32_t rule)
{
	const struct correlation *c = correlation_of(g, rule);

	for (uint32_t i = 0; i < c->n_refs; i++) {
		const struct rule *next = &g->rs->rules.at[c->refs[i].rule];
		if (next->correlation && !next->correlation->height)
			return c->refs[i].rule;
	}
	return UINT32_MAX;
}

/* Those that are left refer to one another in circles, or more deeply than is allowed. */
static void refuse_rest(struct chaining *g)
{
	for (uint32_t i = 0; i < g->rs->rules.n; i++) {
		const struct rule *r = &g->rs->rules.at[i];
		if (!r->correlation || !r->loaded || r->correlation->height)
			continue;
		uint32_t at = next_open(g, i);
		for (uint32_t n = 0; at != UINT32_MAX && at != i && n < 2 * DEPTH; n++)
			at = next_open(g, at);
		refuse(g, i, r->correlation->line,
			at == i ? "it refers to itself, by way of others:"
				: "it refers to others too deeply, or to some that refer to "
				  "themselves:",
			r->title);
	}
}

static void put_in_order(struct chaining *g)
{
	const struct ruleset *rs = g->rs;

	for (uint32_t height = 1; height <= DEPTH; height++) {
		for (uint32_t i = 0; i < rs->rules.n; i++) {
			const struct rule *r = &rs->rules.at[i];
			bool open = r->correlation && r->loaded && !r->correlation->height;
			if (open && is_ready(g, i)) {
				/* One that became ready in this round counts in the next. */
				if (r->correlation->height != height)
					correlation_of(g, i)->height = 0;
				else
					*vec_push(&g->order) = i;
			}
		}
	}
	refuse_rest(g);
}

/* What a correlation's name for a field is in one of its rules. */
static struct str name_in(const struct correlation *c, uint32_t ref, struct str name)
{
	for (uint32_t i = 0; i < c->n_aliases; i++)
		if (c->aliases[i].ref == ref && str_eq(c->aliases[i].alias, name))
			return c->aliases[i].field;
	return name;
}

/* Its place among what is wanted of the rule, or UINT32_MAX. */
static uint32_t want(struct chaining *g, uint32_t rule, struct str name)
{
	struct wanting *w = &g->wants[rule];

	for (size_t i = 0; i < w->names.n; i++)
		if (str_eq(w->names.at[i], name))
			return (uint32_t)i;
	if (w->names.n == LIMIT_RULE_CAPTURES)
		return UINT32_MAX;
	*vec_push(&w->names) = name;
	return (uint32_t)w->names.n - 1;
}

/* Outer correlations came first, so all that is wanted of this one's hits is known. */
static void want_all(struct chaining *g, uint32_t rule)
{
	struct correlation *c = correlation_of(g, rule);
	struct arena *a = &g->rs->arena;
	const struct wanting *w = &g->wants[rule];
	struct str *wants = arena_array(a, w->names.n + 1, sizeof(*wants));

	for (size_t i = 0; i < w->names.n; i++)
		wants[i] = w->names.at[i];
	c->wants = wants;
	c->n_wants = (uint32_t)w->names.n;
	c->n_slots = c->n_group_by + c->n_fields + c->n_wants;
	g->n_slots += (uint64_t)c->n_refs * c->n_slots;
	if (g->n_slots > LIMIT_RULES_NODES) {
		refuse(g, rule, c->line, "more correlations than fit, from",
			g->rs->rules.at[rule].title);
		return;
	}
	uint32_t *slots = arena_array(a, (size_t)c->n_refs * c->n_slots + 1, sizeof(*slots));
	c->slots = slots;
	for (uint32_t r = 0; r < c->n_refs; r++) {
		for (uint32_t k = 0; k < c->n_slots; k++) {
			uint32_t f = k - c->n_group_by;
			struct str name = k < c->n_group_by ? c->group_by[k]
					  : f < c->n_fields ? c->fields[f]
							    : wants[f - c->n_fields];
			*slots = want(g, c->refs[r].rule, name_in(c, r, name));
			if (*slots++ != UINT32_MAX)
				continue;
			refuse(g, rule, c->refs[r].line,
				"correlations want to know too many fields of", c->refs[r].name);
			return;
		}
	}
}

/* What is wanted of a rule's events becomes fields that are looked for in them. */
static const char *capture(struct chaining *g, uint32_t rule)
{
	struct rule *r = &g->rs->rules.at[rule];
	const struct wanting *w = &g->wants[rule];
	struct err err;

	if (r->correlation || r->n_captures == w->names.n)
		return NULL;
	uint32_t *captures = arena_array(&g->rs->arena, w->names.n, sizeof(*captures));
	for (size_t i = 0; i < w->names.n; i++)
		if (!ruleset_field(g->rs, &r->logsource, w->names.at[i], &captures[i], &err))
			return "a field makes no sense in";
	r->captures = captures;
	r->n_captures = (uint32_t)w->names.n;
	return NULL;
}

/* From the inner ones outwards, so that what refers to a refused one is refused, too. */
static void finish(struct chaining *g)
{
	struct rule *rules = g->rs->rules.at;

	for (size_t i = 0; i < g->order.n; i++) {
		struct correlation *c = correlation_of(g, g->order.at[i]);
		for (uint32_t k = 0; k < c->n_refs && rules[g->order.at[i]].loaded; k++) {
			const char *why = rules[c->refs[k].rule].loaded
						  ? capture(g, c->refs[k].rule)
						  : "it refers to a rule that was refused:";
			if (why)
				refuse(g, g->order.at[i], c->refs[k].line, why, c->refs[k].name);
		}
	}
	for (size_t i = 0; i < g->order.n; i++) {
		struct correlation *c = correlation_of(g, g->order.at[i]);
		if (!rules[g->order.at[i]].loaded)
			continue;
		for (uint32_t k = 0; k < c->n_refs; k++) {
			rules[c->refs[k].rule].feeds = true;
			rules[c->refs[k].rule].silent |= !c->generate;
		}
	}
}

void sigma_seal_correlations(struct ruleset *rs, const struct called_all *all)
{
	struct chaining g = {.rs = rs, .all = all};
	bool any = false;

	for (uint32_t i = 0; i < rs->rules.n; i++) {
		any |= rs->rules.at[i].correlation != NULL;
		if (rs->rules.at[i].correlation && rs->rules.at[i].loaded)
			resolve(&g, i);
	}
	if (!any)
		return;
	g.wants = calloc(rs->rules.n, sizeof(*g.wants));
	if (!g.wants)
		BUG("out of memory");
	put_in_order(&g);
	for (size_t i = g.order.n; i > 0; i--)
		want_all(&g, g.order.at[i - 1]);
	finish(&g);
	for (uint32_t i = 0; i < rs->rules.n; i++)
		vec_release(&g.wants[i].names);
	free(g.wants);
	vec_release(&g.order);
}
