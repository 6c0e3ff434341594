#ifndef PEOPLE_PACK_H
#define PEOPLE_PACK_H

#include "base/buf.h"
#include "base/err.h"
#include "base/scan.h"
#include "people/people.h"

/*
 * A list of people as bytes: from the worker to its parent, in the case folder, and, one person at a
 * time, in the catalogue.  unpack trusts none of them: it checks every count, kind and bound.
 * Texts borrow from the bytes, arrays from the arena.  unpack of pack gives the same.
 *
 *	magic "spoorpeople1", kind, varint n, n persons, varint m, m skipped
 *	person: varint line, u8 flags, and behind its number of each: ids, names (texts),
 *		identities (u8 kind, u8 form, u8 flags, [u64 from], [u64 to], text), roles (u8 what,
 *		u8 flags, [u64 from], [u64 to], title, body)
 *	text: varint length and its bytes
 *	skipped: varint line, two texts
 */
void people_pack(const struct people *p, struct buf *out);
MUST bool people_unpack(struct arena *a, struct str bytes, struct people *ret, struct err *err);

void person_pack(const struct person *p, struct buf *out);
/* Fails as a scan does; all of *ret is then empty. */
void person_unpack(struct arena *a, struct scan *sc, struct person *ret);

#endif
