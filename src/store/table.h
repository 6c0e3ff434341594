#ifndef STORE_TABLE_H
#define STORE_TABLE_H

#include "store/build.h"
#include "store/chunk.h"
#include "store/layout.h"

/*
 * Writes the event table: rows come in order of (time, id), column by column in blocks, then
 * the ids once more in their own order.  Keeps one block and the small parts in memory.
 */
struct table_writer {
	struct chunk_writer chunks;
	struct buf times, bits, ids, blocks, columns, starts, prints;
	uint64_t *id_rows; /* in order of id */
	uint32_t *values;  /* of the block: [METAS + fields][ROW_BLOCK] */
	int64_t *block_times;
	uint32_t rows, untimed, n_in_block, n_times, n_ids, total;
	uint64_t actions, streams; /* which occur in the block: segment.c, "Blocks" */
	unsigned n_columns;
	int64_t first, last;
};

void table_init(struct table_writer *w, uint32_t total_rows);
void table_release(struct table_writer *w);
/*
 * columns: one number per field with a column, 0 for none, else the entry's number + 1.
 * action: the bit of the row's action (seg_action_bit), 0 for none.
 */
void table_put(struct table_writer *w, const struct seg_row *row, const uint32_t *columns,
	uint64_t action);
/* All rows again, in order of (id, row). */
void table_put_id(struct table_writer *w, uint32_t row);
void table_finish(struct table_writer *w, struct seg_out *out, struct facts *f);

#endif
