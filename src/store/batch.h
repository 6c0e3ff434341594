#ifndef STORE_BATCH_H
#define STORE_BATCH_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"

/*
 * A batch: evidence.  A run of bytes of one source exactly as they came (after decompression),
 * with the places of its records; written whole and never changed but by erasure.  The batches
 * of a source in order are the whole decoded source, byte for byte, separators included.
 * spoor-batch(5) is the specification; a batch carries what is needed to read it alone.
 */
enum framing_kind {
	FRAMING_LINES, /* a record a line: JSON lines, or text that no format claims */
	FRAMING_JSON,  /* values one after another, or elements of an array, maybe in a wrapper */
	FRAMING_CSV,   /* the preamble is the header row */
	FRAMING_ZEEK_TSV, /* the preamble is the '#' lines */
	FRAMING_W3C,      /* so it is here */
	FRAMING_MBOX,     /* mails, each behind its "From " line */
	FRAMING_MAIL,     /* the whole source is one mail */
	FRAMING_FACTS, /* a line a mail, which was not kept: what was wrong with it and its facts */
	FRAMINGS
};

struct batch_head {
	uint64_t source_offset; /* of raw[0] in the decoded source */
	uint64_t first_record;  /* how many records the source's earlier batches have */
	uint8_t framing;        /* enum framing_kind */
	char separator;         /* CSV, Zeek */
	struct str preamble;    /* bytes of the source's beginning that records need to be read */
	struct str decoding; /* how raw came from the source: "", "gzip", "zstd", "gzip/utf-16le" */
	/* What the user said of it: the format named by --as, and "@" with the RFC 3339 time that
	   --acquired has; either may be missing. */
	struct str forced;
};

struct span {
	uint32_t off, len;
};

/* Appends the file's bytes; the same input gives the same bytes.  Spans ascend and don't overlap.
 */
void batch_build(const struct batch_head *head, struct str raw, const struct span *records,
	size_t n, int zstd_level, struct buf *out);

/* A batch opened for reading; borrows the file's bytes, allocates only its tables. */
struct batch;

/* Checks everything but the compressed blocks' content (batch_raw does that). */
MUST bool batch_open(struct str file, struct batch **ret_b, struct err *err);
void batch_close(struct batch *b);
const struct batch_head *batch_head(const struct batch *b);
uint32_t batch_records(const struct batch *b);
size_t batch_raw_size(const struct batch *b); /* bytes held, erased ones not counted */
/* Where record i stands in the decoded source (stays true after erasure), and whether it is there.
 */
bool batch_record_at(const struct batch *b, uint32_t i, uint64_t *ret_source_offset,
	uint32_t *ret_len, bool *ret_erased);
/* Appends the bytes of record i (nothing if erased); decompresses only the blocks it lies in. */
MUST bool batch_record(struct batch *b, uint32_t i, struct buf *out, struct err *err);
/* Appends all bytes held, in order; ret_spans (n = batch_records) gets the places in them. */
MUST bool batch_raw(struct batch *b, struct buf *out, struct span *ret_spans, struct err *err);

/*
 * The same batch without some records, and without the gap bytes (between records) that
 * drop_gap marks: erased spans keep place, length and number, but no byte or hash of them.
 * drop_record[i], drop_gap[i] (the bytes before record i; n + 1 of them).
 */
MUST bool batch_without(struct batch *b, const bool *drop_record, const bool *drop_gap,
	int zstd_level, struct buf *out, struct err *err);

#endif
