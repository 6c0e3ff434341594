#ifndef RULE_CORRELATION_H
#define RULE_CORRELATION_H

#include "rule/ruleset.h"

/*
 * A correlation (Sigma Correlation Rules Specification 2.1): what events that other rules match are
 * together.  It stands in its rule; rule/correlate.h evaluates it.
 */
enum correlation_type {
	CORRELATE_EVENT_COUNT,
	CORRELATE_VALUE_COUNT,
	CORRELATE_TEMPORAL,
	CORRELATE_TEMPORAL_ORDERED,
	CORRELATE_VALUE_SUM,
	CORRELATE_VALUE_AVG,
	CORRELATE_VALUE_PERCENTILE,
	CORRELATE_VALUE_MEDIAN,
};
const char *correlation_type_name(enum correlation_type t);

enum correlation_op {
	CORRELATE_GT,
	CORRELATE_GTE,
	CORRELATE_LT,
	CORRELATE_LTE,
	CORRELATE_EQ,
	CORRELATE_NEQ
};
enum { CORRELATION_OPS = 6 };
const char *correlation_op_name(enum correlation_op op);

/* One of `condition`'s numbers; all of them must be met. */
struct correlation_bound {
	enum correlation_op op;
	double number;
};

/* One of `rules`. */
struct correlation_ref {
	struct str name; /* an id or a name */
	unsigned line;
	uint32_t rule; /* sealed: its place in the set */
};

struct correlation_alias {
	struct str alias, rule, field;
	unsigned line;
	uint32_t ref; /* sealed: its place among `refs` */
};

/*
 * One way in which a condition of names is met: each of these rules has hits, and none of those.  Bits
 * are places among `refs`.
 */
struct correlation_way {
	uint64_t has, lacks;
};

struct correlation {
	enum correlation_type type;
	unsigned line;
	struct correlation_ref *refs;
	uint32_t n_refs; /* 1 to LIMIT_CORRELATION_RULES */
	const struct str *group_by, *fields;
	uint32_t n_group_by, n_fields;
	struct correlation_alias *aliases;
	uint32_t n_aliases;
	struct str timespan;  /* as it is written */
	int64_t span;         /* microseconds */
	struct str condition; /* of names, as it is written; or "" */
	struct correlation_bound bounds[CORRELATION_OPS];
	uint32_t n_bounds;
	uint32_t percentile; /* 0 to 100 */
	/* Of temporal and temporal_ordered: any of them; none where `bounds` count the rules. */
	const struct correlation_way *ways;
	uint32_t n_ways;
	uint64_t has; /* refs whose hits a finding stands on: those that aren't only denied */
	bool generate;

	/*
	 * Sealed.  `wants`: names of what correlations that refer to this one want to know of each of its
	 * hits.  A hit of ref r has at slots[r * n_slots + k] its value (the place among its rule's
	 * captures, or wants) for the k-th of group_by, then fields, then wants.
	 */
	const struct str *wants;
	uint32_t n_wants, n_slots;
	const uint32_t *slots;
	uint32_t height; /* 1: refers to no other correlation */
};

/* Whether a number meets all of the condition's. */
bool correlation_met(const struct correlation *c, double number);

#endif
