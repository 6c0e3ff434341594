#ifndef INTEL_PARTYPACK_H
#define INTEL_PARTYPACK_H

#include "base/buf.h"
#include "base/scan.h"
#include "model/party.h"

/*
 * One designated party as bytes: from the worker to its parent, and in the catalogue.  unpack trusts
 * nothing; a failure is in sc; arrays are in the arena, texts borrow the bytes.
 */
void party_pack(const struct party *p, struct buf *out);
void party_unpack(struct arena *a, struct scan *sc, struct party *ret);

#endif
