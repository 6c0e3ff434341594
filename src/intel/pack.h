#ifndef INTEL_PACK_H
#define INTEL_PACK_H

#include "base/buf.h"
#include "base/err.h"
#include "intel/intel.h"

/*
 * Indicators as bytes, from the worker to its parent.  unpack trusts none of them: it checks
 * every count, kind, form and bound, and what it returns borrows the bytes (intel_release frees
 * the tables).  unpack of pack gives the same indicators.
 */
void intel_pack(const struct intel *in, struct buf *out);
/* The same in pieces, for what may be large. */
MUST bool intel_pack_into(const struct intel *in, const struct said_sink *sink);
MUST bool intel_unpack(struct str bytes, struct intel *ret, struct err *err);

#endif
