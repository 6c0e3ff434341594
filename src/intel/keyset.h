#ifndef INTEL_KEYSET_H
#define INTEL_KEYSET_H

#include "base/err.h"
#include "model/indicator.h"
#include "model/probe.h"

/*
 * Indicators compiled for the join: probes sorted by key, ranges sorted by their first address
 * (intel/keys, specified in spoor-keyset(5)).  ref is the indicator's number in the catalogue.
 * keyset_open maps and checks the file; the probes borrow from it.
 */
struct keyset {
	struct probe *probes; /* owned */
	size_t n_probes;
	struct range_probe *ranges;
	size_t n_ranges;
	struct str strings; /* owned or mapped: what probes borrow from */
};

/* ref[i] is the catalogue's number of in[i]; PENDING and revoked ones are left out. */
void keyset_build(const struct indicator *in, const uint32_t *ref, size_t n, struct buf *out);
MUST bool keyset_open(struct str file, struct keyset *ret_k, struct err *err);
void keyset_release(struct keyset *k);

#endif
