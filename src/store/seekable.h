#ifndef STORE_SEEKABLE_H
#define STORE_SEEKABLE_H

#include "base/buf.h"
#include "base/err.h"

/*
 * Bytes kept compressed that can be read from any place: zstd's seekable format (its
 * contrib/seekable_format/zstd_seekable_compression_format.md, version 0.1.0), which zstd(1)
 * decompresses like any of its files.  Frames of 1 MiB, and a table of them in a frame that
 * decompressors skip.
 */
enum { SEEKABLE_FRAME = 1 << 20 };

/* Compresses `size` bytes of a file from its beginning into another, at its position. */
MUST bool seekable_write(
	int from, uint64_t size, int to, const char *name_for_messages, struct err *err);
/* One of no bytes, appended. */
void seekable_empty(struct buf *out);

/* Opened for reading; borrows the file's bytes.  All of the table is checked. */
struct seekable {
	struct str file, table;
	uint32_t frames;
	uint64_t size; /* of what was given */
};
MUST bool seekable_open(struct str file, struct seekable *ret, struct err *err);
/* Appends n bytes from `at` on; beyond the end there is nothing. */
MUST bool seekable_read(
	const struct seekable *s, uint64_t at, uint64_t n, struct buf *out, struct err *err);

#endif
