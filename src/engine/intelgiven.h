#ifndef ENGINE_INTELGIVEN_H
#define ENGINE_INTELGIVEN_H

#include "base/vec.h"
#include "engine/folder.h"

/*
 * The files of one source of intelligence, as they were given: copied into one file without a
 * name, one behind the other, so that nobody changes them while they are read, and hashed.
 */
struct intel_given_file {
	struct str name; /* below the folder that all of them have in common */
	struct sha256 sha256;
	uint64_t size;
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
};

/* paths: files, "-" for standard input.  Of several, the order is that of their names. */
MUST bool intel_given_take(struct folder *f, const struct str *paths, size_t n,
	struct intel_given *ret, struct err *err);
void intel_given_release(struct intel_given *g);

#endif
