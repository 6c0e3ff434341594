#ifndef STORE_SEGMENT_H
#define STORE_SEGMENT_H

#include "base/err.h"
#include "model/probe.h"
#include "store/build.h"

/*
 * A segment opened for reading: derived from batches, specified in spoor-segment(5).  It borrows
 * the file's bytes (a map).  Every access is checked against the bounds of its section, so that
 * a damaged file gives ERR_CASE or an empty answer, never a read outside.
 */
struct segment;

/* Header and section table only: microseconds. */
MUST bool segment_open(struct str file, struct segment **ret_seg, struct err *err);
void segment_close(struct segment *seg);
/*
 * Everything: order of keys and rows, bounds, postings, strings, aliases.  For what a worker
 * hands over, for fsck, and for fuzzing: after it, no access can fail.  It takes no longer than
 * the file is long, but a short file may stand for many uses (a run of rows): who takes one from
 * outside also compares seg_info.rows and .observables with what its batch can hold, a row per
 * record and a use per byte.
 */
MUST bool segment_check(const struct segment *seg, struct err *err);

struct seg_info {
	uint32_t rows;        /* events, without copies within a batch */
	uint32_t copies;      /* left out as copies when it was built or merged */
	uint64_t observables; /* uses: sum of the entries' counts, KIND_ACTION left out */
	uint32_t entries;     /* distinct, KIND_ACTION left out */
	uint32_t batches;
	uint32_t streams;
	int64_t first, last;  /* times of the rows; INT64_MIN if none has one */
	uint64_t index_bytes; /* dictionary, postings, aliases, addresses */
	uint64_t flaws;
};
void segment_info(const struct segment *seg, struct seg_info *ret);

struct seg_stream {
	struct str format, version, organisation;
	uint32_t rows;
	int64_t first, last;
};
bool segment_stream(const struct segment *seg, uint32_t i, struct seg_stream *ret);
struct str segment_batch(
	const struct segment *seg, uint32_t i); /* its name; "" in a fresh segment */

bool segment_row(const struct segment *seg, uint32_t row, struct seg_row *ret);
/* Rows with this id, at most `room`; returns how many there are. */
size_t segment_find_id(
	const struct segment *seg, struct event_id id, uint32_t *ret_rows, size_t room);

/* Rows left out of all answers (copies of what another segment has): sorted, distinct. */
struct rowset {
	const uint32_t *at;
	size_t n;
};
bool rowset_has(struct rowset s, uint32_t row);
size_t rowset_from(struct rowset s, uint32_t row); /* place of the first row >= row; s.n: none */

/* An entry of the dictionary, by its place in the file (stable while the segment lives). */
struct seg_entry {
	uint64_t place;
	struct observable o;     /* borrows from the segment: see segment_forget_texts */
	const uint8_t *at, *end; /* the store's own: where it stands, or NULL */
	uint32_t count;          /* rows, hidden ones included: segment_uses leaves them out */
};
/*
 * Texts are stored packed, so that those of entries that were returned are kept in memory, each
 * once, until the segment is closed or this is called (callers that walk over millions should).
 * Texts that segment_each_entry hands out are valid during the call only.
 */
void segment_forget_texts(const struct segment *seg);

struct seg_hit {
	struct seg_entry entry;
	uint8_t how;
};

/*
 * Hints that what has this key (observable_key) will be looked up: in all segments the first,
 * then in all the second, so that their waits for memory overlap.  They change nothing else.
 */
void segment_expect(const struct segment *seg, uint64_t key);
void segment_expect_entry(const struct segment *seg, uint64_t key);
/* What is stored under this observable, exactly or by an alias key.  Returns how many; fills
 * `room`. */
size_t segment_find(
	const struct segment *seg, struct observable o, struct seg_hit *ret, size_t room);
bool segment_entry(const struct segment *seg, uint64_t place, struct seg_entry *ret);

struct seg_uses {
	uint32_t count;
	int64_t first, last; /* times; INT64_MIN if unknown */
	uint32_t first_row, last_row;
};
/* Cheap when hidden is empty (no posting is decoded). */
void segment_uses(const struct segment *seg, const struct seg_entry *e, struct rowset hidden,
	struct seg_uses *ret);
/* The rows of an entry, ascending, from row `from` on; returns how many were written. */
size_t segment_postings(const struct segment *seg, const struct seg_entry *e, uint32_t from,
	uint32_t *ret_rows, size_t room);

/* The join: probes sorted by key.  Calls hit for each entry that a probe meets; false stops. */
typedef bool (*segment_hit_fn)(void *arg, uint32_t ref, const struct seg_hit *hit);
void segment_join(const struct segment *seg, const struct probe *probes, size_t n,
	segment_hit_fn hit, void *arg);
/*
 * The same by keys alone, which ascend: value(arg, i) is asked for only where a key may be stored,
 * and is borrowed until it is asked for again.  hit gets i for the ref.
 */
typedef struct observable (*segment_value_fn)(void *arg, uint32_t i);
void segment_join_keys(const struct segment *seg, const uint64_t *keys, size_t n,
	segment_value_fn value, segment_hit_fn hit, void *arg);
/* Addresses in ranges (sorted by from; they may overlap), on the address-ordered part. */
void segment_join_ranges(const struct segment *seg, const struct range_probe *ranges, size_t n,
	segment_hit_fn hit, void *arg);

/* The bit of an action in the summaries of blocks of rows (seg_scan_only). */
uint64_t seg_action_bit(struct observable action);

/*
 * Scans rows in (time, id) order: columns decoded block by block.  Rows without a time come
 * first.  Blocks whose summary excludes [from, to] are skipped.
 */
struct seg_scan;
struct seg_scan *segment_scan(const struct segment *seg, int64_t from, int64_t to);
/* False at the end.  columns: seg_columns() places of entries (UINT64_MAX: none), or NULL. */
bool seg_scan_next(
	struct seg_scan *sc, uint32_t *ret_row, struct seg_row *ret, uint64_t *ret_columns);
/*
 * Leaves out blocks that have none of the actions (an OR of seg_action_bit) or of the streams (an
 * OR of 1 << number % 64).  Rows that come may still have others: it is a summary.
 */
void seg_scan_only(struct seg_scan *sc, uint64_t actions, uint64_t streams);
/* Goes on at that row, if it is ahead. */
void seg_scan_skip(struct seg_scan *sc, uint32_t row);
void seg_scan_free(struct seg_scan *sc);

/* The flaws: by record of a batch.  Calls fn for each; false stops. */
typedef bool (*segment_flaw_fn)(void *arg, uint32_t batch, uint32_t record, struct flaw f);
void segment_each_flaw(const struct segment *seg, segment_flaw_fn fn, void *arg);
/*
 * Everything that something is stored under, alias keys included, in the order of keys: for who has
 * far more keys than the segment.  o is valid during the call only.
 */
typedef bool (*segment_stored_fn)(void *arg, struct observable o);
void segment_each_stored(const struct segment *seg, segment_stored_fn fn, void *arg);
/* Every entry in file order, e.g. for `merge` and fsck. */
typedef bool (*segment_entry_fn)(void *arg, const struct seg_entry *e);
void segment_each_entry(const struct segment *seg, segment_entry_fn fn, void *arg);

#endif
