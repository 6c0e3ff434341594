#ifndef ENGINE_REBUILD_H
#define ENGINE_REBUILD_H

#include "engine/applying.h"

/*
 * A lost case.db is made again from the journal and the files: the journal says which sources
 * and which files of indicators there were, their small files say the rest, and the segments are
 * taken as they are found, so that each batch stands in one.  Each inside the lock and a
 * transaction.
 */
bool rebuild_has_source(struct folder *f, struct str name);
/* The line of a replacement that was carried out long ago, or was under way. */
MUST bool rebuild_replacement(struct folder *f, const struct applying *p, struct err *err);
/* After the last line: chooses the segments, enters them, decides all copies, and removes files of
 * segments that nothing needs. */
MUST bool rebuild_segments(struct folder *f, struct err *err);

#endif
