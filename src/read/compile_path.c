#include "read/compile.h"

static bool bad(struct compiler *c, const struct yaml *y, const char *what, struct str subject)
{
	return yaml_bad(c->file, y, c->err, "%s: '" STR_FMT "'", what, STR_ARG(subject));
}

static void add_alt(struct compiler *c, const struct path *p)
{
	uint32_t node = build_path(c->f, p);

	*vec_push(&c->f->alts) = build_slot(c->f, node);
}

/* A flattened log writes leading keys as one: "id.orig_h", "id_orig_h". */
static void add_joined(struct compiler *c, const struct path *p)
{
	size_t keys = 0;

	while (keys < p->n && p->at[keys].kind == STEP_KEY)
		keys++;
	if (!c->joined || keys < 2)
		return;
	for (const struct yaml *j = c->joined->child; j; j = j->next) {
		struct str name = p->at[0].key;
		struct path q = {.n = p->n - keys + 1};
		for (size_t i = 1; i < keys; i++)
			name = arena_printf(&c->f->arena, STR_FMT STR_FMT STR_FMT, STR_ARG(name),
				STR_ARG(j->text), STR_ARG(p->at[i].key));
		q.at[0] = (struct step){STEP_KEY, name, {0}};
		memcpy(q.at + 1, p->at + keys, (p->n - keys) * sizeof(q.at[0]));
		add_alt(c, &q);
	}
}

/* The "[Name=*]" of a beginning, or its end. */
static size_t find_star(const struct path *p)
{
	size_t i = 0;

	while (i < p->n && (p->at[i].kind != STEP_WHERE || !str_eq(p->at[i].value, STR("*"))))
		i++;
	return i;
}

/*
 * The path with another beginning in place of its first key; in one with a star, in place of its
 * first two: the star is the second.
 */
static bool begin_with(struct compiler *c, const struct yaml *beginning, struct path *inout_p)
{
	struct path to;
	const char *why;
	size_t from = 1, star;

	if (!path_parse(beginning->text, &to, &why))
		return bad(c, beginning, why, beginning->text);
	star = find_star(&to);
	if (star < to.n)
		to.at[star].value = inout_p->at[from++].key;
	if (to.n + inout_p->n - from > PATH_STEPS_MAX)
		return bad(c, beginning, "a path has at most 16 steps", beginning->text);
	memcpy(to.at + to.n, inout_p->at + from, (inout_p->n - from) * sizeof(to.at[0]));
	to.n += inout_p->n - from;
	*inout_p = to;
	return true;
}

/* A beginning with a star is of no use to a path without a second key. */
static bool has_star_in_vain(const struct yaml *beginning, const struct path *p)
{
	return str_find(beginning->text, STR("=*]")) < beginning->text.n &&
	       (p->n < 2 || p->at[1].kind != STEP_KEY);
}

static bool add_path(struct compiler *c, const struct yaml *y, struct str text)
{
	struct path p;
	const char *why;

	if (!path_parse(text, &p, &why))
		return bad(c, y, why, text);
	struct str key = p.at[0].key;
	const struct yaml *rename = yaml_find(c->rename, key);
	if (rename && !begin_with(c, rename, &p))
		return false;
	add_alt(c, &p);
	add_joined(c, &p);
	const struct yaml *others = rename ? NULL : yaml_find(c->spelled, key);
	for (const struct yaml *o = others ? others->child : NULL; o; o = o->next) {
		struct path q = p;
		if (has_star_in_vain(o, &p))
			continue;
		if (!begin_with(c, o, &q))
			return false;
		add_alt(c, &q);
		add_joined(c, &q);
	}
	return true;
}

bool compile_paths(
	struct compiler *c, const struct yaml *y, struct str text, struct range *ret_alts)
{
	struct range r = {(uint32_t)c->f->alts.n, 0};
	struct str rest = text, one;

	if (y->type != YAML_SCALAR && !text.n)
		return bad(c, y, "a path is a text such as A.B | C", y->key);
	while (path_alternative(&rest, &one))
		if (!add_path(c, y, one))
			return false;
	r.n = (uint32_t)c->f->alts.n - r.first;
	if (!r.n)
		return bad(c, y, "a path is missing", y->key);
	*ret_alts = r;
	return true;
}

static bool add_words(struct compiler *c, const struct yaml *y, struct range *ret)
{
	struct range r = {(uint32_t)c->f->words.n, 0};

	if (y->type == YAML_SCALAR) {
		*vec_push(&c->f->words) = arena_dup(&c->f->arena, y->text);
	} else if (y->type == YAML_LIST) {
		for (const struct yaml *w = y->child; w; w = w->next) {
			if (w->type != YAML_SCALAR)
				return bad(c, w, "a list of words is wanted", y->key);
			*vec_push(&c->f->words) = arena_dup(&c->f->arena, w->text);
		}
	}
	r.n = (uint32_t)c->f->words.n - r.first;
	if (!r.n)
		return bad(c, y, "a word or a list of words is wanted", y->key);
	*ret = r;
	return true;
}

static bool compile_test(struct compiler *c, const struct yaml *y, struct program_cond *cond)
{
	const struct yaml *prefix = yaml_get(y, "prefix"), *not = yaml_get(y, "not");

	if (y->type == YAML_MAP) {
		if (!y->child || y->child->next || !(prefix || not ))
			return bad(c, y, "a test is {prefix: TEXT} or {not: WORDS}", y->key);
		cond->op = prefix ? COND_PREFIX : COND_IS_NOT;
		return add_words(c, prefix ? prefix : not, &cond->words);
	}
	cond->op = COND_IS;
	if (y->type == YAML_SCALAR && !y->quoted) {
		if (str_eq(y->text, STR("exists")))
			cond->op = COND_EXISTS;
		else if (str_eq(y->text, STR("empty")))
			cond->op = COND_EMPTY;
		else if (str_eq(y->text, STR("absent")))
			cond->op = COND_ABSENT;
	}
	return cond->op == COND_IS ? add_words(c, y, &cond->words) : true;
}

bool compile_conds(struct compiler *c, const struct yaml *y, struct range *ret_conds)
{
	VEC(struct program_cond) conds = {0};
	bool fine = true;

	if (y && y->type != YAML_MAP)
		return bad(c, y, "conditions are PATH: TEST", y->key);
	for (const struct yaml *t = y ? y->child : NULL; t && fine; t = t->next) {
		struct program_cond cond = {0};
		fine = compile_paths(c, t, t->key, &cond.alts) && compile_test(c, t, &cond);
		*vec_push(&conds) = cond;
	}
	*ret_conds = (struct range){(uint32_t)c->f->conds.n, (uint32_t)conds.n};
	for (size_t i = 0; i < conds.n; i++)
		*vec_push(&c->f->conds) = conds.at[i];
	vec_release(&conds);
	return fine;
}

bool compile_when(struct compiler *c, const struct yaml *y, struct program_when *ret_when)
{
	VEC(struct range) clauses = {0};
	const struct yaml *one = y && y->type == YAML_LIST ? y->child : y;
	bool fine = true;

	for (; one && fine; one = y->type == YAML_LIST ? one->next : NULL) {
		struct range conds = {0, 0};
		fine = compile_conds(c, one, &conds);
		*vec_push(&clauses) = conds;
	}
	ret_when->clauses = (struct range){(uint32_t)c->f->clauses.n, (uint32_t)clauses.n};
	for (size_t i = 0; i < clauses.n; i++)
		*vec_push(&c->f->clauses) = clauses.at[i];
	vec_release(&clauses);
	return fine;
}
