#ifndef ENGINE_PEOPLE_H
#define ENGINE_PEOPLE_H

#include "engine/folder.h"
#include "people/people.h"

/*
 * Lists of people into the case: a worker reads a file, what it said is kept, journalled and entered
 * into the catalogue (peoplefile.h), and who is the same person in several lists is found (join.h).
 */
struct people_options {
	struct str list;    /* "": the file's own name */
	struct str as;      /* the kind, or "" */
	struct when at;     /* WHEN_NONE: undated */
	const char *worker; /* NULL: as box_options has it */
};

struct people_added {
	bool known;    /* the case has it already: nothing was done */
	bool replaced; /* a list of that name and date went */
	struct str list;
	uint64_t persons, identities, skipped;
	struct people read; /* what the file said, skipped with why */
	struct buf bytes;   /* what `read` borrows */
	struct arena arena;
};

MUST bool people_add(struct folder *f, const char *path, const struct people_options *opt,
	struct people_added *ret, struct err *err);
void people_added_release(struct people_added *r);

#endif
