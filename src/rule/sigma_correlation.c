/* Documents with `correlation` (Sigma Correlation Rules Specification 2.1). */
#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/when.h"
#include "rule/correlation.h"
#include "rule/sigma_inside.h"

struct reading {
	struct sigma *s;
	const struct yaml *map; /* `correlation` */
	struct correlation *c;
	struct correlation_ref refs[LIMIT_CORRELATION_RULES];
};

static bool is_temporal(const struct correlation *c)
{
	return c->type == CORRELATE_TEMPORAL || c->type == CORRELATE_TEMPORAL_ORDERED;
}

static bool counts(const struct correlation *c)
{
	return c->type <= CORRELATE_TEMPORAL_ORDERED;
}

/* Nothing is passed over that could mean something. */
static bool check_names(struct reading *g)
{
	static const char *const known[] = {
		"type", "rules", "group-by", "aliases", "timespan", "condition", "generate"};

	if (g->map->type != YAML_MAP)
		return sigma_bad(g->s, g->map, "'correlation' must be a map");
	for (const struct yaml *y = g->map->child; y; y = y->next) {
		bool found = false;
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			found |= str_eq(y->key, str_of(known[i]));
		if (!found)
			return sigma_bad(g->s, y, "a correlation has no attribute '" STR_FMT "'",
				STR_ARG(str_upto(y->key, 80)));
	}
	return true;
}

static bool read_type(struct reading *g)
{
	const struct yaml *y = yaml_get(g->map, "type");

	if (!y || y->type != YAML_SCALAR)
		return sigma_bad(g->s, y ? y : g->map, "a correlation without a type");
	for (int t = 0; t <= CORRELATE_VALUE_MEDIAN; t++) {
		if (!str_eq(y->text, str_of(correlation_type_name((enum correlation_type)t))))
			continue;
		g->c->type = (enum correlation_type)t;
		return true;
	}
	return sigma_bad(g->s, y, "no type of correlation is called '" STR_FMT "'",
		STR_ARG(str_upto(y->text, 80)));
}

static bool add_ref(struct reading *g, const struct yaml *y, struct str name)
{
	struct correlation *c = g->c;

	for (uint32_t i = 0; i < c->n_refs; i++)
		if (str_eq(g->refs[i].name, name))
			return sigma_bad(g->s, y, "the rule '" STR_FMT "' is named twice",
				STR_ARG(str_upto(name, 200)));
	if (c->n_refs == LIMIT_CORRELATION_RULES)
		return sigma_bad(g->s, y, "more than %u rules", LIMIT_CORRELATION_RULES);
	g->refs[c->n_refs++] = (struct correlation_ref){
		.name = arena_dup(&g->s->rs->arena, name), .line = y->line};
	return true;
}

/* The names in a condition, where there are no `rules`. */
static bool refs_of_condition(struct reading *g, const struct yaml *y)
{
	static const char *const words[] = {"and", "or", "not", "of", "all", "any", "them"};
	struct str rest = y->text;
	bool done = true;

	if (rest.n > LIMIT_RULE_CONDITION)
		return sigma_bad(
			g->s, y, "a condition of more than %u bytes", LIMIT_RULE_CONDITION);
	while (done && rest.n) {
		size_t n = 0;
		while (n < rest.n && !strchr(" \t\r\n()|", rest.p[n]))
			n++;
		struct str word = str_upto(rest, n);
		bool is_name = n > 0;
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			is_name = is_name && !str_eq_nocase(word, str_of(words[i]));
		for (uint32_t i = 0; i < g->c->n_refs; i++)
			is_name = is_name && !str_eq(g->refs[i].name, word);
		if (is_name)
			done = add_ref(g, y, word);
		rest = str_from(rest, n ? n : 1);
	}
	return done;
}

static bool read_rules(struct reading *g)
{
	const struct yaml *y = yaml_get(g->map, "rules"),
			  *condition = yaml_get(g->map, "condition");
	bool done = true;

	if (!y && is_temporal(g->c) && condition && condition->type == YAML_SCALAR)
		done = refs_of_condition(g, condition);
	else if (!y || y->type == YAML_MAP)
		return sigma_bad(g->s, y ? y : g->map, "a correlation must name its rules");
	const struct yaml *first = !y ? NULL : y->type == YAML_LIST ? y->child : y;
	for (const struct yaml *i = first; done && i; i = y->type == YAML_LIST ? i->next : NULL) {
		if (i->type != YAML_SCALAR || !i->text.n)
			return sigma_bad(g->s, i, "a rule must be named by its id or its name");
		done = add_ref(g, i, i->text);
	}
	if (!done)
		return false;
	if (!g->c->n_refs)
		return sigma_bad(g->s, y ? y : g->map, "a correlation must name its rules");
	g->c->refs = arena_array(&g->s->rs->arena, g->c->n_refs, sizeof(g->refs[0]));
	memcpy(g->c->refs, g->refs, g->c->n_refs * sizeof(g->refs[0]));
	return true;
}

/* Whether it can name a field at all. */
static bool check_field(struct reading *g, const struct yaml *y, struct str name)
{
	struct fields trial;
	uint32_t field;
	struct err err;

	if (!name.n)
		return sigma_bad(g->s, y, "a field without a name");
	fields_init(&trial);
	bool done = fields_add(&trial, name, &field, &err);
	fields_release(&trial);
	return done || sigma_bad(g->s, y, "%s", err.msg);
}

static bool read_fields(
	struct reading *g, const struct yaml *y, const struct str **ret, uint32_t *ret_n)
{
	struct str all[LIMIT_CORRELATION_FIELDS], *kept;
	uint32_t n = 0;

	if (y->type == YAML_MAP || (y->type == YAML_LIST && !y->child))
		return sigma_bad(g->s, y, "'" STR_FMT "' must be a field or a list of them",
			STR_ARG(y->key));
	const struct yaml *first = y->type == YAML_LIST ? y->child : y;
	for (const struct yaml *i = first; i; i = y->type == YAML_LIST ? i->next : NULL) {
		if (i->type != YAML_SCALAR)
			return sigma_bad(g->s, i, "the name of a field must be a text");
		if (n == LIMIT_CORRELATION_FIELDS)
			return sigma_bad(g->s, i, "more than %u fields", LIMIT_CORRELATION_FIELDS);
		if (!check_field(g, i, i->text))
			return false;
		for (uint32_t k = 0; k < n; k++)
			if (str_eq(all[k], i->text))
				return sigma_bad(g->s, i, "the field '" STR_FMT "' is named twice",
					STR_ARG(str_upto(i->text, 200)));
		all[n++] = arena_dup(&g->s->rs->arena, i->text);
	}
	kept = arena_array(&g->s->rs->arena, n, sizeof(*kept));
	memcpy(kept, all, n * sizeof(*kept));
	*ret = kept;
	*ret_n = n;
	return true;
}

static bool read_aliases(struct reading *g)
{
	const struct yaml *y = yaml_get(g->map, "aliases");
	struct correlation_alias *all;
	struct arena *a = &g->s->rs->arena;
	size_t n = 0;

	if (!y)
		return true;
	if (y->type != YAML_MAP)
		return sigma_bad(g->s, y, "'aliases' must be a map");
	for (const struct yaml *i = y->child; i; i = i->next)
		for (const struct yaml *k = i->child; k; k = k->next)
			n++;
	all = arena_array(a, n + 1, sizeof(*all));
	for (const struct yaml *i = y->child; i; i = i->next) {
		if (i->type != YAML_MAP || !i->child)
			return sigma_bad(
				g->s, i, "an alias must be a map of rules and their fields");
		for (const struct yaml *k = i->child; k; k = k->next) {
			if (k->type != YAML_SCALAR)
				return sigma_bad(g->s, k, "the name of a field must be a text");
			if (!check_field(g, k, k->text))
				return false;
			all[g->c->n_aliases++] =
				(struct correlation_alias){.alias = arena_dup(a, i->key),
					.rule = arena_dup(a, k->key),
					.field = arena_dup(a, k->text),
					.line = k->line};
		}
	}
	g->c->aliases = all;
	return true;
}

/* pySigma's units; a month is a twelfth of a mean year of the Gregorian calendar. */
static bool read_timespan(struct reading *g)
{
	static const struct {
		char unit;
		uint32_t seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}, {'M', 2629746},
		{'y', 31556952}};
	const uint64_t most = UINT64_C(100) * 31556952;
	const struct yaml *y = yaml_get(g->map, "timespan");
	uint64_t n;

	if (!y || y->type != YAML_SCALAR || !y->text.n)
		return sigma_bad(g->s, y ? y : g->map, "a correlation without a timespan");
	for (size_t i = 0; y->text.n < 24 && i < sizeof(units) / sizeof(units[0]); i++) {
		if (y->text.p[y->text.n - 1] != units[i].unit)
			continue;
		if (!str_u64(str_upto(y->text, y->text.n - 1), &n) || n == 0 ||
			n > most / units[i].seconds)
			break;
		g->c->span = (int64_t)(n * units[i].seconds) * WHEN_SECOND;
		g->c->timespan = arena_dup(&g->s->rs->arena, y->text);
		return true;
	}
	return sigma_bad(g->s, y,
		"'" STR_FMT "' is no timespan: a number and s, m, h, d, w, M or y, up to 100y",
		STR_ARG(str_upto(y->text, 80)));
}

static bool read_number(struct reading *g, const struct yaml *y, bool whole, double *ret)
{
	char room[64], *end;
	uint64_t n;

	if (y->type != YAML_SCALAR || !y->text.n || y->text.n >= sizeof(room) ||
		strpbrk(y->text.p, "xXnNiIpP"))
		return sigma_bad(g->s, y, "'" STR_FMT "' wants a number", STR_ARG(y->key));
	if (whole && (!str_u64(y->text, &n) || n > (UINT64_C(1) << 53)))
		return sigma_bad(g->s, y, "'" STR_FMT "' wants a whole number", STR_ARG(y->key));
	memcpy(room, y->text.p, y->text.n);
	room[y->text.n] = 0;
	*ret = strtod(room, &end);
	if (*end || !isfinite(*ret))
		return sigma_bad(g->s, y, "'" STR_FMT "' wants a number", STR_ARG(y->key));
	return true;
}

/* A condition of counts that no count from 1 on meets would never be said. */
static bool can_be_met(const struct correlation *c)
{
	double most = c->type == CORRELATE_TEMPORAL || c->type == CORRELATE_TEMPORAL_ORDERED
			      ? c->n_refs
			      : HUGE_VAL;

	for (uint32_t i = 0; i <= c->n_bounds; i++) {
		for (int k = -1; k <= 1; k++) {
			double n = i < c->n_bounds ? c->bounds[i].number + k : 1;
			if (n >= 1 && n <= most && correlation_met(c, n))
				return true;
		}
	}
	return false;
}

static bool read_member(struct reading *g, const struct yaml *y)
{
	struct correlation *c = g->c;
	double n;

	for (int op = 0; op < CORRELATION_OPS; op++) {
		if (!str_eq(y->key, str_of(correlation_op_name((enum correlation_op)op))))
			continue;
		if (!read_number(g, y, counts(c), &n))
			return false;
		c->bounds[c->n_bounds++] = (struct correlation_bound){(enum correlation_op)op, n};
		return true;
	}
	if (str_eq(y->key, STR("field")) && !is_temporal(c) && c->type != CORRELATE_EVENT_COUNT)
		return read_fields(g, y, &c->fields, &c->n_fields);
	if (str_eq(y->key, STR("percentile")) && c->type == CORRELATE_VALUE_PERCENTILE) {
		if (!read_number(g, y, true, &n) || n > 100)
			return sigma_bad(g->s, y, "'percentile' wants a whole number up to 100");
		c->percentile = (uint32_t)n;
		return true;
	}
	return sigma_bad(g->s, y, "a condition of %s has no '" STR_FMT "'",
		correlation_type_name(c->type), STR_ARG(str_upto(y->key, 80)));
}

static bool read_numbers(struct reading *g, const struct yaml *y)
{
	struct correlation *c = g->c;

	for (const struct yaml *i = y->child; i; i = i->next)
		if (!read_member(g, i))
			return false;
	if (!c->n_bounds)
		return sigma_bad(g->s, y, "a condition without gt, gte, lt, lte, eq or neq");
	if (c->type != CORRELATE_EVENT_COUNT && !is_temporal(c) && !c->n_fields)
		return sigma_bad(g->s, y, "a condition of %s without a field",
			correlation_type_name(c->type));
	if (c->type > CORRELATE_TEMPORAL_ORDERED && c->n_fields > 1)
		return sigma_bad(g->s, y, "%s is of one field", correlation_type_name(c->type));
	if (c->type == CORRELATE_VALUE_PERCENTILE && !yaml_get(y, "percentile"))
		return sigma_bad(g->s, y, "a condition of value_percentile without 'percentile'");
	if (counts(c) && !can_be_met(c))
		return sigma_bad(g->s, y, "a condition that no window with an event in it meets");
	return true;
}

/* "rule_a and not rule_b": names of `rules`, each of which must be used. */
static bool read_names(struct reading *g, const struct yaml *y)
{
	struct selection all[LIMIT_CORRELATION_RULES];
	struct ruleset *rs = g->s->rs;
	struct correlation *c = g->c;
	uint32_t first = (uint32_t)rs->exprs.n, expr;
	uint64_t used = 0;

	if (!is_temporal(c))
		return sigma_bad(
			g->s, y, "a condition of %s must be a map", correlation_type_name(c->type));
	for (uint32_t i = 0; i < c->n_refs; i++) {
		*vec_push(&rs->exprs) = (struct expr){.kind = EXPR_TRUE, .name = STR("")};
		all[i] = (struct selection){c->refs[i].name, first + i};
	}
	if (!sigma_condition(g->s, y, all, c->n_refs, &expr))
		return false;
	for (size_t i = first; i < rs->exprs.n; i++)
		for (uint32_t k = 0; k < rs->exprs.at[i].n; k++) {
			uint32_t child = rs->children.at[rs->exprs.at[i].first + k];
			if (child - first < c->n_refs)
				used |= UINT64_C(1) << (child - first);
		}
	if (expr - first < c->n_refs)
		used |= UINT64_C(1) << (expr - first);
	for (uint32_t i = 0; i < c->n_refs; i++)
		if (!(used >> i & 1))
			return sigma_bad(g->s, y, "the condition leaves out the rule '" STR_FMT "'",
				STR_ARG(str_upto(c->refs[i].name, 200)));
	c->condition = arena_dup(&rs->arena, str_trim(y->text));
	return sigma_ways(g->s, y, expr, first, c);
}

static bool read_condition(struct reading *g)
{
	const struct yaml *y = yaml_get(g->map, "condition");
	struct correlation *c = g->c;

	c->condition = STR("");
	c->has = UINT64_MAX >> (64 - c->n_refs);
	if (y && y->type == YAML_MAP)
		return read_numbers(g, y);
	if (y && y->type == YAML_SCALAR)
		return read_names(g, y);
	if (y || !is_temporal(c))
		return sigma_bad(g->s, y ? y : g->map, "a correlation without a condition");
	/* All of the rules. */
	struct correlation_way *way = arena_new(&g->s->rs->arena, struct correlation_way);
	way->has = c->has;
	c->ways = way;
	c->n_ways = 1;
	return true;
}

/* The specification has it beside `correlation`, pySigma in it. */
static bool read_generate(struct reading *g, const struct yaml *doc)
{
	const struct yaml *in = yaml_get(g->map, "generate"), *beside = yaml_get(doc, "generate");
	const struct yaml *all[] = {in, beside};

	for (size_t i = 0; i < 2; i++) {
		if (!all[i])
			continue;
		bool is_true = yaml_is_true(all[i]);
		if (all[i]->type != YAML_SCALAR ||
			(!is_true && !str_eq(all[i]->text, STR("false"))))
			return sigma_bad(g->s, all[i], "'generate' wants true or false");
		if (i && in && is_true != g->c->generate)
			return sigma_bad(g->s, beside, "'generate' is said twice, and differs");
		g->c->generate = is_true;
	}
	return true;
}

bool sigma_correlation(struct sigma *s, const struct yaml *doc, struct rule *r)
{
	struct correlation *c = arena_new(&s->rs->arena, struct correlation);
	struct reading g = {.s = s, .map = yaml_get(doc, "correlation"), .c = c};
	const struct yaml *group = yaml_get(g.map, "group-by");

	c->line = g.map->line;
	r->correlation = c;
	return check_names(&g) && read_type(&g) && read_rules(&g) &&
	       (!group || read_fields(&g, group, &c->group_by, &c->n_group_by)) &&
	       read_aliases(&g) && read_timespan(&g) && read_condition(&g) &&
	       read_generate(&g, doc);
}
