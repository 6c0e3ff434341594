#ifndef ENGINE_MARKINGS_H
#define ENGINE_MARKINGS_H

#include "casedb/casedb.h"

/*
 * The label of a marking as its reader left it (intel/marking.h): what it left open is looked up
 * among the definitions of all sources, now and not when the file came in, so that the order in which
 * files are added doesn't matter.  Of several definitions the strictest counts; where there is none,
 * or looking fails, it is TLP:RED.  The result is static, or marking itself.
 */
struct str markings_label(struct casedb *db, struct str marking);

#endif
