#ifndef ENGINE_FSCK_H
#define ENGINE_FSCK_H

#include "engine/folder.h"
#include "engine/watcher.h"

/*
 * Checks a whole case, changing nothing: the journal's chain, the catalogue against journal and
 * files, each byte of each batch and segment, the files of intelligence, which rows are copies, and what lies about.  Others
 * may read and write meanwhile.
 */
enum fsck_level {
	FSCK_NOTE,   /* nothing is wrong, but somebody may want to know */
	FSCK_DAMAGE, /* something isn't as it was written */
};

struct fsck {
	uint64_t sources, batches, segments, rows, lines, bytes; /* looked at */
	uint64_t notes, damages;
};

/* file: below the case folder, or "".  Valid during the call. */
typedef void (*fsck_fn)(void *arg, enum fsck_level level, struct str file, const char *what);
/* False only if checking itself was not possible. */
MUST bool fsck_run(struct folder *f, fsck_fn fn, void *arg, const struct watcher *w,
	struct fsck *ret, struct err *err);

#endif
