#include "rule/eval.h"

#include <stdlib.h>

#include "rule/index.h"
#include "rule/yara.h"

/* As many reasons, and bytes of a value, as one reads. */
#define REASONS_MAX 12u
#define VALUE_BYTES 160u

/* Of a mail. */
struct piece {
	struct str path, name, bytes;
};

/* Of a mail of which facts alone are kept. */
struct told {
	uint8_t key[16];
	struct str why;
};

struct eval {
	const struct ruleset *rs;
	struct view view;
	uint32_t *known; /* one a test: epoch * 2 + what it said */
	uint32_t epoch;
	struct yara_scan *yara;   /* made when a YARA rule is asked for the first time */
	VEC(struct piece) pieces; /* of the event, for it … */
	size_t looked_at;         /* … of which so many were shown to it */
	bool yara_begun;          /* with this event */
	VEC(struct told) told;
	VEC(struct rule_index *) routes;
	VEC(uint32_t) matches;
	uint64_t asked;
};

struct eval *eval_new(const struct ruleset *rs)
{
	struct eval *e = calloc(1, sizeof(*e));

	if (!e)
		BUG("out of memory");
	e->rs = rs;
	view_init(&e->view, &rs->fields);
	e->known = calloc(rs->tests.n + 1, sizeof(*e->known));
	if (!e->known)
		BUG("out of memory");
	return e;
}

void eval_free(struct eval *e)
{
	if (!e)
		return;
	view_release(&e->view);
	yara_scan_free(e->yara);
	vec_release(&e->pieces);
	vec_release(&e->told);
	for (size_t i = 0; i < e->routes.n; i++)
		rule_index_free(e->routes.at[i]);
	vec_release(&e->routes);
	vec_release(&e->matches);
	free(e->known);
	free(e);
}

struct view *eval_begin(struct eval *e, struct str raw)
{
	if (++e->epoch == UINT32_MAX / 2) {
		memset(e->known, 0, e->rs->tests.n * sizeof(*e->known));
		e->epoch = 1;
	}
	view_begin(&e->view, raw);
	e->pieces.n = e->looked_at = e->told.n = 0;
	e->yara_begun = false;
	return &e->view;
}

static bool test(struct eval *e, uint32_t t)
{
	if (e->known[t] / 2 != e->epoch)
		e->known[t] = e->epoch * 2 + test_holds(&e->rs->tests.at[t], &e->view);
	return e->known[t] & 1;
}

static bool holds(struct eval *e, uint32_t expr)
{
	const struct expr *x = &e->rs->exprs.at[expr];
	const uint32_t *child = e->rs->children.at + x->first;
	uint32_t n = 0;

	switch ((enum expr_kind)x->kind) {
	case EXPR_FALSE:
		return false;
	case EXPR_TRUE:
		return true;
	case EXPR_TEST:
		return test(e, x->test);
	case EXPR_NOT:
		return !holds(e, child[0]);
	case EXPR_AND:
		for (uint32_t i = 0; i < x->n; i++) {
			if (!holds(e, child[i]))
				return false;
		}
		return true;
	case EXPR_OR:
		for (uint32_t i = 0; i < x->n; i++) {
			if (holds(e, child[i]))
				return true;
		}
		return false;
	case EXPR_AT_LEAST:
		for (uint32_t i = 0; i < x->n && n < x->least; i++)
			n += holds(e, child[i]);
		return n >= x->least;
	}
	return false;
}

void eval_bytes(struct eval *e, struct str path, struct str name, struct str bytes)
{
	*vec_push(&e->pieces) = (struct piece){path, name, bytes};
}

/* "in part 2.1 'offer.doc'" */
static void show_piece(struct eval *e, const struct piece *p)
{
	struct buf what = {0};

	if (!p->path.n && !p->name.n)
		buf_str(&what, STR("in the mail"));
	else if (!p->path.n)
		buf_str(&what, STR("in the file"));
	else
		buf_addf(&what, "in part " STR_FMT, STR_ARG(p->path));
	if (p->path.n && p->name.n)
		buf_addf(&what, " '" STR_FMT "'", STR_ARG(str_upto(p->name, VALUE_BYTES)));
	struct yara_bytes b = {buf_view(&what), p->name, p->bytes};
	yara_scan_bytes(e->yara, &b);
	buf_release(&what);
}

/* What YARA rules say of the event's bytes; NULL: none is loaded. */
static struct yara_scan *look(struct eval *e)
{
	if (!e->yara)
		e->yara = yara_scan_new(e->rs);
	if (!e->yara)
		return NULL;
	if (!e->yara_begun)
		yara_scan_begin(e->yara);
	e->yara_begun = true;
	for (; e->looked_at < e->pieces.n; e->looked_at++)
		show_piece(e, &e->pieces.at[e->looked_at]);
	return e->yara;
}

void eval_told(struct eval *e, const uint8_t key[16], struct str why)
{
	struct told *t = vec_push(&e->told);

	memcpy(t->key, key, sizeof(t->key));
	t->why = why;
}

static const struct told *told_of(const struct eval *e, const struct rule *r)
{
	for (size_t i = 0; i < e->told.n; i++)
		if (memcmp(e->told.at[i].key, r->key, sizeof(r->key)) == 0)
			return &e->told.at[i];
	return NULL;
}

bool eval_rule(struct eval *e, uint32_t rule)
{
	const struct rule *r = &e->rs->rules.at[rule];

	if (r->kind == RULE_YARA && r->loaded) {
		const struct yara_scan *s = e->pieces.n ? look(e) : NULL;
		return s ? yara_scan_matches(s, rule) : told_of(e, r) != NULL;
	}
	return r->loaded && holds(e, r->expr);
}

uint32_t eval_route(struct eval *e, const uint32_t *rules, size_t n)
{
	*vec_push(&e->routes) = rule_index_new(e->rs, rules, n);
	return (uint32_t)e->routes.n - 1;
}

static bool test_of(void *arg, uint32_t t)
{
	return test(arg, t);
}

static void ask(void *arg, uint32_t rule)
{
	struct eval *e = arg;

	e->asked++;
	if (eval_rule(e, rule))
		*vec_push(&e->matches) = rule;
}

const uint32_t *eval_matches(struct eval *e, uint32_t route, size_t *ret_n)
{
	e->matches.n = 0;
	rule_index_find(e->routes.at[route], &e->view, test_of, ask, e);
	*ret_n = e->matches.n;
	return e->matches.at;
}

uint64_t eval_asked(const struct eval *e)
{
	return e->asked;
}

static void explain_yara(struct eval *e, uint32_t rule, struct buf *out)
{
	const struct yara_scan *s = e->pieces.n ? look(e) : NULL;
	const struct told *t = told_of(e, &e->rs->rules.at[rule]);

	if (s)
		yara_scan_explain(s, rule, out);
	else if (t)
		buf_str(out, t->why);
	else
		buf_str(out, STR("there are no bytes of a mail to look at"));
}

struct explaining {
	struct eval *e;
	struct buf *out;
	unsigned n;
};

static void say_values(struct explaining *x, uint32_t field)
{
	struct view *v = &x->e->view;
	unsigned n = 0;

	if (field == FIELD_NONE)
		return;
	for (uint32_t i = view_first(v, field); i != FIELD_NONE; i = v->values.at[i].next) {
		const struct view_value *at = &v->values.at[i];
		if (at->type == JSON_OBJECT || at->type == JSON_ARRAY)
			continue;
		buf_str(x->out, n++ ? STR(", ") : STR(" (it is "));
		if (n > 4) {
			buf_str(x->out, STR("…"));
			break;
		}
		buf_str(x->out, str_upto(at->text, VALUE_BYTES));
	}
	buf_str(x->out, n ? STR(")") : STR(" (it is not there)"));
}

static void say_test(struct explaining *x, uint32_t t, bool holds)
{
	if (x->n++ >= REASONS_MAX)
		return;
	if (x->out->n)
		buf_str(x->out, STR("; "));
	if (!holds)
		buf_str(x->out, STR("not: "));
	test_print(&x->e->rs->tests.at[t], &x->e->rs->fields, x->out);
	say_values(x, x->e->rs->tests.at[t].field);
}

/* The tests that make the expression be what it is: of an AND that fails the first that does. */
static void explain(struct explaining *x, uint32_t expr, bool value)
{
	const struct expr *g = &x->e->rs->exprs.at[expr];
	const uint32_t *child = x->e->rs->children.at + g->first;
	bool all = (g->kind == EXPR_AND) == value;

	if (g->kind == EXPR_TEST)
		say_test(x, g->test, value);
	else if (g->kind == EXPR_NOT)
		explain(x, child[0], !value);
	else if (g->kind == EXPR_AND || g->kind == EXPR_OR || g->kind == EXPR_AT_LEAST) {
		if (g->kind == EXPR_AT_LEAST)
			all = true;
		for (uint32_t i = 0; i < g->n; i++) {
			bool is = holds(x->e, child[i]);
			if (is != value)
				continue;
			explain(x, child[i], is);
			if (!all)
				return;
		}
	}
}

void eval_explain(struct eval *e, uint32_t rule, struct buf *out)
{
	const struct rule *r = &e->rs->rules.at[rule];
	struct explaining x = {e, out, 0};

	if (!r->loaded) {
		buf_str(out, r->why);
		return;
	}
	if (r->kind == RULE_YARA) {
		explain_yara(e, rule, out);
		return;
	}
	explain(&x, r->expr, holds(e, r->expr));
	if (x.n > REASONS_MAX)
		buf_addf(out, "; and %u more", x.n - REASONS_MAX);
	if (!x.n)
		buf_str(out, r->is_filter ? STR("a filter of other rules") : STR("nothing"));
	if (e->view.gave_up)
		buf_str(out, STR("; some of the event met a limit and counts as not found"));
}
