#ifndef ENGINE_MARKINGS_H
#define ENGINE_MARKINGS_H

#include "casedb/casedb.h"

/*
 * The label of a marking as its reader left it (intel/marking.h): what it left open is looked up
 * among the definitions of its own source, all files of it.  Not among those of others: whoever sends
 * a file could define an id that somebody else left open, and make it laxer.  Of several definitions
 * the strictest counts; where there is none, or looking fails, it is TLP:RED.  The result is static,
 * or marking itself.
 */
struct str markings_label(struct casedb *db, int64_t source, struct str marking);

#endif
