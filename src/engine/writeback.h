#ifndef ENGINE_WRITEBACK_H
#define ENGINE_WRITEBACK_H

#include "base/buf.h"
#include "engine/intelset.h"

/*
 * What is kept of a source of STIX, written back as one bundle (intel/bundle.h): every object, or
 * every version of one, byte for byte as it was given.
 */
struct writeback {
	struct str id;   /* of one object; "" for all */
	struct str kind; /* of the source's row: "stix-2.0" … */
	/* Gets the bundle in pieces, and may clear them; what is left is added to. */
	bool (*emit)(void *arg, struct buf *text);
	void *arg;
	size_t written, left_out; /* objects; left out: their bytes are no JSON, or were erased */
};
/* False without *err where emit returned false. */
MUST bool writeback_bundle(
	struct folder *f, const struct intel_file *file, struct writeback *w, struct err *err);

#endif
