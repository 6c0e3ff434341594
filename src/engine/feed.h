#ifndef ENGINE_FEED_H
#define ENGINE_FEED_H

#include "base/err.h"
#include "base/flaw.h"
#include "base/hash.h"
#include "box/client.h"

/*
 * The bytes of one source on their way in: hashed as they were given, decoded by a worker where
 * they are compressed (spoor itself never decompresses what it was given), handed on as they come.
 */
struct feed;

/*
 * Takes the descriptor (closed by feed_free).  decoder: a worker of its own for compressed
 * sources, started on first need and kept in *inout_decoder for the next source.
 */
MUST bool feed_open(int fd, const char *name, const struct box_options *opt,
	struct box **inout_decoder, struct feed **ret_f, struct err *err);
void feed_free(struct feed *f);

/* The first decoded bytes, LIMIT_PREAMBLE_BYTES of them or all there are; not consumed. */
struct str feed_head(const struct feed *f);
/* Up to `room` decoded bytes; *ret_n 0 at the end. */
MUST bool feed_read(struct feed *f, char *room, size_t n, size_t *ret_n, struct err *err);

/* After the end: what the source was. */
uint64_t feed_bytes(const struct feed *f); /* as given, so far */
MUST bool feed_hash(
	struct feed *f, struct sha256 *ret_h, struct err *err); /* of the bytes as given; once */
struct str feed_decoding(const struct feed *f);
const struct flaw *feed_flaws(const struct feed *f, size_t *ret_n);

#endif
