#ifndef INTEL_INTEL_H
#define INTEL_INTEL_H

#include "base/arena.h"
#include "base/vec.h"
#include "intel/indwriter.h"
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
	uint32_t member; /* which of the source's files, from 0 */
};

struct intel {
	VEC(struct indicator) indicators; /* of intel_read alone */
	VEC(struct skipped) skipped;
	struct said said;     /* what it says beside indicators */
	struct str title;     /* the file's own, or "" */
	struct str kind;      /* "stix-2.1", "stix-2.0", "json", "csv", "list", "claims" … */
	enum intel_role role; /* what the entries are */
};

/*
 * Into memory: for what is small.  What ret holds borrows from the arena and from bytes.
 * intel_release frees its tables.
 */
void intel_read(struct arena *a, struct str bytes, struct str file_name, struct intel *ret);
void intel_release(struct intel *in);

/* A source may be several files, read one after another as one (a feed). */
struct intel_member {
	struct str name, bytes;
	const char *flaw; /* of what it was compressed in, or NULL */
};
struct intel_reading {
	const struct intel_member *members;
	uint32_t n_members;
	const struct indwriter_sink
		*sink;           /* where the file of indicators goes (intel/indwriter.h) */
	void (*step)(void *arg); /* called now and then, or NULL */
	void *arg;
};
/* What ret holds borrows from the arena and from the members.  False if the sink failed. */
bool intel_read_source(struct arena *a, const struct intel_reading *r, struct intel *ret);

#endif
