#ifndef ENGINE_EXPRESSIONS_H
#define ENGINE_EXPRESSIONS_H

#include "engine/intelset.h"

/*
 * The regular expressions of warning lists, held against many values at once in the box: what
 * others wrote is not run outside of it.
 */
struct expression_met {
	const struct intel_file *list;
	uint32_t ordinal; /* of the entry in the list */
	uint32_t value;   /* index of the value */
};

struct expressions {
	VEC(struct expression_met) at; /* by value */
};

/* No box is started where no list has an expression, or there are no values. */
MUST bool expressions_ask(const struct intel_set *set, const struct str *values, size_t n,
	const char *worker, struct expressions *ret, struct err *err);
void expressions_release(struct expressions *e);

#endif
