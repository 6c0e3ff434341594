#include "intel/pattern.h"

#include "base/buf.h"
#include "intel/patternlex.h"

/* Parentheses in parentheses; nothing that people write comes near. */
#define DEPTH_MAX 64

/*
 * Recursive descent along STIXPattern.g4.  Instead of a tree it keeps the legs: each function
 * notes how many there were before, and cuts back to that where its operator (AND, FOLLOWEDBY, a
 * qualifier) makes them depend on something else.
 */
struct parser {
	struct pattern_lexer lx;
	struct arena *a;
	struct pattern *p;
	unsigned depth;
};

static void observations(struct parser *ps);
static void comparisons(struct parser *ps);

static bool failed(const struct parser *ps)
{
	return ps->p->want != NULL;
}

static void fail(struct parser *ps, const char *want)
{
	if (failed(ps))
		return;
	ps->p->at = ps->lx.at;
	ps->p->want = ps->lx.token == TOKEN_BAD ? ps->lx.want : want;
}

static bool at_word(const struct parser *ps, const char *word)
{
	return !failed(ps) && ps->lx.token == TOKEN_WORD && str_eq(ps->lx.is, str_of(word));
}

static bool at_mark(const struct parser *ps, char c)
{
	return !failed(ps) && ps->lx.token == TOKEN_PUNCTUATION && ps->lx.is.p[0] == c;
}

static bool take_word(struct parser *ps, const char *word)
{
	if (!at_word(ps, word))
		return false;
	pattern_lexer_step(&ps->lx);
	return true;
}

static bool take_mark(struct parser *ps, char c)
{
	if (!at_mark(ps, c))
		return false;
	pattern_lexer_step(&ps->lx);
	return true;
}

static void cut(struct parser *ps, size_t legs, enum pattern_beyond why)
{
	ps->p->legs.n = legs;
	ps->p->beyond |= why;
}

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

/* One key of a path, onto its canonical spelling. */
static void path_key(struct parser *ps, struct buf *out)
{
	if (ps->lx.token == TOKEN_WORD && !is_keyword(ps->lx.is)) {
		buf_str(out, ps->lx.is);
	} else if (ps->lx.token == TOKEN_STRING) {
		struct str key = unescape(ps->a, ps->lx.is);
		/* Else the key 'hashes.MD5' would pass for the path hashes.MD5. */
		bool plain = str_chr(key, '.') == key.n && str_chr(key, '[') == key.n;
		if (!plain)
			buf_putc(out, '\'');
		buf_str(out, key);
		if (!plain)
			buf_putc(out, '\'');
	} else {
		fail(ps, "a property");
		return;
	}
	pattern_lexer_step(&ps->lx);
}

static void object_path(struct parser *ps, struct pattern_leg *leg)
{
	struct buf path = {0};

	if ((ps->lx.token != TOKEN_WORD && ps->lx.token != TOKEN_HYPHENED) ||
		is_keyword(ps->lx.is)) {
		fail(ps, "an object path such as domain-name:value");
		return;
	}
	leg->object = ps->lx.is;
	pattern_lexer_step(&ps->lx);
	if (!take_mark(ps, ':'))
		fail(ps, "':' after the object's type");
	else
		path_key(ps, &path);
	while (!failed(ps)) {
		if (take_mark(ps, '.')) {
			buf_putc(&path, '.');
			path_key(ps, &path);
		} else if (take_mark(ps, '[')) {
			if (ps->lx.token != TOKEN_INTEGER && !at_mark(ps, '*'))
				fail(ps, "a list index or '*'");
			buf_putc(&path, '[');
			buf_str(&path, ps->lx.is);
			buf_putc(&path, ']');
			pattern_lexer_step(&ps->lx);
			if (!take_mark(ps, ']'))
				fail(ps, "']'");
		} else {
			break;
		}
	}
	leg->path = arena_dup(ps->a, buf_view(&path));
	buf_release(&path);
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
static bool hash_makes_sense(const struct pattern_leg *leg)
{
	struct str prefix = STR("hashes.");
	size_t at = str_find(leg->path, prefix);

	if (at == leg->path.n || leg->literal != PATTERN_STRING || leg->op > PATTERN_NE)
		return true;
	size_t want = hash_digits(str_from(leg->path, at + prefix.n));
	for (size_t i = 0; i < leg->value.n; i++) {
		if (want && hex_digit(leg->value.p[i]) < 0)
			return false;
	}
	return want == 0 || leg->value.n == want;
}

static bool literal(struct parser *ps, struct pattern_leg *leg)
{
	static const uint8_t types[] = {[TOKEN_STRING] = PATTERN_STRING,
		[TOKEN_HEX] = PATTERN_HEX,
		[TOKEN_BINARY] = PATTERN_BINARY,
		[TOKEN_TIME] = PATTERN_TIME,
		[TOKEN_INTEGER] = PATTERN_NUMBER,
		[TOKEN_FLOAT] = PATTERN_NUMBER,
		[TOKEN_BOOL] = PATTERN_BOOL};

	if (failed(ps) || types[ps->lx.token] == PATTERN_NONE) {
		fail(ps, "a literal");
		return false;
	}
	leg->literal = types[ps->lx.token];
	leg->value = leg->literal == PATTERN_STRING ? unescape(ps->a, ps->lx.is) : ps->lx.is;
	if (!hash_makes_sense(leg)) {
		fail(ps, "a hash of that kind");
		return false;
	}
	pattern_lexer_step(&ps->lx);
	*vec_push(&ps->p->legs) = *leg;
	return true;
}

static void set_literal(struct parser *ps, struct pattern_leg *leg)
{
	if (!take_mark(ps, '(')) {
		fail(ps, "'(' after IN");
		return;
	}
	if (take_mark(ps, ')'))
		return;
	while (literal(ps, leg) && take_mark(ps, ','))
		;
	if (!take_mark(ps, ')'))
		fail(ps, "',' or ')' in the set");
}

static bool symbol(struct parser *ps, struct pattern_leg *leg)
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
			leg->op = all[i].op;
	}
	pattern_lexer_step(&ps->lx);
	if (leg->op >= PATTERN_LT && leg->op <= PATTERN_GE && ps->lx.token == TOKEN_BOOL)
		fail(ps, "a literal that has an order");
	literal(ps, leg);
	return true;
}

static void property_test(struct parser *ps)
{
	static const struct {
		const char *word;
		uint8_t op;
	} all[] = {{"LIKE", PATTERN_LIKE}, {"MATCHES", PATTERN_MATCHES},
		{"ISSUBSET", PATTERN_ISSUBSET}, {"ISSUPERSET", PATTERN_ISSUPERSET}};
	struct pattern_leg leg = {.value = STR("")};

	object_path(ps, &leg);
	if (failed(ps))
		return;
	leg.negated = take_word(ps, "NOT");
	if (take_word(ps, "IN")) {
		set_literal(ps, &leg);
		return;
	}
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (take_word(ps, all[i].word)) {
			leg.op = all[i].op;
			if (ps->lx.token != TOKEN_STRING)
				fail(ps, "a string");
			literal(ps, &leg);
			return;
		}
	}
	if (!symbol(ps, &leg))
		fail(ps, "a comparison operator");
}

static void comparison(struct parser *ps)
{
	bool negated = take_word(ps, "NOT");

	if (take_word(ps, "EXISTS")) {
		struct pattern_leg leg = {
			.op = PATTERN_EXISTS, .negated = negated, .value = STR("")};
		object_path(ps, &leg);
		if (!failed(ps))
			*vec_push(&ps->p->legs) = leg;
	} else if (negated) {
		fail(ps, "EXISTS after NOT");
	} else if (take_mark(ps, '(')) {
		if (++ps->depth > DEPTH_MAX)
			fail(ps, "fewer parentheses");
		comparisons(ps);
		ps->depth--;
		if (!take_mark(ps, ')'))
			fail(ps, "AND, OR or ')'");
	} else {
		property_test(ps);
	}
}

static void comparisons(struct parser *ps)
{
	do {
		size_t legs = ps->p->legs.n;
		bool joined = false;

		if (failed(ps))
			return;
		comparison(ps);
		while (take_word(ps, "AND")) {
			comparison(ps);
			joined = true;
		}
		if (joined)
			cut(ps, legs, PATTERN_AND);
	} while (take_word(ps, "OR"));
}

/* Returns which qualifier was read, or 0. */
static unsigned qualifier(struct parser *ps)
{
	if (take_word(ps, "WITHIN")) {
		bool number = ps->lx.token == TOKEN_INTEGER || ps->lx.token == TOKEN_FLOAT;
		if (!number || ps->lx.is.p[0] == '-')
			fail(ps, "a number of seconds above zero");
		pattern_lexer_step(&ps->lx);
		if (!take_word(ps, "SECONDS"))
			fail(ps, "SECONDS");
		return 1;
	}
	if (take_word(ps, "REPEATS")) {
		if (ps->lx.token != TOKEN_INTEGER || ps->lx.is.p[0] == '-')
			fail(ps, "how many times");
		pattern_lexer_step(&ps->lx);
		if (!take_word(ps, "TIMES"))
			fail(ps, "TIMES");
		return 2;
	}
	if (!take_word(ps, "START"))
		return 0;
	for (int i = 0; i < 2; i++) {
		/* STIX 2.0 had strings here. */
		if (ps->lx.token != TOKEN_TIME && ps->lx.token != TOKEN_STRING)
			fail(ps, "a time as in t'2024-03-25T00:00:00Z'");
		pattern_lexer_step(&ps->lx);
		if (i == 0 && !take_word(ps, "STOP"))
			fail(ps, "STOP");
	}
	return 4;
}

static void observation(struct parser *ps)
{
	size_t legs = ps->p->legs.n;
	unsigned seen = 0, one;
	bool bracket = take_mark(ps, '[');

	if (bracket) {
		comparisons(ps);
		if (!take_mark(ps, ']'))
			fail(ps, "AND, OR or ']'");
	} else if (take_mark(ps, '(')) {
		if (++ps->depth > DEPTH_MAX)
			fail(ps, "fewer parentheses");
		observations(ps);
		ps->depth--;
		if (!take_mark(ps, ')'))
			fail(ps, "an operator between observations, or ')'");
	} else {
		fail(ps, "'['");
	}
	while (!failed(ps) && (one = qualifier(ps)) != 0) {
		/* As the reference validator has it, only those of a bracket are counted. */
		if (bracket && (seen & one))
			fail(ps, "each qualifier only once");
		seen |= one;
	}
	if (seen)
		cut(ps, legs, PATTERN_QUALIFIER);
}

/* FOLLOWEDBY binds less than OR, OR less than AND. */
static void observations(struct parser *ps)
{
	size_t all = ps->p->legs.n;
	bool ordered = false;

	do {
		size_t legs = ps->p->legs.n;
		bool joined = false;

		if (failed(ps))
			return;
		observation(ps);
		while (take_word(ps, "AND")) {
			observation(ps);
			joined = true;
		}
		if (joined)
			cut(ps, legs, PATTERN_BOTH);
		ordered |= at_word(ps, "FOLLOWEDBY");
	} while (take_word(ps, "OR") || take_word(ps, "FOLLOWEDBY"));
	if (ordered)
		cut(ps, all, PATTERN_FOLLOWEDBY);
}

bool pattern_parse(struct arena *a, struct str text, struct pattern *ret_p)
{
	struct parser ps = {.a = a, .p = ret_p};

	*ret_p = (struct pattern){0};
	pattern_lexer_init(&ps.lx, text);
	observations(&ps);
	if (!failed(&ps) && ps.lx.token != TOKEN_END)
		fail(&ps, "the end, or an operator between observations");
	if (failed(&ps))
		ret_p->legs.n = 0;
	return !failed(&ps);
}

void pattern_release(struct pattern *p)
{
	vec_release(&p->legs);
}

const char *pattern_op_name(enum pattern_op op)
{
	static const char *const all[] = {"=", "!=", "<", "<=", ">", ">=", "LIKE", "MATCHES",
		"ISSUBSET", "ISSUPERSET", "EXISTS"};

	return op <= PATTERN_EXISTS ? all[op] : "?";
}
