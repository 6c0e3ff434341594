#ifndef RULE_TEST_H
#define RULE_TEST_H

#include "rule/glob.h"
#include "rule/view.h"

/*
 * A test: one field of an event held against one value, the atom of every rule.  Tests are shared:
 * two rules that ask the same of the same field have the same test, so that it is made once an
 * event.
 */
enum test_kind {
	TEST_TEXT,     /* glob */
	TEST_NUMBER,   /* equal, as numbers or as texts */
	TEST_COMPARE,  /* op number */
	TEST_BOOL,     /* flag: true or false, also as text in any case */
	TEST_NULL,     /* null, or not there */
	TEST_EXISTS,   /* flag: whether it must be there, whatever its value */
	TEST_REGEX,    /* found anywhere */
	TEST_NETWORK,  /* an address in from..to */
	TEST_FIELD,    /* equal to, or at either end of, another field's value */
	TEST_TIMEPART, /* of a date: op number */
};
enum test_op { OP_EQ, OP_LT, OP_LTE, OP_GT, OP_GTE };
enum time_part { PART_MINUTE, PART_HOUR, PART_DAY, PART_WEEK, PART_MONTH, PART_YEAR };

/* Of TEST_FIELD: where the other's value must stand. */
enum test_place { PLACE_ALL, PLACE_START, PLACE_END, PLACE_IN };

struct regex; /* rule/regex.h */

struct test {
	enum test_kind kind;
	uint32_t field; /* FIELD_NONE: a keyword, looked for in the whole event (TEXT, REGEX) */
	bool flag;
	enum test_op op;
	enum time_part part;
	enum test_place place;
	bool cased;     /* FIELD */
	uint32_t other; /* FIELD: the other field */
	double number;
	struct str text; /* as the rule has it, for explaining */
	struct glob glob;
	struct regex *regex;
	unsigned regex_flags;
	uint8_t from[16], to[16];
};

/* Whether the event fits.  Of a field with [all]: whether each element has a value that does. */
bool test_holds(const struct test *t, struct view *v);
/* The same test: equal in all that counts. */
bool test_same(const struct test *a, const struct test *b);
uint64_t test_hash(const struct test *t);
/* "CommandLine contains 'x'": what is tested, in words. */
void test_print(const struct test *t, const struct fields *f, struct buf *out);

#endif
