#ifndef INTEL_SDO_H
#define INTEL_SDO_H

#include "base/arena.h"
#include "base/limits.h"
#include "base/vec.h"
#include "text/json.h"

/*
 * What is read of one STIX object (STIX 2.1 sections 3.2, 4.7, 5.1, 7.2).  Texts borrow from the
 * object's bytes or from the arena; "" and -1 where a property is missing or of another type.
 */
struct sdo {
	struct str type, id, spec_version, name, description;
	struct str pattern, pattern_type, valid_from, valid_until;
	struct str relationship_type, source_ref, target_ref;
	struct str definition_type, tlp; /* of marking definitions: TLP 1 and 2.0 alike */
	struct str statement;
	int confidence;
	bool revoked, benign;
	struct str labels;            /* labels and indicator_types, joined by ", " */
	VEC(struct str) marking_refs; /* of the object and of parts of it */
};

struct sdo_reader {
	struct json_tape tape;
	struct flaw flaws[LIMIT_FLAWS_PER_RECORD];
	struct sdo sdo;   /* of the last sdo_read */
	uint32_t n_flaws; /* in its bytes */
};

/* False if the bytes are no JSON object.  r->sdo and r->tape hold until the next call. */
bool sdo_read(struct sdo_reader *r, struct arena *a, struct str object);
void sdo_reader_release(struct sdo_reader *r);

/* The text of a string token. */
struct str json_text(struct arena *a, struct str text, const struct json_token *t);

#endif
