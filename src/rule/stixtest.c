#include "rule/stixtest.h"

#include <stdlib.h>

#include "rule/patternlex.h"
#include "rule/regex.h"
#include "rule/stixcompare.h"
#include "text/nfc.h"
#include "text/utf8.h"

/* What a test needs beside its literals. */
struct made {
	struct regex *of_text, *of_bytes;
	struct str like;
	struct stix_literal *literals;
};

struct stix_tests {
	struct arena a, scratch;
	stix_normal_fn *normal;
	struct made *at;
	uint32_t n;
	uint32_t gave_up;
};

void stix_tests_free(struct stix_tests *tests)
{
	for (uint32_t i = 0; tests && i < tests->n; i++) {
		regex_free(tests->at[i].of_text);
		regex_free(tests->at[i].of_bytes);
	}
	if (tests) {
		arena_release(&tests->a);
		arena_release(&tests->scratch);
	}
	free(tests);
}

uint32_t stix_tests_gave_up(const struct stix_tests *tests)
{
	return tests->gave_up;
}

static bool make_regex(
	struct stix_tests *tests, const struct pattern_value *v, struct made *m, struct err *err)
{
	struct str text = nfc_of(&tests->a, v->text), bytes;
	struct err ignored;

	if (!regex_compile(text, REGEX_DOTALL | REGEX_UNICODE, &m->of_text, err))
		return false;
	/* What has no form for bytes is never found in them. */
	if (stix_octets(&tests->a, text, &bytes) &&
		!regex_compile(bytes, REGEX_DOTALL, &m->of_bytes, &ignored))
		m->of_bytes = NULL;
	return true;
}

static bool make(
	struct stix_tests *tests, const struct pattern_test *t, size_t *ret_at, struct err *err)
{
	struct made *m = &tests->at[t->number];

	m->literals = arena_array(&tests->a, t->n_values + 1, sizeof(*m->literals));
	for (uint32_t i = 0; i < t->n_values; i++) {
		struct pattern_value v = t->values[i];
		bool same = t->op == PATTERN_EQ || t->op == PATTERN_NE || t->op == PATTERN_IN;
		if (tests->normal && same && v.literal == PATTERN_STRING)
			v.text = tests->normal(&tests->a, t, v.text);
		m->literals[i] = stix_literal_of(&tests->a, &v);
	}
	if (t->op == PATTERN_LIKE)
		m->like = nfc_of(&tests->a, t->values[0].text);
	if (t->op != PATTERN_MATCHES)
		return true;
	*ret_at = t->values[0].at;
	return make_regex(tests, &t->values[0], m, err);
}

static bool make_all(
	struct stix_tests *tests, const struct pattern_node *n, size_t *ret_at, struct err *err)
{
	if (n->kind == PATTERN_TEST)
		return make(tests, n->test, ret_at, err);
	for (const struct pattern_node *c = n->child; c; c = c->next) {
		if (!make_all(tests, c, ret_at, err))
			return false;
	}
	return true;
}

bool stix_tests_new(const struct pattern *p, stix_normal_fn *normal, struct stix_tests **ret_tests,
	size_t *ret_at, struct err *err)
{
	struct stix_tests *tests = calloc(1, sizeof(*tests));

	if (!tests)
		BUG("out of memory");
	tests->n = p->n_tests;
	tests->normal = normal;
	tests->at = arena_zalloc(&tests->a, (p->n_tests + 1) * sizeof(*tests->at));
	if (!make_all(tests, p->root, ret_at, err)) {
		stix_tests_free(tests);
		return false;
	}
	*ret_tests = tests;
	return true;
}

/* Bytes of the character at p; of what is no UTF-8, of its ill-formed beginning. */
static size_t step(const char *p, const char *end)
{
	int n = utf8_step(p, end);

	return (size_t)(n < 0 ? -n : n);
}

/* SQL's LIKE: % is any run of characters, _ is one.  After a mismatch only the last % can help. */
static bool is_like(struct str s, struct str like)
{
	const char *p = s.p, *end = s.p + s.n, *l = like.p, *lend = like.p + like.n;
	const char *star = NULL, *from = NULL;

	while (p < end) {
		size_t n = step(p, end);
		bool one = l < lend && *l == '_';
		if (l < lend && *l == '%') {
			star = ++l;
			from = p;
		} else if (one || (l < lend && (size_t)(lend - l) >= n && memcmp(l, p, n) == 0)) {
			l += one ? 1 : n;
			p += n;
		} else if (star) {
			from += step(from, end);
			p = from;
			l = star;
		} else {
			return false;
		}
	}
	while (l < lend && *l == '%')
		l++;
	return l == lend;
}

static bool is_found(struct stix_tests *tests, const struct made *m, const struct stix_value *v)
{
	if (v->kind == STIX_BYTES)
		return m->of_bytes && regex_found(m->of_bytes, v->text, &tests->gave_up);
	return v->kind == STIX_TEXT &&
	       regex_found(m->of_text, nfc_of(&tests->scratch, v->text), &tests->gave_up);
}

static bool ordered(uint8_t op, int order)
{
	switch (op) {
	case PATTERN_LT:
		return order < 0;
	case PATTERN_LE:
		return order <= 0;
	case PATTERN_GT:
		return order > 0;
	case PATTERN_GE:
		return order >= 0;
	case PATTERN_NE:
		return order != 0;
	default:
		return order == 0;
	}
}

static bool holds(struct stix_tests *tests, const struct pattern_test *t, const struct made *m,
	const struct stix_value *v)
{
	int order;

	switch (t->op) {
	case PATTERN_LIKE:
		return v->kind == STIX_TEXT && is_like(nfc_of(&tests->scratch, v->text), m->like);
	case PATTERN_MATCHES:
		return is_found(tests, m, v);
	case PATTERN_ISSUBSET:
		return v->kind == STIX_TEXT && stix_is_subset(v->text, t->values[0].text);
	case PATTERN_ISSUPERSET:
		return v->kind == STIX_TEXT && stix_is_subset(t->values[0].text, v->text);
	default:
		break;
	}
	for (uint32_t i = 0; i < t->n_values; i++) {
		bool comparable = stix_compare(&tests->scratch, v, &m->literals[i], &order);
		if (comparable ? ordered(t->op, order) : t->op == PATTERN_NE)
			return true;
	}
	return false;
}

bool stix_test_holds(
	struct stix_tests *tests, const struct pattern_test *t, const struct stix_value *v)
{
	struct arena_mark start = arena_mark(&tests->scratch);
	bool yes = holds(tests, t, &tests->at[t->number], v);

	arena_rewind(&tests->scratch, start);
	return yes != t->negated;
}
