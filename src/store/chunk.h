#ifndef STORE_CHUNK_H
#define STORE_CHUNK_H

#include <zstd.h>

#include "base/buf.h"

/*
 * A column's values of one block of rows (spoor-segment(5), "Chunks"): at most ROW_BLOCK
 * numbers of 32 bits, coded in whichever of a few ways is shortest.
 */
struct chunk_writer {
	ZSTD_CCtx *cctx;
	uint32_t *sorted, *tmp; /* ROW_BLOCK each */
	uint8_t *planes, *packed;
};
void chunk_writer_init(struct chunk_writer *w);
void chunk_writer_release(struct chunk_writer *w);
/* ascending: neighbours are expected to be close (record numbers). */
void chunk_put(
	struct chunk_writer *w, const uint32_t *v, size_t n, bool ascending, struct buf *out);

struct chunk_reader {
	ZSTD_DCtx *dctx;
	uint8_t *planes;
	uint32_t *values;
};
void chunk_reader_init(struct chunk_reader *r);
void chunk_reader_release(struct chunk_reader *r);
/* All n values; false if the bytes are no chunk of n values. */
bool chunk_get(struct chunk_reader *r, struct str chunk, size_t n, uint32_t *ret_v);
/* Value i where that needs no decoding of the others. */
bool chunk_get_one(struct str chunk, size_t n, size_t i, uint32_t *ret_v);

#endif
