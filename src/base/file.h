#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"

/* Whole-file helpers over the seam (base/io.h).  Paths are NUL-terminated. */

/* A read-only view of a file.  bytes.p is NULL for an empty one.  file_unmap takes {0}. */
struct file_map {
	struct str bytes;
};

MUST bool file_map(int dir, const char *name, struct file_map *ret_map, struct err *err);
void file_unmap(struct file_map *m);
/* Lets go of its pages in memory; they are read again on need. */
void file_forget(const struct file_map *m);
/* Of all of it, in pieces that are let go of. */
struct sha256 file_hash(const struct file_map *m);

/* Reads at most `limit` bytes, into a buf that the caller releases; a larger file is ERR_LIMIT. */
MUST bool file_read(
	int dir, const char *name, size_t limit, struct buf *ret_bytes, struct err *err);

/* Makes dir/name hold exactly `bytes`: temporary file beside it, fsync, rename, fsync of dir. */
MUST bool file_replace(int dir, const char *name, struct str bytes, struct err *err);

/* The first half of that: writes and fsyncs a new file that must not exist yet (mode 0600). */
MUST bool file_create(int dir, const char *name, struct str bytes, struct err *err);

/* Writes all of it, at the descriptor's position. */
MUST bool file_write(int fd, struct str bytes, const char *name_for_messages, struct err *err);

MUST bool dir_sync(int dir, const char *name_for_messages, struct err *err);
/* Makes dir/name (0700) if it isn't there and opens it (O_PATH no: readable, for fsync). */
MUST bool dir_open(int dir, const char *name, bool create, int *ret_fd, struct err *err);
/* dir/name is gone afterwards; not being there is no failure. */
MUST bool file_remove(int dir, const char *name, struct err *err);

#endif
