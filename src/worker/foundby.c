#include "worker/foundby.h"

#include "base/hash.h"
#include "base/limits.h"
#include "read/observed.h"
#include "rule/logsource.h"
#include "text/jsonw.h"

struct finding {
	struct arena *arena;
	struct observer *ob;
	const struct formats *formats;
	size_t format;
	const struct ruleset *rs;
	struct found_by *to;
};

/* What a text is observed as where it is all of a value of that kind; false: as nothing. */
static bool observed_as(struct finding *g, uint8_t kind, struct str text, struct observable *ret)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};
	struct value v = {.text = text, .kind = kind, .field = FIELDS};
	struct event e = {.values = &v, .n_values = 1};
	struct observed o = observe_event(g->ob, &e, &flaws);

	if (!o.n)
		return false;
	*ret = o.at[0].o;
	ret->v = arena_dup(g->arena, ret->v);
	return true;
}

static bool add(struct finding *g, struct observable o)
{
	for (uint32_t i = 0; i < g->to->n; i++)
		if (observable_eq(g->to->at[i], o))
			return true;
	if (g->to->n == FOUND_BY_MAX)
		return false;
	g->to->at[g->to->n++] = o;
	return true;
}

/* The rule doesn't know the case of letters: neither may what is looked up. */
static bool add_kind(struct finding *g, uint8_t kind, struct str text)
{
	char *upper = arena_alloc(g->arena, text.n + 1), *lower = arena_alloc(g->arena, text.n + 1);
	struct observable big, small;

	for (size_t i = 0; i < text.n; i++) {
		lower[i] = ascii_lower(text.p[i]);
		upper[i] = lower[i] >= 'a' && lower[i] <= 'z' ? (char)(lower[i] - 32) : lower[i];
	}
	return observed_as(g, kind, (struct str){upper, text.n}, &big) &&
	       observed_as(g, kind, (struct str){lower, text.n}, &small) &&
	       observable_eq(big, small) && add(g, small);
}

struct adding {
	struct finding *g;
	struct str text;
};

static bool add_path(void *arg, struct str path)
{
	const struct adding *add = arg;
	struct finding *g = add->g;
	struct path_kinds kinds;

	if (!formats_path_kinds(g->formats, g->format, path, &kinds))
		return false;
	for (unsigned i = 0; i < kinds.n; i++)
		if (!add_kind(g, kinds.at[i], add->text))
			return false;
	return true;
}

static bool add_test(struct finding *g, uint32_t test)
{
	const struct test *t = &g->rs->tests.at[test];
	struct adding add = {g, glob_text(&t->glob)};

	if (t->kind != TEST_TEXT || t->field == FIELD_NONE || !t->glob.n ||
		g->rs->fields.fields.at[t->field].all)
		return false;
	for (size_t i = 0; i < t->glob.n; i++)
		if (t->glob.at[i] != GLOB_BYTE)
			return false;
	return ruleset_paths(g->rs, g->arena, t->field, add_path, &add);
}

static bool look(struct finding *g, uint32_t expr);

/* Any one of the children may be what holds, so that all of them are needed. */
static bool look_any(struct finding *g, const struct expr *x)
{
	for (uint32_t i = 0; i < x->n; i++)
		if (!look(g, g->rs->children.at[x->first + i]))
			return false;
	return x->n > 0;
}

static bool look_all(struct finding *g, const struct expr *x)
{
	uint32_t before = g->to->n;

	for (uint32_t i = 0; i < x->n; i++) {
		if (look(g, g->rs->children.at[x->first + i]))
			return true;
		g->to->n = before;
	}
	return false;
}

static bool look(struct finding *g, uint32_t expr)
{
	const struct expr *x = &g->rs->exprs.at[expr];

	switch ((enum expr_kind)x->kind) {
	case EXPR_TEST:
		return add_test(g, x->test);
	case EXPR_AND:
		return look_all(g, x);
	case EXPR_OR:
	case EXPR_AT_LEAST:
		return look_any(g, x);
	case EXPR_FALSE:
	case EXPR_TRUE:
	case EXPR_NOT:
		break;
	}
	return false;
}

bool found_by(struct arena *a, struct observer *ob, const struct formats *formats, size_t format,
	const struct ruleset *rs, const struct rule *r, struct found_by *ret)
{
	struct finding g = {a, ob, formats, format, rs, ret};

	ret->n = 0;
	return r->loaded && r->kind == RULE_SIGMA && !r->is_filter && look(&g, r->expr) && ret->n;
}

static void write_one(
	struct jsonw *w, struct arena *a, struct str format, const struct observable *o)
{
	char *hex = arena_alloc(a, o->v.n * 2 + 1);

	hex_write(o->v.p, o->v.n, hex);
	jsonw_open(w, '{');
	jsonw_member_str(w, "format", format);
	jsonw_member_u64(w, "kind", o->kind);
	jsonw_member_u64(w, "form", o->form);
	jsonw_member_str(w, "value", (struct str){hex, o->v.n * 2});
	jsonw_close(w, '}');
}

void found_by_write(struct jsonw *w, struct observer *ob, const struct formats *formats,
	const struct ruleset *rs, const struct rule *r)
{
	struct arena a = {0};
	struct found_by found;

	jsonw_key(w, "found_by");
	jsonw_open(w, '[');
	for (size_t i = 0; i < formats_count(formats); i++) {
		struct str name = formats_info(formats, i)->name;
		if (!logsource_meets(rs, &r->logsource, name) ||
			!found_by(&a, ob, formats, i, rs, r, &found))
			continue;
		for (uint32_t k = 0; k < found.n; k++)
			write_one(w, &a, name, &found.at[k]);
	}
	jsonw_close(w, ']');
	arena_release(&a);
}
