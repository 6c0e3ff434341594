#ifndef PEOPLE_PEOPLE_H
#define PEOPLE_PEOPLE_H

#include "base/arena.h"
#include "base/vec.h"
#include "model/person.h"

/*
 * Reads a list of people as it comes: users of Microsoft Entra (portal CSV, Microsoft Graph JSON,
 * PowerShell's JSON), Popolo JSON, and plain CSV (spoor-people(5)).  Runs in the worker, since lists are
 * downloads like others.  What can't be used is in `skipped` with why.
 */
struct people_skipped {
	struct str what, why;
	uint32_t line;
};

struct people {
	VEC(struct person) persons;
	VEC(struct people_skipped) skipped;
	struct str kind; /* "entra", "popolo", "csv", or "" if it is none of them */
};

/*
 * as: the kind, or "" to see by the content.  What ret holds borrows from the arena and from bytes;
 * people_release frees its tables.
 */
void people_read(struct arena *a, struct str bytes, struct str as, struct people *ret);
bool people_is_kind(struct str kind);
void people_release(struct people *p);

#endif
