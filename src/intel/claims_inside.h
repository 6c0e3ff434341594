#ifndef INTEL_CLAIMS_INSIDE_H
#define INTEL_CLAIMS_INSIDE_H

#include "base/vec.h"
#include "intel/gather.h"
#include "text/yaml.h"

/* What the files of intel/claims*.c share while they read one file of claims. */
struct claim_id {
	struct str id;
	const struct yaml *y; /* the claim */
};
struct claims {
	struct gather *g;
	struct str marking;       /* of the document */
	struct when after;        /* the first moment behind its "as-of" day */
	VEC(struct claim_id) ids; /* of all claims of the file, in order of id, then place */
};

/* Skips what stands at y: `what` is its id or its text. */
void claims_bad(struct claims *c, const struct yaml *y, struct str what, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Tells of keys that are none of these (the last one NULL): most are misspelt. */
void claims_check_keys(struct claims *c, const struct yaml *map, const char *const *keys);
/* The text of a key, "" if it isn't there; one that is no text is told. */
struct str claims_text(struct claims *c, const struct yaml *map, const char *key);
/* "2024", "2024-03", "2024-03-25" or a time of RFC 3339: its first moment, and the first behind. */
bool claims_date(struct str s, struct when *ret_at, struct when *ret_after);
/* Title, publisher, date and address of `reference` as one text; "" if there is none. */
struct str claims_reference(struct claims *c, const struct yaml *map);

void claims_claim(struct claims *c, const struct yaml *y);    /* an element of `claims` */
void claims_actor(struct claims *c, const struct yaml *y);    /* … of `actors` */
void claims_incident(struct claims *c, const struct yaml *y); /* … of `incidents` */

#endif
