#ifndef RULE_SIGMA_VALUE_H
#define RULE_SIGMA_VALUE_H

#include "rule/sigma_inside.h"

/*
 * A value on its way through its modifiers: one value of the rule, which may become several that
 * mean "one of these" (base64offset, expand).
 */
enum value_kind {
	VALUE_TEXT,
	VALUE_NUMBER,
	VALUE_BOOL,
	VALUE_NULL,
	VALUE_REGEX,
	VALUE_NETWORK,
	VALUE_EXISTS,
	VALUE_FIELD,
	VALUE_COMPARE
};

struct rule_text {
	enum value_kind kind;
	struct str text; /* as written */
	struct glob glob;
	double number;
	bool flag;
	bool cased;
	unsigned regex_flags;
	enum test_op op;
	enum test_place place;
	bool timed;
	enum time_part part;
};

struct value_set {
	struct rule_text *at;
	size_t n;
};

/* What a scalar is: quoted ones are texts; true, false, null, numbers are what they look like. */
struct rule_text value_of_yaml(struct arena *a, const struct yaml *y);

/* What modifiers say of the whole item rather than of a value. */
struct item_modifiers {
	bool all, neq;
};

/* The modifier expand: each value with all its placeholders replaced, in all ways. */
MUST bool sigma_expand(struct sigma *s, const struct yaml *at, struct value_set *inout_v);
/* Applies one modifier to all of a value's forms. */
MUST bool value_modify(struct sigma *s, const struct yaml *at, struct str modifier,
	struct item_modifiers *inout_m, struct value_set *inout_v);

#endif
