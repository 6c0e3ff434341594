#include "rule/pattern.h"

#include "rule/pattern_inside.h"

/*
 * Recursive descent along STIXPattern.g4: a pattern is read once into its tree, and the legs are
 * taken from that.
 */
static struct pattern_node *observations(struct pattern_parser *ps);

void pattern_fail(struct pattern_parser *ps, const char *want)
{
	if (pattern_failed(ps))
		return;
	ps->p->at = ps->lx.at;
	ps->p->want = ps->lx.token == TOKEN_BAD ? ps->lx.want : want;
}

void pattern_step(struct pattern_parser *ps)
{
	ps->end = ps->lx.next;
	pattern_lexer_step(&ps->lx);
}

static bool at_word(const struct pattern_parser *ps, const char *word)
{
	return !pattern_failed(ps) && ps->lx.token == TOKEN_WORD && str_eq(ps->lx.is, str_of(word));
}

bool pattern_at_mark(const struct pattern_parser *ps, char c)
{
	return !pattern_failed(ps) && ps->lx.token == TOKEN_PUNCTUATION && ps->lx.is.p[0] == c;
}

bool pattern_take_word(struct pattern_parser *ps, const char *word)
{
	if (!at_word(ps, word))
		return false;
	pattern_step(ps);
	return true;
}

bool pattern_take_mark(struct pattern_parser *ps, char c)
{
	if (!pattern_at_mark(ps, c))
		return false;
	pattern_step(ps);
	return true;
}

struct pattern_node *pattern_node_new(
	struct pattern_parser *ps, enum pattern_kind kind, size_t from, struct pattern_node *child)
{
	struct pattern_node *n = arena_new(ps->a, struct pattern_node);

	n->kind = kind;
	n->from = from;
	n->to = ps->end;
	n->child = child;
	return n;
}

struct pattern_node *pattern_node_of(
	struct pattern_parser *ps, enum pattern_kind kind, struct pattern_node *children)
{
	if (!children || !children->next)
		return children;
	return pattern_node_new(ps, kind, children->from, children);
}

void pattern_enter(struct pattern_parser *ps)
{
	pattern_step(ps);
	if (++ps->depth > PATTERN_DEPTH_MAX)
		pattern_fail(ps, "fewer parentheses");
}

void pattern_leave(struct pattern_parser *ps, const char *want)
{
	ps->depth--;
	if (!pattern_take_mark(ps, ')'))
		pattern_fail(ps, want);
}

/* Seconds, perhaps with a fraction, as microseconds rounded up; what is too long is very long. */
static uint64_t microseconds(struct str s)
{
	uint64_t us = 0;
	unsigned places = 0;
	bool point = false, more = false;

	for (size_t i = s.p[0] == '+'; i < s.n; i++) {
		if (s.p[i] == '.') {
			point = true;
		} else if (places == 6) {
			more |= s.p[i] != '0';
		} else {
			places += point;
			us = us > UINT64_MAX / 100 ? us : us * 10 + (uint64_t)(s.p[i] - '0');
		}
	}
	for (; places < 6; places++)
		us = us > INT64_MAX / 100 ? us : us * 10;
	us += more;
	return us < INT64_MAX / 4 ? us : INT64_MAX / 4;
}

static struct pattern_node *within(struct pattern_parser *ps, struct pattern_node *of)
{
	bool number = ps->lx.token == TOKEN_INTEGER || ps->lx.token == TOKEN_FLOAT;
	uint64_t us = 0;

	if (number && ps->lx.is.p[0] != '-')
		us = microseconds(ps->lx.is);
	if (us == 0)
		pattern_fail(ps, "a number of seconds above zero");
	pattern_step(ps);
	if (!pattern_take_word(ps, "SECONDS"))
		pattern_fail(ps, "SECONDS");
	struct pattern_node *n = pattern_node_new(ps, PATTERN_WITHIN, of->from, of);
	n->n = us;
	return n;
}

static struct pattern_node *repeats(struct pattern_parser *ps, struct pattern_node *of)
{
	struct str s = ps->lx.is;
	uint64_t times = 0;

	if (ps->lx.token == TOKEN_INTEGER && s.p[0] != '-' &&
		!str_u64(str_from(s, s.p[0] == '+'), &times))
		times = UINT64_MAX; /* more than there are of anything */
	if (times == 0)
		pattern_fail(ps, "how many times, at least 1");
	pattern_step(ps);
	if (!pattern_take_word(ps, "TIMES"))
		pattern_fail(ps, "TIMES");
	struct pattern_node *n = pattern_node_new(ps, PATTERN_REPEATS, of->from, of);
	n->n = times;
	return n;
}

static struct str moment(struct pattern_parser *ps)
{
	struct str s = ps->lx.is;
	bool text = ps->lx.token == TOKEN_STRING && ps->version != PATTERN_21 && pattern_is_time(s);

	if (ps->lx.token != TOKEN_TIME && !text)
		pattern_fail(ps, "a time as in t'2024-03-25T00:00:00Z'");
	pattern_step(ps);
	return s;
}

static struct pattern_node *between(struct pattern_parser *ps, struct pattern_node *of)
{
	struct str start = moment(ps);

	if (!pattern_take_word(ps, "STOP"))
		pattern_fail(ps, "STOP");
	struct str stop = moment(ps);
	struct pattern_node *n = pattern_node_new(ps, PATTERN_BETWEEN, of->from, of);
	n->start = start;
	n->stop = stop;
	return n;
}

/* With what qualifies it. */
static struct pattern_node *qualified(
	struct pattern_parser *ps, struct pattern_node *of, bool bracket)
{
	static const struct {
		const char *word;
		struct pattern_node *(*read)(struct pattern_parser *ps, struct pattern_node *of);
	} all[] = {{"WITHIN", within}, {"REPEATS", repeats}, {"START", between}};
	unsigned seen = 0, depth = 0;

	for (size_t i = 0; of && i < 3 && !pattern_failed(ps); i++) {
		if (!pattern_take_word(ps, all[i].word))
			continue;
		/* As the reference validators have it: only those of a bracket, and only in 2.1. */
		if (bracket && (seen & 1u << i) && ps->version != PATTERN_20)
			pattern_fail(ps, "each qualifier only once");
		if (++depth > PATTERN_DEPTH_MAX)
			pattern_fail(ps, "fewer qualifiers");
		seen |= 1u << i;
		of = all[i].read(ps, of);
		i = SIZE_MAX; /* begin again: they come in any order */
	}
	return of;
}

static struct pattern_node *observation(struct pattern_parser *ps)
{
	size_t from = ps->lx.at;
	bool bracket = pattern_take_mark(ps, '[');
	struct pattern_node *n = NULL;

	if (bracket) {
		struct pattern_node *inner = pattern_comparisons(ps);
		if (!pattern_take_mark(ps, ']'))
			pattern_fail(ps, "AND, OR or ']'");
		n = pattern_node_new(ps, PATTERN_OBSERVATION, from, inner);
	} else if (pattern_at_mark(ps, '(')) {
		pattern_enter(ps);
		n = observations(ps);
		pattern_leave(ps, "an operator between observations, or ')'");
		if (n) {
			n->from = from;
			n->to = ps->end;
		}
	} else {
		pattern_fail(ps, "'['");
	}
	return pattern_failed(ps) ? NULL : qualified(ps, n, bracket);
}

/* FOLLOWEDBY binds less than OR, OR less than AND: the level is the operator's place here. */
static struct pattern_node *joined(struct pattern_parser *ps, unsigned level)
{
	static const struct {
		const char *word;
		enum pattern_kind kind;
	} all[] = {{"FOLLOWEDBY", PATTERN_THEN}, {"OR", PATTERN_EITHER}, {"AND", PATTERN_TOGETHER}};
	struct pattern_node *first = NULL, **last = &first;

	do {
		*last = level == 2 ? observation(ps) : joined(ps, level + 1);
		if (pattern_failed(ps))
			return NULL;
		last = &(*last)->next;
	} while (pattern_take_word(ps, all[level].word));
	return pattern_node_of(ps, all[level].kind, first);
}

static struct pattern_node *observations(struct pattern_parser *ps)
{
	return joined(ps, 0);
}

static void add_legs(struct pattern_parser *ps, const struct pattern_test *t)
{
	struct pattern_leg leg = {.object = t->object,
		.path = pattern_path(ps->a, t),
		.value = STR(""),
		.op = t->op == PATTERN_IN ? PATTERN_EQ : t->op,
		.negated = t->negated};

	if (t->op == PATTERN_EXISTS)
		*vec_push(&ps->p->legs) = leg;
	for (uint32_t i = 0; i < t->n_values; i++) {
		leg.literal = t->values[i].literal;
		leg.value = t->values[i].text;
		*vec_push(&ps->p->legs) = leg;
	}
}

/* alone: nothing but OR stands above it. */
static void take_legs(struct pattern_parser *ps, const struct pattern_node *n, bool alone)
{
	static const uint8_t beyond[] = {[PATTERN_ALL] = PATTERN_AND,
		[PATTERN_TOGETHER] = PATTERN_BOTH,
		[PATTERN_THEN] = PATTERN_FOLLOWEDBY,
		[PATTERN_WITHIN] = PATTERN_QUALIFIER,
		[PATTERN_REPEATS] = PATTERN_QUALIFIER,
		[PATTERN_BETWEEN] = PATTERN_QUALIFIER};

	ps->p->beyond |= beyond[n->kind];
	alone &= beyond[n->kind] == 0;
	if (n->kind == PATTERN_TEST && alone)
		add_legs(ps, n->test);
	for (const struct pattern_node *c = n->child; c; c = c->next)
		take_legs(ps, c, alone);
}

bool pattern_parse(
	struct arena *a, struct str text, enum pattern_version version, struct pattern *ret_p)
{
	struct pattern_parser ps = {.a = a, .p = ret_p, .version = version};

	*ret_p = (struct pattern){0};
	pattern_lexer_init(&ps.lx, text);
	struct pattern_node *root = observations(&ps);
	if (!pattern_failed(&ps) && ps.lx.token != TOKEN_END)
		pattern_fail(&ps, "the end, or an operator between observations");
	if (pattern_failed(&ps))
		return false;
	ret_p->root = root;
	take_legs(&ps, root, true);
	return true;
}

void pattern_release(struct pattern *p)
{
	vec_release(&p->legs);
}

const char *pattern_op_name(enum pattern_op op)
{
	static const char *const all[] = {"=", "!=", "<", "<=", ">", ">=", "LIKE", "MATCHES",
		"ISSUBSET", "ISSUPERSET", "EXISTS", "IN"};

	return op <= PATTERN_IN ? all[op] : "?";
}
