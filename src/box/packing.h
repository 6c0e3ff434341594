#ifndef BOX_PACKING_H
#define BOX_PACKING_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/scan.h"
#include "store/batch.h"

/*
 * What descriptions of jobs are made of (box/jobs.h).  What is unpacked borrows from the packed
 * bytes, arrays are the arena's; the scan fails on what makes no sense.
 */
enum { PACKED_NAME_MAX = 4096 };

void pack_str(struct buf *out, struct str s);
struct str unpack_str(struct scan *sc, size_t limit);
bool unpack_bool(struct scan *sc);
/* A count of things that take at least `size` bytes each, so that it can't be a lie. */
size_t unpack_count(struct scan *sc, size_t size, uint64_t limit);
bool unpacked_all(const struct scan *sc);

void pack_head(const struct batch_head *h, struct buf *out);
struct batch_head unpack_head(struct scan *sc);
/* Ascending and apart from each other, because only distances are written. */
void pack_spans(const struct span *spans, size_t n, struct buf *out);
const struct span *unpack_spans(struct scan *sc, struct arena *a, size_t *ret_n);
/* Numbers up to `last`, ascending. */
void pack_places(const uint32_t *at, size_t n, struct buf *out);
const uint32_t *unpack_places(struct scan *sc, struct arena *a, size_t last, size_t *ret_n);

#endif
