/* Filters (Sigma Filters Specification): what is asked of many rules' events beside the rules. */
#include "base/limits.h"
#include "rule/sigma_inside.h"

static struct yaml *copied(struct arena *a, const struct yaml *y)
{
	struct yaml *all = NULL, **end = &all;

	for (; y; y = y->next) {
		struct yaml *copy = arena_new(a, struct yaml);
		*copy = *y;
		copy->text = arena_dup(a, y->text);
		copy->key = arena_dup(a, y->key);
		copy->child = copied(a, y->child);
		copy->next = NULL;
		*end = copy;
		end = &copy->next;
	}
	return all;
}

bool sigma_filter(struct sigma *s, const struct yaml *doc, uint32_t rule)
{
	const struct yaml *map = yaml_get(doc, "filter");
	uint32_t expr;

	if (map->type != YAML_MAP)
		return sigma_bad(s, map, "'filter' must be a map");
	const struct yaml *rules = yaml_get(map, "rules");
	if (!rules || rules->type == YAML_MAP)
		return sigma_bad(s, map, "a filter must name its rules");
	/* Errors show here, whether a rule is found or not. */
	if (!sigma_detection(s, map, &expr))
		return false;
	struct yaml *copy = arena_new(&s->rs->arena, struct yaml);
	*copy = *map;
	copy->key = STR("filter");
	copy->child = copied(&s->rs->arena, map->child);
	copy->next = NULL;
	*vec_push(&s->rs->filters) = (struct rule_filter){rule, copy};
	return true;
}

struct joining {
	struct ruleset *rs;
	const struct rule_filter *f;
	const struct called_all *all;
	struct sigma s; /* s.source: of the rule that `expr` is for */
	uint32_t expr;  /* 0: not compiled yet */
	uint32_t joined;
	uint32_t absent;          /* names that no rule has */
	const struct yaml *first; /* of them */
};

static bool same(const struct logsource *a, const struct logsource *b)
{
	return logsource_covers(a, b) && logsource_covers(b, a);
}

/* The filter's fields stand where the rule's do, so it is compiled for each log source. */
static bool join(struct joining *j, uint32_t rule)
{
	struct rule *r = &j->rs->rules.at[rule];

	if (r->is_filter || r->kind != RULE_SIGMA ||
		!logsource_covers(&j->rs->rules.at[j->f->rule].logsource, &r->logsource))
		return true;
	j->joined++;
	if (!r->loaded)
		return true;
	if (!j->expr || !same(&j->s.source, &r->logsource)) {
		j->s.source = r->logsource;
		if (!sigma_detection(&j->s, j->f->filter, &j->expr))
			return false;
	}
	if (j->rs->exprs.at[r->expr].cost + j->rs->exprs.at[j->expr].cost > LIMIT_RULE_COST ||
		j->rs->exprs.n + j->rs->children.n > LIMIT_RULES_NODES)
		return sigma_bad(&j->s, j->f->filter, "too much for the rule '" STR_FMT "'",
			STR_ARG(str_upto(r->title, 200)));
	uint32_t both[] = {r->expr, j->expr};
	r->expr = ruleset_expr(j->rs, EXPR_AND, both, 2);
	return true;
}

static bool join_called(struct joining *j, const struct yaml *name)
{
	const struct called_all *all = j->all;
	uint32_t before = j->joined;
	bool done = true;

	for (size_t i = called_find(all, name->text, 0);
		done && i < all->at.n && str_eq(all->at.at[i].name, name->text); i++)
		done = join(j, all->at.at[i].rule);
	if (j->joined == before && !j->absent++)
		j->first = name;
	return done;
}

static bool join_all(struct joining *j)
{
	bool done = true;

	for (uint32_t i = 0; done && i < j->rs->rules.n; i++)
		done = join(j, i);
	return done;
}

static void join_filter(struct joining *j)
{
	const struct yaml *rules = yaml_get(j->f->filter, "rules");
	const struct yaml *first = rules->type == YAML_LIST ? rules->child : rules;
	bool any = rules->type == YAML_SCALAR && str_eq_nocase(rules->text, STR("any"));
	bool done = true;

	if (any)
		done = join_all(j);
	for (const struct yaml *y = any ? NULL : first; done && y; y = y->next) {
		done = join_called(j, y);
		if (rules->type != YAML_LIST)
			break;
	}
	struct rule *r = &j->rs->rules.at[j->f->rule];
	if (done && !j->absent && j->joined)
		return;
	if (done && !j->absent)
		(void)sigma_bad(&j->s, rules, "no rule is of its log source");
	else if (done)
		(void)sigma_bad(&j->s, j->first,
			"no rule of its log source is called '" STR_FMT "'%s",
			STR_ARG(str_upto(j->first->text, 200)),
			j->absent > 1 ? ", nor as others that it names" : "");
	r->loaded = j->joined > 0 && j->absent > 0;
	r->why = arena_dup(&j->rs->arena, str_of(j->s.err.msg));
}

void sigma_seal(struct ruleset *rs)
{
	struct called_all all = {0};

	called_gather(&all, rs);
	for (size_t i = 0; i < rs->filters.n; i++) {
		struct joining j = {
			.rs = rs, .f = &rs->filters.at[i], .all = &all, .s = {.rs = rs}};
		join_filter(&j);
	}
	sigma_seal_correlations(rs, &all);
	called_release(&all);
}
