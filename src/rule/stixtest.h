#ifndef RULE_STIXTEST_H
#define RULE_STIXTEST_H

#include "base/err.h"
#include "rule/pattern.h"

/*
 * The comparisons of a STIX pattern (STIX 2.1 section 9.6), held against single values.
 *
 * What the specification leaves open, and what is done: NOT gives the opposite of what the same
 * comparison gives without it, also where the two are of kinds that can't be compared, which is
 * false by itself, and true with !=.  Nothing compares with an object, a list or null.
 */
enum stix_kind { STIX_NOTHING, STIX_TEXT, STIX_BYTES, STIX_NUMBER, STIX_BOOL };

struct stix_value {
	enum stix_kind kind;
	struct str text; /* UTF-8, the bytes themselves, the number as JSON has it, or "true" */
};

struct stix_tests;

/*
 * The form in which a literal of =, != or IN is compared, where values have a normal form.  It may
 * be the literal itself, or a copy in the arena.
 */
typedef struct str stix_normal_fn(
	struct arena *a, const struct pattern_test *t, struct str literal);

/*
 * The pattern must live as long.  normal: NULL compares as it is written.  False with *ret_at in the
 * pattern's text: a bad expression.
 */
MUST bool stix_tests_new(const struct pattern *p, stix_normal_fn *normal,
	struct stix_tests **ret_tests, size_t *ret_at, struct err *err);
void stix_tests_free(struct stix_tests *tests);
/* Not of EXISTS, which is about paths. */
bool stix_test_holds(
	struct stix_tests *tests, const struct pattern_test *t, const struct stix_value *v);
/* How many searches of MATCHES met a limit and counted as not found. */
uint32_t stix_tests_gave_up(const struct stix_tests *tests);

#endif
