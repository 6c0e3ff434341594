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
	ROLE_FIRST_SEEN, /* when somebody saw it, which is not when it is valid */
	ROLE_LAST_SEEN,
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
/*
 * The same of a report's table, whose headers are free text ("SHA-1 malware", "IP address /
 * domain"): by the words in them; what is none of values says something about them.
 */
struct column column_of_words(struct str header);
/* Of a type column; KINDS if it is none that spoor stores. */
uint8_t kind_of_type(struct str type);

static inline bool column_has_values(struct column c)
{
	return c.role == ROLE_VALUE || c.role == ROLE_PATTERN;
}

/* One row; cells are trimmed.  row is what is shown if it has no value. */
void columns_row(struct gather *g, const struct column *c, const struct str *cells, size_t n,
	uint32_t line, struct str row);
/* The same; base has the line, and as context what is said around the table. */
void columns_row_in(struct gather *g, const struct indicator *base, const struct column *c,
	const struct str *cells, size_t n, struct str row);
/*
 * Names of files beside hashes say what the hashes are of: "setup.exe" alone is on every machine.
 */
void columns_settle(struct column *c, size_t n);

#endif
