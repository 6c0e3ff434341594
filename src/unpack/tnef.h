#ifndef UNPACK_TNEF_H
#define UNPACK_TNEF_H

#include "unpack/mapi.h"

/*
 * Outlook's own encoding of a mail, "winmail.dat" or application/ms-tnef ([MS-OXTNEF]), into item,
 * whose arena and origin are set; what it points to is in the arena or in bytes.  False if it is no
 * TNEF.  What can't be read is a flaw with its offset, and the rest is kept.
 */
bool tnef_read(struct str bytes, struct mapi_item *item, size_t *inout_room, struct flaws *flaws);

#endif
