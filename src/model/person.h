#ifndef MODEL_PERSON_H
#define MODEL_PERSON_H

#include "base/when.h"
#include "model/observable.h"

/*
 * What one list says of one person (spoor-people(5)).  Texts and arrays are owned by whoever made
 * it: an arena of the parser or of the reader.  Who is the same person as in another list is not
 * said here: engine/join.h finds it by the ids.
 */
enum person_role {
#define ROLE(name, text, title, protect) PERSON_##name,
#include "model/roles.def"
#undef ROLE
	PERSON_ROLES
};

const char *person_role_name(enum person_role r); /* "member" */
bool person_role_by_name(struct str name, enum person_role *ret_r);
bool person_role_protects(enum person_role r); /* where spoor.yaml says nothing */

/* [from, to); WHEN_NONE at either end: open. */
struct during {
	struct when from, to;
};

/* An address, account or number that is hers or his. */
struct identity {
	struct observable o; /* KIND_EMAIL, KIND_ACCOUNT or KIND_PHONE */
	bool sign_in;        /* the name that a directory signs her or him in by (UPN) */
	struct during during;
};

struct role {
	enum person_role what;
	struct str title, body; /* "Chair", "Committee on Privacy"; "" if unknown */
	struct during during;
};

struct person {
	/*
	 * "SCHEME:ID": whoever has one of them is the same person, in any list.  ":ID" is an id of
	 * the list's own.
	 */
	const struct str *ids;
	const struct str *names; /* the first is the one to call her or him by */
	const struct identity *identities;
	const struct role *roles;
	uint32_t n_ids, n_names, n_identities, n_roles;
	bool protect; /* the list asks for it, whatever the roles */
	uint32_t line;
};

#endif
