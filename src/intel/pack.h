#ifndef INTEL_PACK_H
#define INTEL_PACK_H

#include "base/err.h"
#include "intel/intel.h"

/* Indicators as bytes, from the worker to its parent; unpack checks everything and borrows. */
void intel_pack(const struct intel *in, struct buf *out);
MUST bool intel_unpack(struct arena *a, struct str bytes, struct intel *ret, struct err *err);

#endif
