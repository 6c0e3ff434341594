#ifndef CASEDB_SEGMENT_H
#define CASEDB_SEGMENT_H

#include "casedb/casedb.h"

/*
 * The segments that make up the history now, the batches each was derived from (each batch
 * stands in exactly one segment), and the streams in it.  hidden and conflict are packed sets
 * of rows (engine/rows.h); this layer doesn't look into them.
 */
struct segment_row {
	int64_t id; /* never used again */
	struct str name;
	uint32_t level; /* 0 fresh, else 1 + the highest of what was merged */
	uint64_t rows, copies, observables, entries, bytes, flaws;
	int64_t first, last;
	struct sha256 sha256; /* of the file */
	struct str hidden, conflict;
};

MUST bool casedb_segment_add(
	struct casedb *db, const struct segment_row *r, int64_t *ret_id, struct err *err);
MUST bool casedb_segment_remove(struct casedb *db, int64_t id, struct err *err);
MUST bool casedb_segment_hide(
	struct casedb *db, int64_t id, struct str hidden, struct str conflict, struct err *err);
typedef bool (*segment_fn)(void *arg, const struct segment_row *r); /* false stops */
MUST bool casedb_segment_each(struct casedb *db, segment_fn fn, void *arg, struct err *err);
MUST bool casedb_segment_find(
	struct casedb *db, int64_t id, segment_fn fn, void *arg, struct err *err);

MUST bool casedb_segment_has(struct casedb *db, struct str name, bool *ret_has, struct err *err);
/* Is it still there?  Numbers are never given twice. */
MUST bool casedb_segment_stands(struct casedb *db, int64_t id, bool *ret_stands, struct err *err);

/* dropped: rows of this batch that merging left out, as copies of what another segment has.
 * They come back only by deriving the batch again. */
MUST bool casedb_segment_batch_add(
	struct casedb *db, int64_t segment, struct str batch, uint64_t dropped, struct err *err);
typedef bool (*segment_batch_fn)(void *arg, int64_t segment, struct str batch, uint64_t dropped);
/* Of one segment, or (0) of all. */
MUST bool casedb_segment_batch_each(
	struct casedb *db, int64_t segment, segment_batch_fn fn, void *arg, struct err *err);
/* *ret_segment is 0 if the batch stands in none. */
MUST bool casedb_segment_of_batch(
	struct casedb *db, struct str batch, int64_t *ret_segment, struct err *err);

struct stream_row {
	struct str format, version, organisation;
	uint64_t rows; /* copies included */
	int64_t first, last;
};
MUST bool casedb_stream_add(
	struct casedb *db, int64_t segment, const struct stream_row *r, struct err *err);
typedef bool (*stream_fn)(void *arg, const struct stream_row *r);
/* Each stream over all segments. */
MUST bool casedb_stream_each(struct casedb *db, stream_fn fn, void *arg, struct err *err);

#endif
