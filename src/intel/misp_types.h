#ifndef INTEL_MISP_TYPES_H
#define INTEL_MISP_TYPES_H

#include "intel/gather.h"

/* What a type of MISP's attributes says of a value (intel/misp_types.def). */
enum misp_how { MISP_NO, MISP_TEXT, MISP_PENDING, MISP_PATTERN, MISP_KIND };

struct misp_type {
	const char *name;
	bool ids; /* for detection, where the attribute doesn't say */
	uint8_t how[2];
	uint8_t kind[2]; /* of MISP_KIND */
};

/* NULL: not known. */
const struct misp_type *misp_type_of(struct str name);

/* What an attribute says in to_ids. */
enum misp_ids { MISP_NO_IDS, MISP_IDS, MISP_IDS_NOT_SAID };
/* NULL if it is for detection, or why it is not looked for. */
const char *misp_not_looked_for(struct str type, struct str category, enum misp_ids ids);

/*
 * A value of that type, which is for detection: indicators, or pending or skipped with why.  `in` has
 * all but what, o, from, to and original.
 */
void misp_value(struct gather *g, const struct indicator *in, struct str type, struct str value);

#endif
