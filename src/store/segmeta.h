#ifndef STORE_SEGMETA_H
#define STORE_SEGMETA_H

#include "store/layout.h"
#include "store/segment.h"

/* The small sections of a segment: streams, batches, names of columns, flaws. */

void seg_stream_count(struct seg_stream *s, int64_t time); /* one more row, in order of time */
void streams_write(const struct seg_stream *s, size_t n, struct seg_out *out);
void batches_write(const struct str *names, size_t n, struct seg_out *out);
void column_names_write(struct seg_out *out);

/* n strings: n + 1 offsets of 4 bytes, then the bytes. */
bool strings_at(struct str section, uint32_t n, uint32_t i, struct str *ret_s);

/* Frames of at most FLAW_FRAME bytes in clear, so that a reader needs no more room. */
enum { FLAW_FRAME = 64 << 10 };
struct flaw_writer {
	struct buf clear, frames;
	uint32_t batch, record;
};
void flaw_put(struct flaw_writer *w, uint32_t batch, uint32_t record, struct flaw f);
void flaws_write(struct flaw_writer *w, struct seg_out *out); /* releases w */

/* False if the section is none; fn may stop it early. */
bool flaws_read(struct str section, uint64_t n, segment_flaw_fn fn, void *arg);

enum { STREAM_ITEM = 20 };

#endif
