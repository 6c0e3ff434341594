#include "rule/ruleset.h"

#include <stdlib.h>

#include "base/hash.h"
#include "rule/regex.h"
#include "rule/stixtest.h"
#include "rule/yara.h"

const char *rule_level_name(enum rule_level l)
{
	static const char *const names[] = {
		"", "informational", "low", "medium", "high", "critical"};

	return l <= RULE_CRITICAL ? names[l] : "";
}

const char *rule_kind_name(enum rule_kind k)
{
	static const char *const names[] = {"sigma", "correlation", "stix", "yara"};

	return k <= RULE_YARA ? names[k] : "";
}

void ruleset_init(struct ruleset *rs)
{
	*rs = (struct ruleset){0};
	fields_init(&rs->fields);
	*vec_push(&rs->exprs) = (struct expr){.kind = EXPR_FALSE, .name = STR("")};
	*vec_push(&rs->exprs) = (struct expr){.kind = EXPR_TRUE, .name = STR("")};
}

void ruleset_release(struct ruleset *rs)
{
	for (size_t i = 0; i < rs->tests.n; i++)
		regex_free(rs->tests.at[i].regex);
	fields_release(&rs->fields);
	vec_release(&rs->rules);
	vec_release(&rs->tests);
	vec_release(&rs->exprs);
	vec_release(&rs->children);
	vec_release(&rs->sources);
	vec_release(&rs->placeholders);
	vec_release(&rs->keys);
	vec_release(&rs->filters);
	for (size_t i = 0; i < rs->patterns.n; i++)
		stix_tests_free(rs->patterns.at[i].tests);
	vec_release(&rs->patterns);
	free(rs->test_slots);
	free(rs->key_slots);
	yara_free(rs->yara);
	arena_release(&rs->arena);
}

static size_t test_slot(const struct ruleset *rs, const struct test *t)
{
	size_t at = (size_t)test_hash(t) & (rs->test_room - 1);

	while (rs->test_slots[at] && !test_same(&rs->tests.at[rs->test_slots[at] - 1], t))
		at = (at + 1) & (rs->test_room - 1);
	return at;
}

static void grow(struct ruleset *rs)
{
	if (rs->tests.n * 2 < rs->test_room)
		return;
	rs->test_room = rs->test_room ? rs->test_room * 2 : 1024;
	free(rs->test_slots);
	rs->test_slots = calloc(rs->test_room, sizeof(*rs->test_slots));
	if (!rs->test_slots)
		BUG("out of memory");
	for (size_t i = 0; i < rs->tests.n; i++)
		rs->test_slots[test_slot(rs, &rs->tests.at[i])] = (uint32_t)i + 1;
}

uint32_t ruleset_test(struct ruleset *rs, const struct test *t)
{
	grow(rs);
	size_t at = test_slot(rs, t);
	if (rs->test_slots[at]) {
		regex_free(t->regex);
		return rs->test_slots[at] - 1;
	}
	*vec_push(&rs->tests) = *t;
	rs->test_slots[at] = (uint32_t)rs->tests.n;
	return (uint32_t)rs->tests.n - 1;
}

uint32_t ruleset_expr(struct ruleset *rs, enum expr_kind kind, const uint32_t *children, size_t n)
{
	if (n == 1 && (kind == EXPR_AND || kind == EXPR_OR))
		return children[0];
	struct expr e = {.kind = (uint8_t)kind,
		.first = (uint32_t)rs->children.n,
		.n = (uint32_t)n,
		.name = STR("")};
	for (size_t i = 0; i < n; i++) {
		uint32_t cost = rs->exprs.at[children[i]].cost;
		e.cost = cost < UINT32_MAX - e.cost ? e.cost + cost : UINT32_MAX;
		*vec_push(&rs->children) = children[i];
	}
	*vec_push(&rs->exprs) = e;
	return (uint32_t)rs->exprs.n - 1;
}

uint32_t ruleset_expr_test(struct ruleset *rs, uint32_t test)
{
	*vec_push(&rs->exprs) =
		(struct expr){.kind = EXPR_TEST, .test = test, .cost = 1, .name = STR("")};
	return (uint32_t)rs->exprs.n - 1;
}

static bool same_source(const struct logsource *a, const struct logsource *b)
{
	return str_eq(a->product, b->product) && str_eq(a->category, b->category) &&
	       str_eq(a->service, b->service);
}

bool logsource_covers(const struct logsource *entry, const struct logsource *rule)
{
	return (!entry->product.n || str_eq(entry->product, rule->product)) &&
	       (!entry->category.n || str_eq(entry->category, rule->category)) &&
	       (!entry->service.n || str_eq(entry->service, rule->service));
}

/* A name that stands elsewhere, or what is below it ("Parameters", "Parameters.ForwardTo"). */
static bool is_or_below(struct str name, struct str from)
{
	return str_starts(name, from) && (name.n == from.n || name.p[from.n] == '.');
}

/* The other paths that a log source gives a field. */
static bool each_path(
	struct arena *a, const struct source_map *m, struct str name, ruleset_path_fn fn, void *arg)
{
	bool done = true;

	for (uint32_t i = 0; done && i < m->n_roots; i++)
		done = fn(arg,
			arena_printf(a, STR_FMT "." STR_FMT, STR_ARG(m->roots[i]), STR_ARG(name)));
	for (uint32_t i = 0; done && i < m->n_names; i++)
		if (is_or_below(name, m->from[i]))
			done = fn(arg, arena_printf(a, STR_FMT STR_FMT, STR_ARG(m->to[i]),
					       STR_ARG(str_from(name, m->from[i].n))));
	return done;
}

struct adding_path {
	struct fields *fields;
	uint32_t field;
	struct err *err;
};

static bool add_path(void *arg, struct str path)
{
	const struct adding_path *to = arg;

	return fields_path(to->fields, to->field, path, to->err);
}

static bool add_paths(struct ruleset *rs, const struct source_map *m, uint32_t field,
	struct str name, struct err *err)
{
	struct adding_path to = {&rs->fields, field, err};

	return each_path(&rs->arena, m, name, add_path, &to);
}

bool ruleset_paths(
	const struct ruleset *rs, struct arena *a, uint32_t field, ruleset_path_fn fn, void *arg)
{
	bool done = true;

	for (size_t i = 0; done && i < rs->fields.said.n; i++)
		done = rs->fields.said.at[i].field != field;
	for (size_t i = 0; done && i < rs->keys.n; i++) {
		const struct field_key *k = &rs->keys.at[i];
		if (k->field != field)
			continue;
		done = fn(arg, k->name);
		for (size_t m = 0; done && m < rs->sources.n; m++)
			if (logsource_covers(&rs->sources.at[m].is, &k->source))
				done = each_path(a, &rs->sources.at[m], k->name, fn, arg);
	}
	return done;
}

static size_t key_slot(const struct ruleset *rs, const struct logsource *source, struct str name)
{
	uint64_t h = hash64(name.p, name.n, 0);

	h = hash64(source->product.p, source->product.n, h);
	h = hash64(source->category.p, source->category.n, h);
	h = hash64(source->service.p, source->service.n, h);
	for (size_t at = (size_t)h & (rs->key_room - 1);; at = (at + 1) & (rs->key_room - 1)) {
		if (!rs->key_slots[at])
			return at;
		const struct field_key *k = &rs->keys.at[rs->key_slots[at] - 1];
		if (str_eq(k->name, name) && same_source(&k->source, source))
			return at;
	}
}

static void grow_keys(struct ruleset *rs)
{
	if (rs->keys.n * 2 < rs->key_room)
		return;
	rs->key_room = rs->key_room ? rs->key_room * 2 : 1024;
	free(rs->key_slots);
	rs->key_slots = calloc(rs->key_room, sizeof(*rs->key_slots));
	if (!rs->key_slots)
		BUG("out of memory");
	for (size_t i = 0; i < rs->keys.n; i++) {
		const struct field_key *k = &rs->keys.at[i];
		rs->key_slots[key_slot(rs, &k->source, k->name)] = (uint32_t)i + 1;
	}
}

static void add_said(
	struct ruleset *rs, const struct source_map *m, uint32_t field, struct str name)
{
	for (uint32_t i = 0; i < m->n_says; i++) {
		if (str_eq(m->field[i], name))
			*vec_push(&rs->fields.said) = (struct field_said){field, m->says[i]};
	}
}

bool ruleset_field(struct ruleset *rs, const struct logsource *source, struct str name,
	uint32_t *ret_field, struct err *err)
{
	grow_keys(rs);
	size_t slot = key_slot(rs, source, name);
	if (rs->key_slots[slot]) {
		*ret_field = rs->keys.at[rs->key_slots[slot] - 1].field;
		return true;
	}
	if (!fields_add(&rs->fields, name, ret_field, err))
		return false;
	for (size_t i = 0; i < rs->sources.n; i++) {
		if (!logsource_covers(&rs->sources.at[i].is, source))
			continue;
		if (!add_paths(rs, &rs->sources.at[i], *ret_field, name, err))
			return false;
		add_said(rs, &rs->sources.at[i], *ret_field, name);
	}
	*vec_push(&rs->keys) = (struct field_key){arena_dup(&rs->arena, name), *source, *ret_field};
	rs->key_slots[slot] = (uint32_t)rs->keys.n;
	return true;
}
