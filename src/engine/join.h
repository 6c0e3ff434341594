#ifndef ENGINE_JOIN_H
#define ENGINE_JOIN_H

#include "engine/folder.h"

/*
 * Who is the same person in several lists.  From what all lists say, and from nothing else, so that
 * the order in which they came is no matter:
 *
 *   1. who has an id ("SCHEME:ID") in common is one person;
 *   2. who signs in by the same name at the same time is one person, too, unless that would give
 *      one person two ids of a scheme: then two say that the name is theirs, and nothing is joined.
 *
 * Names of people join nothing.  Inside the lock and a transaction; to be called whenever a list
 * came, changed or went.  It numbers the persons, and writes the keys by which they are found.
 */
MUST bool join_people(struct folder *f, struct err *err);

/* The hash under which an id is found; an identity's is observable_key. */
uint64_t join_id_hash(struct str id);
/* An id as it is compared between lists: of ":17", "LIST:17". */
struct str join_id(struct arena *a, struct str list, struct str id);

#endif
