#ifndef ENGINE_INTELFILE_H
#define ENGINE_INTELFILE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/when.h"

/*
 * intel/<32 digits of the source's SHA-256>.indicators: how a file of intelligence came, and
 * what the worker read of it (intel/pack.h), so that a lost catalogue can be made again.
 *
 *	magic "spoor indicators 1\n"
 *	32 bytes SHA-256 of the file as given
 *	u64 when it was added (microseconds), varint confidence + 1
 *	varint length and bytes of: name, 1 if it was given else 0, path, marking
 *	the packed indicators
 */
struct intel_file {
	struct sha256 sha256;
	struct when added;
	int confidence;
	struct str name, path, marking;
	bool named; /* the name was given: it replaces by name, not by path */
	struct str packed;
};

enum { INTEL_FILE_ROOM = 64 };
void intel_file_name(const struct sha256 *source, char ret_name[INTEL_FILE_ROOM]);
void intel_file_write(const struct intel_file *f, struct buf *out);
/* Borrows. */
MUST bool intel_file_read(struct str bytes, struct intel_file *ret, struct err *err);

#endif
