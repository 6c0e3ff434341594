#ifndef INTEL_INTEL_H
#define INTEL_INTEL_H

#include "base/arena.h"
#include "base/vec.h"
#include "intel/said.h"
#include "model/indicator.h"

/*
 * Reads a file of indicators as it comes: STIX 2.0/2.1 (bundle, array, JSON lines), JSON objects,
 * CSV, plain lists and text (spoor-intel(7)), claims (spoor-claims(5)).  Runs in the worker.  What can't be used is not
 * dropped: it is in `skipped` with why, or an indicator with what = INDICATOR_PENDING.
 */
struct skipped {
	struct str what, why;
	uint32_t line;
};

struct intel {
	VEC(struct indicator) indicators;
	VEC(struct skipped) skipped;
	struct said said; /* what it says beside indicators */
	struct str title; /* the file's own, or "" */
	struct str kind;  /* "stix-2.1", "stix-2.0", "json", "csv", "list", "claims" … */
};

/* What ret holds borrows from the arena and from bytes.  intel_release frees its tables. */
void intel_read(struct arena *a, struct str bytes, struct str file_name, struct intel *ret);
void intel_release(struct intel *in);

#endif
