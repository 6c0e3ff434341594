/* Selections: members of maps with their modifiers, keywords, lists. */
#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"
#include "rule/regex.h"
#include "rule/sigma_value.h"
#include "text/ipaddr.h"

bool sigma_bad(struct sigma *s, const struct yaml *at, const char *fmt, ...)
{
	char msg[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	return err_set(&s->err, ERR_CONFIG, "line %u: %s", at ? at->line : 1, msg);
}

/* One form of a value as a test of the field. */
struct testing {
	struct sigma *s;
	const struct yaml *at;
	uint32_t field;
};

static bool regex_test(struct testing *g, const struct rule_text *v, struct test *t)
{
	struct err why;

	t->kind = TEST_REGEX;
	t->regex_flags = v->regex_flags;
	if (!regex_compile(v->text, v->regex_flags, &t->regex, &why))
		return sigma_bad(g->s, g->at, "%s", why.msg);
	return true;
}

static bool field_test(struct testing *g, const struct rule_text *v, struct test *t)
{
	struct err why;

	t->kind = TEST_FIELD;
	t->place = v->place;
	t->cased = v->cased;
	if (g->field == FIELD_NONE)
		return sigma_bad(g->s, g->at, "fieldref without a field");
	if (!ruleset_field(g->s->rs, &g->s->source, v->text, &t->other, &why))
		return sigma_bad(g->s, g->at, "%s", why.msg);
	return true;
}

static bool network_test(struct testing *g, const struct rule_text *v, struct test *t)
{
	struct str text = str_trim(v->text);

	t->kind = TEST_NETWORK;
	if (!ipaddr_network(text, t->from, t->to))
		return sigma_bad(g->s, g->at, "'" STR_FMT "' is no network", STR_ARG(text));
	return true;
}

/* In a whole event, a word is looked for anywhere, be it a number or not. */
static bool keyword_test(struct testing *g, const struct rule_text *v, struct test *t)
{
	struct arena *a = &g->s->rs->arena;
	bool plain = v->kind == VALUE_NUMBER || v->kind == VALUE_BOOL;

	if (v->timed || (!plain && v->kind != VALUE_TEXT))
		return sigma_bad(g->s, g->at, "a keyword must be a text");
	t->kind = TEST_TEXT;
	t->glob = plain ? glob_literal(a, v->text) : v->glob;
	glob_open_start(a, &t->glob);
	glob_open_end(a, &t->glob);
	if (!v->cased)
		glob_lower(&t->glob);
	return true;
}

static bool text_test(const struct rule_text *v, struct test *t)
{
	t->kind = TEST_TEXT;
	t->glob = v->glob;
	if (!v->cased)
		glob_lower(&t->glob);
	return true;
}

/*
 * Only a text that is told to be compared with case keeps it.  What glob_fits gets of keywords is in
 * the case of the record, so that the glob alone is lowered and compares so itself.
 */
static bool make_test(struct testing *g, const struct rule_text *v, struct test *t)
{
	*t = (struct test){.field = g->field,
		.text = arena_dup(&g->s->rs->arena, v->text),
		.number = v->number,
		.op = v->op,
		.part = v->part,
		.flag = v->flag};
	if (g->field == FIELD_NONE && v->kind != VALUE_REGEX && v->kind != VALUE_FIELD)
		return keyword_test(g, v, t);
	switch (v->kind) {
	case VALUE_NUMBER:
		t->kind = v->timed ? TEST_TIMEPART : TEST_NUMBER;
		return true;
	case VALUE_COMPARE:
		t->kind = v->timed ? TEST_TIMEPART : TEST_COMPARE;
		return true;
	case VALUE_BOOL:
		t->kind = TEST_BOOL;
		return true;
	case VALUE_NULL:
		t->kind = TEST_NULL;
		return true;
	case VALUE_EXISTS:
		t->kind = TEST_EXISTS;
		return true;
	case VALUE_REGEX:
		return regex_test(g, v, t);
	case VALUE_NETWORK:
		return network_test(g, v, t);
	case VALUE_FIELD:
		return field_test(g, v, t);
	case VALUE_TEXT:
		return text_test(v, t);
	}
	return false;
}

/* All forms of one value: one of them. */
static bool any_form(struct testing *g, const struct value_set *v, uint32_t *ret_expr)
{
	uint32_t *exprs = arena_array(&g->s->rs->arena, v->n + 1, sizeof(*exprs));

	for (size_t i = 0; i < v->n; i++) {
		struct test t;
		if (!make_test(g, &v->at[i], &t))
			return false;
		exprs[i] = ruleset_expr_test(g->s->rs, ruleset_test(g->s->rs, &t));
	}
	*ret_expr = ruleset_expr(g->s->rs, EXPR_OR, exprs, v->n);
	return true;
}

static bool one_value(
	struct testing *g, struct str modifiers, struct item_modifiers *m, uint32_t *ret_expr)
{
	struct rule_text first = value_of_yaml(&g->s->rs->arena, g->at);
	struct value_set v = {&first, 1};

	while (modifiers.n) {
		struct str one = str_cut(&modifiers, '|');
		if (!value_modify(g->s, g->at, one, m, &v))
			return false;
	}
	return any_form(g, &v, ret_expr);
}

static bool all_values(struct testing *g, const struct yaml *list, struct str modifiers,
	struct item_modifiers *m, uint32_t *ret_expr)
{
	VEC(uint32_t) exprs = {0};
	bool done = true;

	for (const struct yaml *y = list->child; done && y; y = y->next) {
		uint32_t e;
		g->at = y;
		if (y->type != YAML_SCALAR)
			done = sigma_bad(g->s, y, "a list or a map where a value must stand");
		else
			done = one_value(g, modifiers, m, &e);
		if (done)
			*vec_push(&exprs) = e;
	}
	if (done && !exprs.n)
		done = sigma_bad(g->s, list, "an empty list of values");
	if (done)
		*ret_expr = ruleset_expr(g->s->rs, m->all ? EXPR_AND : EXPR_OR, exprs.at, exprs.n);
	vec_release(&exprs);
	return done;
}

bool sigma_item(struct sigma *s, const struct yaml *at, struct str key, uint32_t *ret_expr)
{
	struct str modifiers = key, name = str_cut(&modifiers, '|');
	struct testing g = {.s = s, .at = at, .field = FIELD_NONE};
	struct item_modifiers m = {0};
	struct err why;

	if (name.n && !ruleset_field(s->rs, &s->source, name, &g.field, &why))
		return sigma_bad(s, at, "%s", why.msg);
	if (at->type == YAML_MAP)
		return sigma_bad(s, at, "a map where values must stand");
	bool done = at->type == YAML_LIST ? all_values(&g, at, modifiers, &m, ret_expr)
					  : one_value(&g, modifiers, &m, ret_expr);
	if (done && m.neq)
		*ret_expr = ruleset_expr(s->rs, EXPR_NOT, ret_expr, 1);
	return done;
}

static bool map_selection(struct sigma *s, const struct yaml *map, uint32_t *ret_expr)
{
	VEC(uint32_t) exprs = {0};
	bool done = true;

	for (const struct yaml *y = map->child; done && y; y = y->next) {
		uint32_t e;
		done = sigma_item(s, y, y->key, &e);
		if (done)
			*vec_push(&exprs) = e;
	}
	if (done && !exprs.n)
		done = sigma_bad(s, map, "an empty selection");
	if (done)
		*ret_expr = ruleset_expr(s->rs, EXPR_AND, exprs.at, exprs.n);
	vec_release(&exprs);
	return done;
}

bool sigma_selection(struct sigma *s, const struct yaml *at, uint32_t *ret_expr)
{
	VEC(uint32_t) exprs = {0};
	bool done = true;

	if (at->type == YAML_MAP)
		return map_selection(s, at, ret_expr);
	if (at->type == YAML_SCALAR)
		return sigma_item(s, at, STR(""), ret_expr);
	for (const struct yaml *y = at->child; done && y; y = y->next) {
		uint32_t e;
		done = sigma_selection(s, y, &e);
		if (done)
			*vec_push(&exprs) = e;
	}
	if (done && !exprs.n)
		done = sigma_bad(s, at, "an empty selection");
	if (done)
		*ret_expr = ruleset_expr(s->rs, EXPR_OR, exprs.at, exprs.n);
	vec_release(&exprs);
	return done;
}
