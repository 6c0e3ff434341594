#ifndef ENGINE_INTELGIVEN_H
#define ENGINE_INTELGIVEN_H

#include "base/flaw.h"
#include "base/vec.h"
#include "engine/folder.h"

/*
 * The files of one source of intelligence, as they were given: copied into one file without a
 * name, one behind the other, so that nobody changes them while they are read, and hashed.  What is
 * compressed is decoded by a worker on the way, UTF-16 too; an archive is as many files as it has.
 */
struct intel_given_file {
	struct str name; /* below the folder, or in the archive, that all of them have in common */
	uint64_t size;
	enum flaw_code flaw; /* of what it was compressed in; FLAW_CODES: none */
};
struct intel_given_whole {
	struct str name;
	struct sha256 sha256; /* before anything was decoded */
};

struct intel_given {
	struct arena arena;
	int fd;
	uint64_t size;
	struct str path; /* of the file, or of that folder; absolute; "-" for standard input */
	struct str name; /* the last part of it */
	/*
	 * Of one file its own; of several that of the text that sha256sum(1) prints of them, by name,
	 * without its escapes.
	 */
	struct sha256 sha256;
	VEC(struct intel_given_file) files;
	VEC(struct intel_given_whole) wholes; /* the paths that were given */
};

/*
 * paths: files, "-" for standard input.  Of several, the order is that of their names.  worker: NULL,
 * or as box_options has it.
 */
MUST bool intel_given_take(struct folder *f, const char *worker, const struct str *paths, size_t n,
	struct intel_given *ret, struct err *err);
void intel_given_release(struct intel_given *g);

#endif
