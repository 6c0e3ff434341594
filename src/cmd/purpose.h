#ifndef CMD_PURPOSE_H
#define CMD_PURPOSE_H

#include "cmd/command.h"
#include "engine/persons.h"
#include "observe/value.h"

/*
 * DESIGN §10: a query about a protected person, or about a correspondent of one, needs a purpose,
 * and is journalled (the value as a keyed commitment).
 */
struct purpose {
	struct app *app;
	struct folder *f;
	const struct snapshot *snap; /* NULL: correspondents don't matter */
	struct protection *protection;
};

/* True if the query may go on; false after a message. */
bool purpose_allows(struct purpose *p, const struct typed *types, size_t n);
/* The same about a person: as if all that was ever hers were asked about. */
bool purpose_allows_person(struct purpose *p, const struct person_view *v);
/*
 * A screening (spoor screen) always needs a purpose; `lists`, a JSON array, goes into the journal
 * beside it, so that an answer can be explained when the lists have changed.
 */
bool purpose_allows_screening(struct purpose *p, struct str value, struct str lists);
void purpose_release(struct purpose *p);

#endif
