#ifndef UNPACK_PSTITEM_H
#define UNPACK_PSTITEM_H

#include <libpff.h>

#include "unpack/mapi.h"

bool pst_type_is_mail(uint8_t item_type);
bool pst_type_is_other(uint8_t item_type); /* of a person's: a contact, an appointment … */
/*
 * Fills item, whose arena, origin, id and folder are set, from libpff's.  *inout_room: bytes that data
 * may still take; beyond them an attachment is left out.  What can't be read is a flaw.
 */
void pst_item_read(libpff_item_t *message, struct mapi_item *item, unsigned depth,
	size_t *inout_room, struct flaws *flaws);

#endif
