#ifndef ENGINE_PROTECTION_H
#define ENGINE_PROTECTION_H

#include "engine/folder.h"
#include "observe/value.h"

/*
 * Whom a question must not be asked about without a purpose (spoor-people(5), "Protection"): who
 * stands in spoor.yaml's `protected`, whoever has or had a protected role in a list of people, by any
 * identity at any time; and their correspondents: an address, account or number that stands in one
 * record with an identity of theirs.
 */
struct protection;

enum covered { COVERED_NOT, COVERED_PERSON, COVERED_CORRESPONDENT };

/* snap NULL: history is not looked into, so that nobody is a correspondent.  Costs nothing yet. */
struct protection *protection_new(struct folder *f, const struct snapshot *snap);
void protection_free(struct protection *p);
/* What a value that is asked for can be, as value_types has it. */
MUST bool protection_covers(struct protection *p, const struct typed *types, size_t n,
	enum covered *ret, struct err *err);

#endif
