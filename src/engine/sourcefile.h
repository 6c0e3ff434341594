#ifndef ENGINE_SOURCEFILE_H
#define ENGINE_SOURCEFILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/flaw.h"
#include "base/hash.h"
#include "base/when.h"

/*
 * What the catalogue knows of a source and nothing else does, as a small JSON file beside its
 * batches (spoor-case(5)), so that a lost case.db can be rebuilt.  Unlike the journal it may
 * hold a path, since erasure rewrites it.
 */
struct source_batch {
	struct sha256 sha256;
	uint64_t bytes, records;
};
struct source_file {
	struct sha256 sha256;
	struct str path, decoding, acquired, formats_version;
	uint64_t bytes, decoded_bytes;
	struct when ingested;
	const struct flaw *flaws;
	size_t n_flaws;
	struct source_batch *batches;
	size_t n_batches;
};

void source_file_write(const struct source_file *s, struct buf *out);
/* Unknown keys are skipped; a missing hash is ERR_CASE. */
MUST bool source_file_parse(struct arena *a, struct str json, const char *name,
	struct source_file *ret_s, struct err *err);

#endif
