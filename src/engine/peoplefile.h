#ifndef ENGINE_PEOPLEFILE_H
#define ENGINE_PEOPLEFILE_H

#include "engine/folder.h"

/*
 * A list of people in the case: people/NAME.people has what people_pack made of it, people/NAME.facts
 * how it was given.  A list has a name and may have a date; what is given with the name and the
 * date of one that is there takes its place, whole.
 */
struct people_facts {
	struct sha256 sha256; /* of the file as given */
	struct str list, path;
	struct str as;  /* the kind that was given, or "" */
	struct when at; /* WHEN_NONE: undated */
};
struct people_published {
	bool known, replaced;
	uint64_t persons, identities, skipped;
};
MUST bool people_publish(struct folder *f, const struct people_facts *facts, struct str packed,
	struct people_published *ret, struct err *err);
/* A version of a list goes: its rows and its files, with a line in the journal. */
MUST bool people_retract(struct folder *f, const struct sha256 *key, struct err *err);

/*
 * For replay, rebuild and replacement, inside the lock and a transaction: makes the rows of
 * people/NAME from its two files, anew if they are there, or removes them where the file is none of
 * the case's any more.  join_people has to follow.
 */
MUST bool people_file_load(struct folder *f, struct str name, struct err *err);
MUST bool people_file_gone(struct folder *f, struct str name, struct err *err);

/* The facts without what is to be erased, as a file (erasing.h). */
struct people_file {
	struct sha256 key;
	struct people_facts facts; /* texts in the arena */
	struct when added;
};
MUST bool people_file_facts(struct arena *a, struct folder *f, struct str name,
	struct people_file *ret, struct err *err);
void people_file_write(const struct people_file *p, struct buf *out);

#endif
