#ifndef STORE_MERGING_H
#define STORE_MERGING_H

#include "base/vec.h"
#include "store/dictwrite.h"
#include "store/merge.h"
#include "store/segread.h"

/* The insides of a merge: merge.c has rows and small sections, mergedict.c the dictionary. */
enum { GONE = UINT32_MAX };

struct merging_input {
	const struct segment *seg;
	struct rowset hidden;
	uint32_t *row_map;   /* by old row: the new one, or GONE */
	uint32_t *entry_map; /* by old entry, once merging_number has run */
	uint64_t *kept;      /* a bit per entry: a row uses it that isn't hidden */
	uint16_t *stream_map;
	uint32_t first_batch;
};

struct merging {
	struct merging_input *in;
	size_t n;
	uint32_t rows, entries;
	struct textpack *tp;
	struct err *err;
};

bool merging_damaged(struct merging *m, size_t input);
struct old_row {
	const struct segment *seg;
	uint32_t row;
};

/* Rows by id; those of one id that differ in content. */
struct merging_ids {
	uint32_t *rows;           /* new numbers, in order of (id, row) */
	uint64_t *conflict;       /* a bit per new row */
	VEC(struct old_row) same; /* the rows of one id */
	struct event_id id;
	uint32_t n;
};

/* mergerows.c: new numbers of rows, in order of (time, id); then their order of ids. */
MUST bool merging_number_rows(struct merging *m);
MUST bool merging_order_ids(struct merging *m, struct merging_ids *b);
/* mergedict.c: numbers the entries that stay, in order of (key, observable), and counts phrases. */
MUST bool merging_number(struct merging *m);
MUST bool merging_write(struct merging *m, struct seg_out *out, struct facts *facts);

#endif
