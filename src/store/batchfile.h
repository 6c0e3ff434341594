#ifndef STORE_BATCHFILE_H
#define STORE_BATCHFILE_H

#include <zstd.h>

#include "store/batch.h"

/* The insides of a batch, for batch.c (reads) and batchwrite.c. */
#define BATCH_MAGIC "SPOORBAT"
enum {
	BATCH_VERSION = 2,
	BATCH_VERSION_LEAST = 1, /* that is read: its blocks are never packed */
	BATCH_HEADER = 56,
	BLOCK_BYTES = 1 << 20,
	BLOCK_LEAST = 256 << 10, /* what a reader takes: blocks were that small once */
	BLOCK_MAX = 2 << 20,
	HEAD_STRING_MAX = 1 << 20,
};

struct batch_block {
	uint32_t held, clear; /* where its content begins among the held bytes, and its length */
	uint32_t stored;      /* its length in the file */
	uint32_t text;        /* of what it holds packed, the bytes of text; 0: not packed */
	uint64_t at, sum;     /* where in the file */
};

struct batch_record {
	uint32_t at;   /* in the decoded source, from source_offset */
	uint32_t held; /* among the held bytes; of an erased one: where it would be */
	uint32_t len;
	bool erased, gap_erased; /* gap: the bytes in front of it */
};

struct batch {
	struct str file;
	struct batch_head head;
	struct batch_record
		*records; /* n + 1: the last is the end, with the last gap in front of it */
	struct batch_block *blocks;
	uint32_t n, n_blocks, version;
	uint64_t held;
	ZSTD_DCtx *dctx;
	struct buf block;  /* the last block decompressed */
	struct buf packed; /* a block as it comes out of its frame */
	uint32_t block_no;
};

/* The file out of all spans (n records and the end) and the bytes held. */
void batch_write(const struct batch_head *head, struct str held, const struct batch_record *r,
	uint32_t n, int level, struct buf *out);

#endif
