#ifndef INTEL_SDO_H
#define INTEL_SDO_H

#include "base/arena.h"
#include "base/limits.h"
#include "base/vec.h"
#include "text/json.h"

/*
 * What is read of one STIX object of version 2.0 or 2.1, of whatever type: domain objects,
 * relationships, observables, markings and those that somebody invented (STIX 2.1 sections 3.2 to
 * 7.2, and ATT&CK's x_mitre_…).  Texts borrow from the object's bytes or from the arena; "" and -1
 * where a property is missing or of another type.
 */
struct sdo_ref { /* any property x_ref, and each element of x_refs, but markings */
	struct str key, id;
};
struct sdo_reference { /* of external_references */
	struct str source, id, description, url;
};
struct sdo_phase { /* of kill_chain_phases */
	struct str chain, name;
};

struct sdo {
#define TEXT(name) struct str name;
#define NUMBER(name) struct str name;
#include "intel/sdo_texts.def"
#undef TEXT
#undef NUMBER
	struct str tlp, statement; /* of marking definitions; of TLP 1 and 2.0 alike */
	struct str hash;           /* the first of an observable's hashes */
	int confidence;            /* 0 to 100, -1 unknown */
	bool revoked, benign;      /* revoked, or deprecated (x_mitre_deprecated) */
	struct str labels;         /* labels and indicator_types, joined by ", " */
	struct str inside;         /* what a 2.0 observed-data holds: "ipv4-addr 192.0.2.1, …" */
	VEC(struct str)
	marking_refs;            /* of the object and of parts of it; "" where one is no text */
	VEC(struct str) aliases; /* aliases, x_mitre_aliases, x_opencti_aliases */
	VEC(struct sdo_ref) refs;
	VEC(struct sdo_reference) references;
	VEC(struct sdo_phase) phases;
	const char *wrong; /* the first property that is not of its type, or NULL */
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

/* Hash of what the last object says: its tokens in their order, not the blanks between them. */
uint64_t sdo_digest(const struct sdo_reader *r, struct str object);
/*
 * What to call it by: its name, else the property that says most of it (an observable's value, a
 * note's abstract); "" if it has none.
 */
struct str sdo_title(const struct sdo *o);

/* The text of a string token. */
struct str json_text(struct arena *a, struct str text, const struct json_token *t);

#endif
