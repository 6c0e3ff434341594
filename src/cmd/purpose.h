#ifndef CMD_PURPOSE_H
#define CMD_PURPOSE_H

#include "cmd/command.h"
#include "observe/value.h"

/*
 * DESIGN §10: a query about a protected person needs a purpose, and is journalled (the value as
 * a keyed commitment).  True if the query may go on; false after a message.
 */
bool purpose_allows(struct app *app, struct folder *f, const struct typed *types, size_t n);

#endif
