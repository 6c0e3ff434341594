#ifndef INTEL_COLUMNS_H
#define INTEL_COLUMNS_H

#include "intel/gather.h"

/*
 * What the columns of a table, or the keys of a JSON object that is not STIX, hold, by the names
 * that people give them.
 */
enum role {
	ROLE_NONE,
	ROLE_VALUE, /* kind KINDS: by its shape, or by the type column */
	ROLE_PATTERN,
	ROLE_PATTERN_TYPE,
	ROLE_TYPE,
	ROLE_NOTE,
	ROLE_NAME,
	ROLE_ACTOR,
	ROLE_MARKING,
	ROLE_CONFIDENCE,
	ROLE_FROM,
	ROLE_UNTIL,
	ROLE_ID,
	ROLE_REVOKED,
};

struct column {
	uint8_t role; /* enum role */
	uint8_t kind; /* of ROLE_VALUE */
};

struct column column_of(struct str header);
static inline bool column_has_values(struct column c)
{
	return c.role == ROLE_VALUE || c.role == ROLE_PATTERN;
}

/* One row; cells are trimmed.  row is what is shown if it has no value. */
void columns_row(struct gather *g, const struct column *c, const struct str *cells, size_t n,
	uint32_t line, struct str row);

#endif
