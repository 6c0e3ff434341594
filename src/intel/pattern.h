#ifndef INTEL_PATTERN_H
#define INTEL_PATTERN_H

#include "base/arena.h"
#include "base/vec.h"

/*
 * A STIX pattern (STIX 2.1 section 9).  The whole grammar is recognised, so that a pattern with a
 * mistake is told from one that spoor can't match yet.  What can be matched by values alone are
 * the legs: comparisons of which each makes the whole pattern true by itself, since nothing but OR
 * and IN stands above them.  All that is not such a leg sets a bit of `beyond`.
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

struct pattern {
	VEC(struct pattern_leg) legs;
	unsigned beyond;  /* enum pattern_beyond */
	size_t at;        /* if it is not valid: where … */
	const char *want; /* … and what was expected there */
};

/*
 * False if text is no STIX pattern: ret_p->at and ->want say why.  Legs borrow from text and from
 * the arena.  Release in either case.
 */
bool pattern_parse(struct arena *a, struct str text, struct pattern *ret_p);
void pattern_release(struct pattern *p);
const char *pattern_op_name(enum pattern_op op);

#endif
