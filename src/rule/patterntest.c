/* The half of the grammar that is about one object: paths, literals, comparisons. */
#include "base/buf.h"
#include "rule/pattern_inside.h"

static struct str unescape(struct arena *a, struct str s)
{
	size_t n = 0;

	if (str_chr(s, '\\') == s.n)
		return s;
	char *room = arena_alloc(a, s.n);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		room[n++] = s.p[i];
	}
	return (struct str){room, n};
}

static bool is_keyword(struct str s)
{
	static const char *const all[] = {"AND", "OR", "NOT", "FOLLOWEDBY", "LIKE", "MATCHES",
		"ISSUPERSET", "ISSUBSET", "EXISTS", "LAST", "IN", "START", "STOP", "SECONDS",
		"WITHIN", "REPEATS", "TIMES"};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (str_eq(s, str_of(all[i])))
			return true;
	}
	return false;
}

struct steps {
	VEC(struct pattern_step) v;
};

static void path_key(struct pattern_parser *ps, struct steps *all)
{
	struct pattern_step step = {.kind = PATTERN_KEY};

	if (ps->lx.token == TOKEN_WORD && !is_keyword(ps->lx.is)) {
		step.key = ps->lx.is;
	} else if (ps->lx.token == TOKEN_STRING) {
		step.key = unescape(ps->a, ps->lx.is);
	} else {
		pattern_fail(ps, "a property");
		return;
	}
	*vec_push(&all->v) = step;
	pattern_step(ps);
}

static void path_index(struct pattern_parser *ps, struct steps *all)
{
	struct pattern_step step = {.kind = PATTERN_EACH};

	if (ps->lx.token == TOKEN_INTEGER) {
		struct str digits = ps->lx.is;
		bool sign = digits.p[0] == '-' || digits.p[0] == '+';
		uint64_t n;

		step.kind = PATTERN_INDEX;
		/* No list is that long. */
		if (!str_u64(str_from(digits, sign), &n) || n > INT32_MAX)
			n = INT32_MAX;
		step.index = digits.p[0] == '-' ? -(int64_t)n : (int64_t)n;
	} else if (!pattern_at_mark(ps, '*')) {
		pattern_fail(ps, "a list index or '*'");
	}
	*vec_push(&all->v) = step;
	pattern_step(ps);
	if (!pattern_take_mark(ps, ']'))
		pattern_fail(ps, "']'");
}

static void object_path(struct pattern_parser *ps, struct pattern_test *t)
{
	struct steps all = {{0}};

	if ((ps->lx.token != TOKEN_WORD && ps->lx.token != TOKEN_HYPHENED) ||
		is_keyword(ps->lx.is)) {
		pattern_fail(ps, "an object path such as domain-name:value");
		return;
	}
	t->object = ps->lx.is;
	pattern_step(ps);
	if (!pattern_take_mark(ps, ':'))
		pattern_fail(ps, "':' after the object's type");
	else
		path_key(ps, &all);
	while (!pattern_failed(ps)) {
		if (pattern_take_mark(ps, '.'))
			path_key(ps, &all);
		else if (pattern_take_mark(ps, '['))
			path_index(ps, &all);
		else
			break;
	}
	struct pattern_step *steps = arena_array(ps->a, all.v.n + 1, sizeof(*steps));
	if (all.v.n)
		memcpy(steps, all.v.at, all.v.n * sizeof(*steps));
	t->steps = steps;
	t->n_steps = (uint32_t)all.v.n;
	vec_release(&all.v);
}

struct str pattern_path(struct arena *a, const struct pattern_test *t)
{
	struct buf path = {0};

	for (uint32_t i = 0; i < t->n_steps; i++) {
		const struct pattern_step *s = &t->steps[i];
		if (s->kind == PATTERN_EACH) {
			buf_str(&path, STR("[*]"));
		} else if (s->kind == PATTERN_INDEX) {
			buf_addf(&path, "[%lld]", (long long)s->index);
		} else {
			/* Else the key 'hashes.MD5' would pass for the path hashes.MD5. */
			bool plain = str_chr(s->key, '.') == s->key.n &&
				     str_chr(s->key, '[') == s->key.n;
			buf_str(&path, i ? STR(".") : STR(""));
			buf_str(&path, plain ? STR("") : STR("'"));
			buf_str(&path, s->key);
			buf_str(&path, plain ? STR("") : STR("'"));
		}
	}
	struct str s = arena_dup(a, buf_view(&path));
	buf_release(&path);
	return s;
}

/* How many hexadecimal digits the hash of this name has, 0 if it isn't known. */
static size_t hash_digits(struct str name)
{
	static const struct {
		const char *name;
		size_t digits;
	} all[] = {{"MD5", 32}, {"SHA-1", 40}, {"SHA1", 40}, {"SHA-224", 56}, {"SHA-256", 64},
		{"SHA256", 64}, {"SHA-384", 96}, {"SHA-512", 128}, {"SHA512", 128},
		{"SHA3-256", 64}, {"SHA3-512", 128}};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (str_eq_nocase(name, str_of(all[i].name)))
			return all[i].digits;
	}
	return 0;
}

/* A hash of the wrong length is a mistake, which the reference validator refuses as well. */
static bool hash_makes_sense(const struct pattern_test *t, const struct pattern_value *v)
{
	uint32_t n = t->n_steps;

	if (v->literal != PATTERN_STRING ||
		(t->op != PATTERN_EQ && t->op != PATTERN_NE && t->op != PATTERN_IN) || n < 2 ||
		t->steps[n - 1].kind != PATTERN_KEY || !str_eq(t->steps[n - 2].key, STR("hashes")))
		return true;
	size_t want = hash_digits(t->steps[n - 1].key);
	for (size_t i = 0; i < v->text.n; i++) {
		if (want && hex_digit(v->text.p[i]) < 0)
			return false;
	}
	return want == 0 || v->text.n == want;
}

static bool literal(
	struct pattern_parser *ps, const struct pattern_test *t, struct pattern_value *ret_v)
{
	static const uint8_t types[] = {[TOKEN_STRING] = PATTERN_STRING,
		[TOKEN_HEX] = PATTERN_HEX,
		[TOKEN_BINARY] = PATTERN_BINARY,
		[TOKEN_TIME] = PATTERN_TIME,
		[TOKEN_INTEGER] = PATTERN_NUMBER,
		[TOKEN_FLOAT] = PATTERN_NUMBER,
		[TOKEN_BOOL] = PATTERN_BOOL};

	if (pattern_failed(ps) || types[ps->lx.token] == PATTERN_NONE) {
		pattern_fail(ps, "a literal");
		return false;
	}
	*ret_v = (struct pattern_value){
		.literal = types[ps->lx.token], .text = ps->lx.is, .at = ps->lx.at};
	if (ret_v->literal == PATTERN_STRING)
		ret_v->text = unescape(ps->a, ps->lx.is);
	if (!hash_makes_sense(t, ret_v)) {
		pattern_fail(ps, "a hash of that kind");
		return false;
	}
	pattern_step(ps);
	return true;
}

static void one_literal(struct pattern_parser *ps, struct pattern_test *t)
{
	struct pattern_value *v = arena_new(ps->a, struct pattern_value);

	t->n_values = literal(ps, t, v);
	t->values = v;
}

static void set_literal(struct pattern_parser *ps, struct pattern_test *t)
{
	VEC(struct pattern_value) all = {0};
	struct pattern_value v;

	if (!pattern_take_mark(ps, '(')) {
		pattern_fail(ps, "'(' after IN");
		return;
	}
	if (pattern_take_mark(ps, ')'))
		return;
	do {
		if (!literal(ps, t, &v))
			break;
		*vec_push(&all) = v;
	} while (pattern_take_mark(ps, ','));
	if (!pattern_take_mark(ps, ')'))
		pattern_fail(ps, "',' or ')' in the set");
	struct pattern_value *values = arena_array(ps->a, all.n + 1, sizeof(v));
	if (all.n)
		memcpy(values, all.at, all.n * sizeof(v));
	t->values = values;
	t->n_values = (uint32_t)all.n;
	vec_release(&all);
}

static bool symbol(struct pattern_parser *ps, struct pattern_test *t)
{
	static const struct {
		const char *text;
		uint8_t op;
	} all[] = {{"=", PATTERN_EQ}, {"==", PATTERN_EQ}, {"!=", PATTERN_NE}, {"<>", PATTERN_NE},
		{"<", PATTERN_LT}, {"<=", PATTERN_LE}, {">", PATTERN_GT}, {">=", PATTERN_GE}};

	if (ps->lx.token != TOKEN_OPERATOR)
		return false;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (str_eq(ps->lx.is, str_of(all[i].text)))
			t->op = all[i].op;
	}
	pattern_step(ps);
	if (t->op >= PATTERN_LT && t->op <= PATTERN_GE && ps->lx.token == TOKEN_BOOL)
		pattern_fail(ps, "a literal that has an order");
	one_literal(ps, t);
	return true;
}

static void property_test(struct pattern_parser *ps, struct pattern_test *t)
{
	static const struct {
		const char *word;
		uint8_t op;
	} all[] = {{"LIKE", PATTERN_LIKE}, {"MATCHES", PATTERN_MATCHES},
		{"ISSUBSET", PATTERN_ISSUBSET}, {"ISSUPERSET", PATTERN_ISSUPERSET}};

	object_path(ps, t);
	if (pattern_failed(ps))
		return;
	t->negated = pattern_take_word(ps, "NOT");
	if (pattern_take_word(ps, "IN")) {
		t->op = PATTERN_IN;
		set_literal(ps, t);
		return;
	}
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (pattern_take_word(ps, all[i].word)) {
			t->op = all[i].op;
			if (ps->lx.token != TOKEN_STRING)
				pattern_fail(ps, "a string");
			one_literal(ps, t);
			return;
		}
	}
	if (!symbol(ps, t))
		pattern_fail(ps, "a comparison operator");
}

static struct pattern_node *comparison(struct pattern_parser *ps)
{
	size_t from = ps->lx.at;
	bool negated = pattern_take_word(ps, "NOT");

	if (!negated && pattern_at_mark(ps, '(')) {
		pattern_enter(ps);
		struct pattern_node *inner = pattern_comparisons(ps);
		pattern_leave(ps, "AND, OR or ')'");
		return inner;
	}
	struct pattern_test *t = arena_new(ps->a, struct pattern_test);
	if (ps->version != PATTERN_20 && pattern_take_word(ps, "EXISTS")) {
		t->op = PATTERN_EXISTS;
		t->negated = negated;
		object_path(ps, t);
	} else if (negated) {
		pattern_fail(ps, ps->version == PATTERN_20 ? "an object path" : "EXISTS after NOT");
	} else {
		property_test(ps, t);
	}
	struct pattern_node *n = pattern_node_new(ps, PATTERN_TEST, from, NULL);
	t->number = ps->p->n_tests++;
	n->test = t;
	return n;
}

struct pattern_node *pattern_comparisons(struct pattern_parser *ps)
{
	struct pattern_node *any = NULL, **last = &any;

	do {
		struct pattern_node *all = NULL, **tail = &all;

		do {
			if (pattern_failed(ps))
				return NULL;
			*tail = comparison(ps);
			if (!*tail)
				return NULL;
			tail = &(*tail)->next;
		} while (pattern_take_word(ps, "AND"));
		*last = pattern_node_of(ps, PATTERN_ALL, all);
		last = &(*last)->next;
	} while (pattern_take_word(ps, "OR"));
	return pattern_node_of(ps, PATTERN_ANY, any);
}
