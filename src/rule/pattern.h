#ifndef RULE_PATTERN_H
#define RULE_PATTERN_H

#include "base/arena.h"
#include "base/vec.h"

/*
 * A STIX pattern (STIX 2.1 section 9, STIXPattern.g4; and STIX 2.0 part 5) as a tree, which
 * rule/stixmatch.h holds against observations, and as legs: comparisons of which each makes the
 * whole pattern true by itself, since nothing but OR and IN stands above them.  What can be looked
 * up by values alone is a leg; all that keeps something from being one sets a bit of `beyond`.
 */
enum pattern_op {
	PATTERN_EQ, /* = and ==, and each element of IN */
	PATTERN_NE,
	PATTERN_LT,
	PATTERN_LE,
	PATTERN_GT,
	PATTERN_GE,
	PATTERN_LIKE,
	PATTERN_MATCHES,
	PATTERN_ISSUBSET,
	PATTERN_ISSUPERSET,
	PATTERN_EXISTS,
	PATTERN_IN, /* of tests, never of legs */
};

enum pattern_literal {
	PATTERN_NONE, /* of EXISTS */
	PATTERN_STRING,
	PATTERN_NUMBER,
	PATTERN_BOOL,
	PATTERN_HEX,
	PATTERN_BINARY,
	PATTERN_TIME,
};

enum pattern_beyond {
	PATTERN_AND = 1 << 0,        /* comparisons joined by AND */
	PATTERN_BOTH = 1 << 1,       /* observations joined by AND */
	PATTERN_FOLLOWEDBY = 1 << 2, /* observations in order */
	PATTERN_QUALIFIER = 1 << 3,  /* WITHIN, REPEATS, START … STOP */
};

struct pattern_leg {
	struct str object; /* "file" */
	struct str path;   /* "hashes.SHA-256": keys without quotes unless they hold . or [ */
	struct str value;  /* unescaped */
	uint8_t op;        /* enum pattern_op */
	uint8_t literal;   /* enum pattern_literal */
	bool negated;
};

/* One step of a path: a key, [n] (from the end if negative), or [*]. */
enum pattern_step_kind { PATTERN_KEY, PATTERN_INDEX, PATTERN_EACH };
struct pattern_step {
	enum pattern_step_kind kind;
	struct str key;
	int64_t index;
};

struct pattern_value {
	uint8_t literal; /* enum pattern_literal */
	struct str text; /* between the quotes, unescaped */
	size_t at;       /* where it stands in the pattern */
};

struct pattern_test {
	struct str object;
	const struct pattern_step *steps;
	uint32_t n_steps;
	uint32_t n_values; /* none of EXISTS, one of all but IN */
	const struct pattern_value *values;
	uint32_t number; /* its place among the pattern's tests */
	uint8_t op;      /* enum pattern_op */
	bool negated;
};

enum pattern_kind {
	/* Of one object. */
	PATTERN_TEST,
	PATTERN_ALL, /* AND */
	PATTERN_ANY, /* OR */
	/* Of observations. */
	PATTERN_OBSERVATION, /* [ … ]: its one child is of an object */
	PATTERN_TOGETHER,    /* AND: different observations */
	PATTERN_EITHER,      /* OR */
	PATTERN_THEN,        /* FOLLOWEDBY: its children in order */
	PATTERN_WITHIN,      /* the rest have one child, what they qualify */
	PATTERN_REPEATS,
	PATTERN_BETWEEN, /* START … STOP */
};

struct pattern_node {
	enum pattern_kind kind;
	size_t from, to; /* its bytes in the pattern */
	struct pattern_node *child, *next;
	const struct pattern_test *test; /* TEST */
	uint64_t n;                      /* REPEATS: times; WITHIN: microseconds, rounded up */
	struct str start, stop;          /* BETWEEN: times as they are written */
};

struct pattern {
	const struct pattern_node *root;
	uint32_t n_tests;
	VEC(struct pattern_leg) legs;
	unsigned beyond;  /* enum pattern_beyond */
	size_t at;        /* if it is not valid: where … */
	const char *want; /* … and what was expected there */
};

/* 2.0 has no EXISTS, and strings for the times of START and STOP; ANY takes what either allows. */
enum pattern_version { PATTERN_ANY_VERSION, PATTERN_20, PATTERN_21 };

/*
 * False if text is no STIX pattern: ret_p->at and ->want say why.  Tree and legs borrow from text
 * and from the arena.  Release in either case.
 */
bool pattern_parse(
	struct arena *a, struct str text, enum pattern_version version, struct pattern *ret_p);
void pattern_release(struct pattern *p);
const char *pattern_op_name(enum pattern_op op);

#endif
