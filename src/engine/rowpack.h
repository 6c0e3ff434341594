#ifndef ENGINE_ROWPACK_H
#define ENGINE_ROWPACK_H

#include "base/arena.h"
#include "base/buf.h"
#include "store/segment.h"

/*
 * Sets of rows as the catalogue keeps them: ascending row numbers as LEB128 varints of the
 * distance from the row before, less one (the first one counts from -1).  One set has one
 * packing.
 */
void rowpack_write(struct rowset s, struct buf *out);
/* False if the bytes are damaged. */
bool rowpack_read(struct arena *a, struct str packed, struct rowset *ret_s);

#endif
