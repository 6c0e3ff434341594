#ifndef INTEL_OFACREFS_H
#define INTEL_OFACREFS_H

#include "intel/gather.h"

/*
 * What sdn_advanced.xml says in one place and means in another: <ReferenceValueSets> in front, which
 * numbers types and countries, and <Locations>.
 */
struct ofac_ref {
	struct str of, id; /* "Country", "11073" */
	struct str text;   /* "Cuba" */
	struct str more;   /* of a PartySubType the id of its PartyType */
};

struct ofac_refs {
	VEC(struct ofac_ref) at;
	bool sorted;
};

/* Texts are copied into the arena.  Beyond LIMIT_INTEL_NODES nothing is kept. */
void ofac_ref_add(struct ofac_refs *r, struct arena *a, const struct ofac_ref *ref);
/* NULL if it isn't there.  Adding comes before finding. */
const struct ofac_ref *ofac_ref_find(struct ofac_refs *r, const char *of, struct str id);
struct str ofac_ref_text(struct ofac_refs *r, const char *of, struct str id); /* or "" */

#endif
