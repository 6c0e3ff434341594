/*
 * Conditions (Rules Specification 2.1, "Condition"), from what binds least to what binds most:
 *
 *	or      = and *( "or" and )
 *	and     = not *( "and" not )
 *	not     = *"not" operand
 *	operand = "(" or ")" / ( "1" / "all" / "any" / N ) "of" ( "them" / pattern ) / identifier
 */
#include "base/limits.h"
#include "rule/sigma_inside.h"

#define DEPTH_MAX 128u

struct condition {
	struct sigma *s;
	const struct yaml *at;
	const struct selection *all;
	size_t n;
	struct str rest;
	struct str word; /* the next one; "" at the end */
	unsigned depth;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void next(struct condition *c)
{
	size_t n = 0;

	while (c->rest.n && is_blank(c->rest.p[0]))
		c->rest = str_from(c->rest, 1);
	if (c->rest.n && (c->rest.p[0] == '(' || c->rest.p[0] == ')' || c->rest.p[0] == '|'))
		n = 1;
	while (n == 0 || (n > 1 || !strchr("()|", c->rest.p[0]))) {
		if (n >= c->rest.n || is_blank(c->rest.p[n]) || strchr("()|", c->rest.p[n]))
			break;
		n++;
	}
	c->word = str_upto(c->rest, n);
	c->rest = str_from(c->rest, n);
}

static bool is(const struct condition *c, const char *word)
{
	return str_eq_nocase(c->word, str_of(word));
}

static bool bad(struct condition *c, const char *why)
{
	return sigma_bad(c->s, c->at, "in the condition at '" STR_FMT "': %s",
		STR_ARG(str_upto(c->word.n ? c->word : STR("its end"), 80)), why);
}

static bool parse_or(struct condition *c, uint32_t *ret);

static bool parse_identifier(struct condition *c, uint32_t *ret)
{
	for (size_t i = 0; i < c->n; i++) {
		if (str_eq(c->all[i].name, c->word)) {
			*ret = c->all[i].expr;
			next(c);
			return true;
		}
	}
	return bad(c, c->word.n ? "no selection has that name" : "a selection is missing");
}

/* Wildcards anywhere in the name; the case counts. */
static bool fits(struct str pattern, struct str name)
{
	struct arena a = {0};
	struct glob g = glob_literal(&a, pattern);

	for (size_t i = 0; i < g.n; i++) {
		if (g.b[i] == '*' || g.b[i] == '?')
			g.at[i] = g.b[i] == '*' ? GLOB_ANY : GLOB_ONE;
	}
	bool done = glob_fits(&g, name);
	arena_release(&a);
	return done;
}

/* Names that begin with _ are chosen only by a pattern that does. */
static bool parse_of(struct condition *c, struct str quantifier, uint32_t *ret)
{
	struct ruleset *rs = c->s->rs;
	VEC(uint32_t) chosen = {0};
	uint64_t least = 1;

	next(c); /* "of" */
	bool them = is(c, "them");
	bool hidden = str_starts(c->word, STR("_"));
	for (size_t i = 0; i < c->n; i++) {
		struct str name = c->all[i].name;
		if (str_starts(name, STR("_")) == hidden && (them || fits(c->word, name)))
			*vec_push(&chosen) = c->all[i].expr;
	}
	bool some = chosen.n > 0;
	if (str_eq_nocase(quantifier, STR("all"))) {
		*ret = ruleset_expr(rs, EXPR_AND, chosen.at, chosen.n);
	} else if (str_eq_nocase(quantifier, STR("any")) ||
		   (str_u64(quantifier, &least) && least == 1)) {
		*ret = ruleset_expr(rs, EXPR_OR, chosen.at, chosen.n);
	} else {
		*ret = ruleset_expr(rs, EXPR_AT_LEAST, chosen.at, chosen.n);
		rs->exprs.at[*ret].least = (uint32_t)least;
		some = some && least > 0 && least <= chosen.n;
	}
	vec_release(&chosen);
	if (!some)
		return bad(c, "not so many selections have such a name");
	next(c);
	return true;
}

static bool parse_operand(struct condition *c, uint32_t *ret)
{
	struct str word = c->word, rest = c->rest;

	if (str_eq(c->word, STR("("))) {
		next(c);
		if (!parse_or(c, ret))
			return false;
		if (!str_eq(c->word, STR(")")))
			return bad(c, "a ')' is missing");
		next(c);
		return true;
	}
	uint64_t n;
	if (is(c, "all") || is(c, "any") || str_u64(c->word, &n)) {
		next(c);
		if (is(c, "of"))
			return parse_of(c, word, ret);
		c->word = word; /* a selection may be called so */
		c->rest = rest;
	}
	return parse_identifier(c, ret);
}

static bool parse_not(struct condition *c, uint32_t *ret)
{
	bool negated = false;

	for (; is(c, "not"); next(c))
		negated = !negated;
	if (!parse_operand(c, ret))
		return false;
	if (negated)
		*ret = ruleset_expr(c->s->rs, EXPR_NOT, ret, 1);
	return true;
}

static bool parse_list(struct condition *c, const char *word, enum expr_kind kind,
	bool (*part)(struct condition *c, uint32_t *ret), uint32_t *ret)
{
	VEC(uint32_t) parts = {0};
	bool done;

	for (;;) {
		uint32_t e;
		done = part(c, &e);
		if (!done)
			break;
		*vec_push(&parts) = e;
		if (!is(c, word))
			break;
		next(c);
	}
	if (done)
		*ret = ruleset_expr(c->s->rs, kind, parts.at, parts.n);
	vec_release(&parts);
	return done;
}

static bool parse_and(struct condition *c, uint32_t *ret)
{
	return parse_list(c, "and", EXPR_AND, parse_not, ret);
}

static bool parse_or(struct condition *c, uint32_t *ret)
{
	if (++c->depth > DEPTH_MAX)
		return bad(c, "too many parentheses in one another");
	bool done = parse_list(c, "or", EXPR_OR, parse_and, ret);
	c->depth--;
	return done;
}

static bool one_condition(struct condition *c, uint32_t *ret)
{
	c->rest = c->at->text;
	next(c);
	if (!parse_or(c, ret))
		return false;
	if (str_eq(c->word, STR("|")))
		return bad(c, "the old form that counts behind a bar; a correlation says the same");
	return c->word.n == 0 || bad(c, "an 'and' or 'or' is missing");
}

bool sigma_condition(struct sigma *s, const struct yaml *at, const struct selection *all, size_t n,
	uint32_t *ret_expr)
{
	struct condition c = {.s = s, .at = at, .all = all, .n = n};
	VEC(uint32_t) any = {0};
	size_t bytes = at->text.n;
	bool done = true;

	for (const struct yaml *y = at->child; y; y = y->next)
		bytes += y->text.n;
	if (bytes > LIMIT_RULE_CONDITION)
		return sigma_bad(s, at, "a condition of more than %u bytes", LIMIT_RULE_CONDITION);
	if (at->type == YAML_SCALAR)
		return one_condition(&c, ret_expr);
	if (at->type != YAML_LIST || !at->child)
		return sigma_bad(s, at, "a condition must be a text, or a list of texts");
	for (const struct yaml *y = at->child; done && y; y = y->next) {
		uint32_t e;
		c.at = y;
		if (y->type != YAML_SCALAR)
			done = sigma_bad(s, y, "a condition must be a text");
		else
			done = one_condition(&c, &e);
		if (done)
			*vec_push(&any) = e;
	}
	if (done)
		*ret_expr = ruleset_expr(s->rs, EXPR_OR, any.at, any.n);
	vec_release(&any);
	return done;
}
