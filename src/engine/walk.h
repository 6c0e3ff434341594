#ifndef ENGINE_WALK_H
#define ENGINE_WALK_H

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"

/*
 * What `ingest PATH…` means: files as they are, folders with all that is below them in order of
 * name.  Links to files are followed; a folder that is met again on its own way down (a link
 * that makes a circle) is not.  "-" is standard input.
 */
struct walk_file {
	struct str path;     /* NUL-terminated */
	uint64_t size;       /* 0 where unknown (standard input) */
	struct str not_read; /* why it can't be read (unreadable, no regular file), or "" */
};

struct walk {
	VEC(struct walk_file) files;
	uint64_t bytes; /* of all */
};

void walk_path(struct arena *a, const char *path, struct walk *inout_w);
void walk_release(struct walk *w);

#endif
