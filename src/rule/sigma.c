#include "rule/sigma.h"

#include <stdio.h>

#include "base/limits.h"
#include "rule/sigma_inside.h"

static struct str text_at(struct arena *a, const struct yaml *map, const char *key)
{
	const struct yaml *y = yaml_get(map, key);

	return y && y->type == YAML_SCALAR ? arena_dup(a, y->text) : STR("");
}

/* A list of texts; a text alone is a list of one. */
static const struct str *texts_at(
	struct arena *a, const struct yaml *map, const char *key, uint32_t *ret_n)
{
	const struct yaml *y = yaml_get(map, key);
	uint32_t n = 0;

	*ret_n = 0;
	if (!y || y->type == YAML_MAP)
		return NULL;
	const struct yaml *first = y->type == YAML_LIST ? y->child : y;
	for (const struct yaml *i = first; i; i = y->type == YAML_LIST ? i->next : NULL)
		n++;
	struct str *all = arena_array(a, n + 1, sizeof(*all));
	for (const struct yaml *i = first; i; i = y->type == YAML_LIST ? i->next : NULL) {
		if (i->type == YAML_SCALAR && i->text.n)
			all[(*ret_n)++] = arena_dup(a, i->text);
	}
	return all;
}

static enum rule_level level_of(struct str s)
{
	for (int l = RULE_INFORMATIONAL; l <= RULE_CRITICAL; l++) {
		if (str_eq_nocase(s, str_of(rule_level_name((enum rule_level)l))))
			return (enum rule_level)l;
	}
	return RULE_LEVEL_NONE;
}

static void describe(struct arena *a, const struct yaml *doc, struct rule *r)
{
	const struct yaml *source = yaml_get(doc, "logsource");

	r->title = text_at(a, doc, "title");
	r->id = text_at(a, doc, "id");
	r->name = text_at(a, doc, "name");
	r->status = text_at(a, doc, "status");
	r->description = text_at(a, doc, "description");
	r->author = text_at(a, doc, "author");
	r->level = level_of(text_at(a, doc, "level"));
	r->tags = texts_at(a, doc, "tags", &r->n_tags);
	r->references = texts_at(a, doc, "references", &r->n_references);
	r->falsepositives = texts_at(a, doc, "falsepositives", &r->n_falsepositives);
	r->logsource.product = text_at(a, source, "product");
	r->logsource.category = text_at(a, source, "category");
	r->logsource.service = text_at(a, source, "service");
}

bool sigma_detection(struct sigma *s, const struct yaml *map, uint32_t *ret_expr)
{
	const struct yaml *condition = yaml_get(map, "condition");
	struct selection all[LIMIT_RULE_SELECTIONS];
	bool is_filter = str_eq(map->key, STR("filter"));
	size_t n = 0;

	if (!condition)
		return sigma_bad(s, map, "'" STR_FMT "' has no condition", STR_ARG(map->key));
	for (const struct yaml *y = map->child; y; y = y->next) {
		uint32_t e;
		bool selects = y != condition && !str_eq(y->key, STR("timeframe")) &&
			       !(is_filter && str_eq(y->key, STR("rules")));
		if (!selects)
			continue;
		if (n == LIMIT_RULE_SELECTIONS)
			return sigma_bad(s, y, "more than %u selections", LIMIT_RULE_SELECTIONS);
		if (!sigma_selection(s, y, &e))
			return false;
		/* A name of its own even if it is one test that others have too. */
		e = ruleset_expr(s->rs, EXPR_AT_LEAST, &e, 1);
		s->rs->exprs.at[e].least = 1;
		s->rs->exprs.at[e].name = arena_dup(&s->rs->arena, y->key);
		all[n++] = (struct selection){y->key, e};
	}
	if (!sigma_condition(s, condition, all, n, ret_expr))
		return false;
	if (s->rs->exprs.at[*ret_expr].cost > LIMIT_RULE_COST)
		return sigma_bad(s, condition, "more than %u tests for one event", LIMIT_RULE_COST);
	return true;
}

/* What kind of document it is, and what of it can't be honoured. */
static bool read_body(struct sigma *s, const struct yaml *doc, struct rule *r, uint32_t rule)
{
	const struct yaml *detection = yaml_get(doc, "detection"), *level = yaml_get(doc, "level");
	const struct yaml *correlation = yaml_get(doc, "correlation");

	if (s->rs->exprs.n + s->rs->children.n > LIMIT_RULES_NODES)
		return sigma_bad(s, doc, "more rules than fit: %u tests", LIMIT_RULES_NODES);
	if (level && !r->level)
		return sigma_bad(s, level, "no level is called so");
	if (correlation && detection)
		return sigma_bad(s, correlation, "a rule can't have 'detection' and 'correlation'");
	if (correlation) {
		r->kind = RULE_CORRELATION;
		return sigma_correlation(s, doc, r);
	}
	if (!detection && yaml_get(doc, "filter")) {
		r->is_filter = true;
		return sigma_filter(s, doc, rule);
	}
	if (!detection)
		return sigma_bad(s, doc, "there is no 'detection'");
	if (detection->type != YAML_MAP)
		return sigma_bad(s, detection, "'detection' must be a map");
	return sigma_detection(s, detection, &r->expr);
}

static void refuse(struct ruleset *rs, struct rule *r, const char *why)
{
	r->loaded = false;
	r->why = arena_dup(&rs->arena, str_of(why));
}

static void read_rule(struct ruleset *rs, const struct yaml *doc, struct str file)
{
	struct rule r = {.file = file, .line = doc->line};
	struct sigma s = {.rs = rs};

	if (doc->type != YAML_MAP) {
		refuse(rs, &r, "line 1: a rule must be a map");
	} else {
		describe(&rs->arena, doc, &r);
		s.source = r.logsource;
		r.loaded = read_body(&s, doc, &r, (uint32_t)rs->rules.n);
		if (!r.loaded)
			refuse(rs, &r, s.err.msg);
	}
	*vec_push(&rs->rules) = r;
}

struct merging {
	struct arena *a;
	size_t steps; /* keys held against keys */
};

static size_t width(const struct yaml *map)
{
	size_t n = 1;

	for (const struct yaml *y = map->child; y; y = y->next)
		n++;
	return n;
}

/* What the document says goes before what was said for all; maps are merged.  NULL: too much of it. */
static struct yaml *merged(struct merging *m, const struct yaml *global, const struct yaml *doc)
{
	struct yaml *both = arena_new(m->a, struct yaml);
	struct yaml **end = &both->child;

	m->steps += width(global) * width(doc);
	if (m->steps > LIMIT_RULE_REPEATED)
		return NULL;
	*both = *doc;
	for (const struct yaml *y = doc->child; y; y = y->next) {
		const struct yaml *g = yaml_find(global, y->key);
		struct yaml *copy = arena_new(m->a, struct yaml);
		*copy = *y;
		if (g && g->type == YAML_MAP && y->type == YAML_MAP)
			copy = merged(m, g, y);
		if (!copy)
			return NULL;
		*end = copy;
		end = &copy->next;
	}
	for (const struct yaml *g = global->child; g; g = g->next) {
		if (yaml_find(doc, g->key))
			continue;
		struct yaml *copy = arena_new(m->a, struct yaml);
		*copy = *g;
		*end = copy;
		end = &copy->next;
	}
	*end = NULL;
	return both;
}

static bool is_action(const struct yaml *doc, const char *what)
{
	const struct yaml *y = yaml_get(doc, "action");

	return y && y->type == YAML_SCALAR && str_eq_nocase(y->text, str_of(what));
}

static void refuse_document(
	struct ruleset *rs, struct str file, const struct yaml *doc, const char *why)
{
	struct rule r = {
		.file = file, .line = doc->line, .title = text_at(&rs->arena, doc, "title")};
	struct sigma s = {.rs = rs};

	if (!sigma_bad(&s, doc, "%s", why))
		refuse(rs, &r, s.err.msg);
	*vec_push(&rs->rules) = r;
}

static void read_documents(struct ruleset *rs, struct arena *a, struct str file, struct yaml *docs)
{
	const struct yaml *global = NULL, *before = NULL;
	struct merging m = {.a = a};

	for (struct yaml *doc = docs; doc; doc = doc->next) {
		const struct yaml *whole = doc, *with = global;
		if (doc->type == YAML_SCALAR && !doc->text.n)
			continue; /* nothing between two lines of dashes */
		if (is_action(doc, "global")) {
			global = doc;
			continue;
		}
		if (is_action(doc, "reset")) {
			global = NULL;
			if (!yaml_get(doc, "detection"))
				continue;
			with = NULL;
		}
		if (is_action(doc, "repeat"))
			with = before;
		if (with && doc->type == YAML_MAP)
			whole = merged(&m, with, doc);
		if (!whole) {
			refuse_document(rs, file, doc, "too much to repeat from what is global");
			continue;
		}
		before = whole;
		read_rule(rs, whole, file);
	}
}

void sigma_read(struct ruleset *rs, struct str file, struct str text)
{
	struct str name = arena_dup(&rs->arena, file);
	struct yaml *docs = NULL;
	struct err err = {0};
	struct arena a = {0};

	bool whole = yaml_documents(&a, name.p, text, &docs, &err);
	read_documents(rs, &a, name, docs);
	if (!whole) {
		struct rule r = {.file = name, .title = STR("")};
		refuse(rs, &r, err.msg);
		*vec_push(&rs->rules) = r;
	}
	arena_release(&a);
}
