#ifndef INTEL_KEYSET_H
#define INTEL_KEYSET_H

#include "base/err.h"
#include "model/indicator.h"
#include "model/probe.h"

/*
 * Indicators compiled for the join: probes sorted by key, ranges sorted by their first address
 * (intel/keys, specified in spoor-keyset(5)).  ref is the indicator's number in the catalogue.
 * keyset_open checks the file; what probes point to stays in the file's bytes.
 */
struct keyset {
	struct probe *probes; /* owned */
	size_t n_probes;
	struct range_probe *ranges; /* owned */
	size_t n_ranges;
	struct str strings; /* borrowed from the file: the probes' observables */
	uint64_t stamp;     /* what the builder gave */
	size_t room;        /* bytes mapped for the two arrays */
};

/*
 * Appends the file.  ref[i] is the catalogue's number of in[i]; PENDING and revoked ones are left
 * out.  stamp says which state of the catalogue it was compiled from.  The same indicators with
 * the same numbers give the same bytes in any order.
 */
void keyset_build(
	const struct indicator *in, const uint32_t *ref, size_t n, uint64_t stamp, struct buf *out);
/* ERR_CASE if it is damaged or of another version.  The file must stay mapped. */
MUST bool keyset_open(struct str file, struct keyset *ret_k, struct err *err);
/* Besides what open checks: that each key is that of its observable (fsck). */
MUST bool keyset_check(const struct keyset *k, struct err *err);
void keyset_release(struct keyset *k);

#endif
