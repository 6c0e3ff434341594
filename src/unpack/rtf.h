#ifndef UNPACK_RTF_H
#define UNPACK_RTF_H

#include "base/arena.h"

/*
 * Outlook's compressed RTF ([MS-OXRTFCP]), decompressed into the arena.  Of damaged bytes what
 * could be decompressed, with *ret_damaged true; "" for what is no compressed RTF at all.
 */
struct str rtf_decompress(struct arena *a, struct str s, bool *ret_damaged);

#endif
