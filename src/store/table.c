#include "store/table.h"

#include <stdlib.h>

#include "base/err.h"
#include "model/field.h"

enum {
	COLUMNS = 0
#define FIELD(name, text, type, column) +column
#include "model/fields.def"
#undef FIELD
};

unsigned seg_columns(void)
{
	return COLUMNS;
}

int seg_column_of(enum field f)
{
	static const bool is_column[FIELDS] = {
#define FIELD(name, text, type, column) column,
#include "model/fields.def"
#undef FIELD
	};
	int n = 0;

	if (f >= FIELDS || !is_column[f])
		return -1;
	for (unsigned i = 0; i < f; i++)
		n += is_column[i];
	return n;
}

void table_init(struct table_writer *w, uint32_t total_rows)
{
	*w = (struct table_writer){.total = total_rows, .n_columns = METAS + seg_columns()};
	w->first = w->last = INT64_MIN;
	chunk_writer_init(&w->chunks);
	w->values = calloc((size_t)w->n_columns * ROW_BLOCK, sizeof(*w->values));
	w->block_times = malloc(TIME_BLOCK * sizeof(*w->block_times));
	w->id_rows = malloc(((size_t)total_rows + 1) * sizeof(*w->id_rows));
	if (!w->values || !w->block_times || !w->id_rows)
		BUG("out of memory");
	buf_reserve(&w->ids, (size_t)total_rows * 16 + 1);
	buf_reserve(&w->prints, total_rows + 1);
}

void table_release(struct table_writer *w)
{
	struct buf *bufs[] = {
		&w->times, &w->bits, &w->ids, &w->blocks, &w->columns, &w->starts, &w->prints};

	chunk_writer_release(&w->chunks);
	for (size_t i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++)
		buf_release(bufs[i]);
	free(w->values);
	free(w->block_times);
	free(w->id_rows);
}

/* The coarsest unit that all times of the block are whole multiples of: logs tick in seconds. */
static void flush_times(struct table_writer *w)
{
	static const uint32_t units[] = {1, 1000, 1000000};
	const int64_t *t = w->block_times;
	uint64_t v[TIME_BLOCK];
	unsigned unit = 2;

	if (w->n_times == 0)
		return;
	for (uint32_t i = 0; i < w->n_times; i++) {
		v[i] = (uint64_t)t[i] - (uint64_t)t[0];
		while (v[i] % units[unit])
			unit--;
	}
	for (uint32_t i = 0; i < w->n_times; i++)
		v[i] /= units[unit];
	unsigned width = bits_for(v[w->n_times - 1]);
	buf_u64(&w->times, (uint64_t)t[0]);
	buf_u32(&w->times, (uint32_t)w->bits.n);
	buf_putc(&w->times, (char)width);
	buf_putc(&w->times, (char)unit);
	buf_u16(&w->times, 0);
	bits_put(v, w->n_times, width, &w->bits);
	w->bits.n -= BITS_SLACK;
	w->n_times = 0;
}

static void flush_block(struct table_writer *w)
{
	size_t n = w->n_in_block, lengths = w->columns.n;

	if (n == 0)
		return;
	buf_u64(&w->blocks, w->actions);
	buf_u64(&w->blocks, w->streams);
	buf_u64(&w->blocks, w->columns.n);
	for (unsigned c = 0; c < w->n_columns; c++)
		buf_u32(&w->columns, 0);
	for (unsigned c = 0; c < w->n_columns; c++) {
		size_t before = w->columns.n;
		bool ascending = c == META_BATCH || c == META_RECORD;
		chunk_put(&w->chunks, w->values + (size_t)c * ROW_BLOCK, n, ascending, &w->columns);
		store_u32(w->columns.p + lengths + 4 * c, (uint32_t)(w->columns.n - before));
	}
	w->n_in_block = 0;
	w->actions = w->streams = 0;
}

void table_put(
	struct table_writer *w, const struct seg_row *row, const uint32_t *columns, uint64_t action)
{
	uint32_t *v = w->values + w->n_in_block;
	const uint32_t meta[METAS] = {
		[META_CONTENT] = row->content,
		[META_BATCH] = row->batch,
		[META_RECORD] = row->record,
		[META_STREAM] = row->stream,
		[META_FLAGS] = (uint32_t)row->outcome << 8 | row->flags,
	};

	if (row->time == INT64_MIN) {
		w->untimed++;
	} else {
		w->first = w->first == INT64_MIN ? row->time : w->first;
		w->last = row->time;
		w->block_times[w->n_times++] = row->time;
		if (w->n_times == TIME_BLOCK)
			flush_times(w);
	}
	buf_add(&w->ids, row->id.b, sizeof(row->id.b));
	for (unsigned c = 0; c < METAS; c++)
		v[(size_t)c * ROW_BLOCK] = meta[c];
	for (unsigned c = METAS; c < w->n_columns; c++)
		v[(size_t)c * ROW_BLOCK] = columns[c - METAS];
	w->actions |= action;
	w->streams |= (uint64_t)1 << (row->stream % 64);
	w->rows++;
	if (++w->n_in_block == ROW_BLOCK)
		flush_block(w);
}

void table_put_id(struct table_writer *w, uint32_t row)
{
	uint64_t low, bucket = mul_high(load_be64(w->ids.p + (size_t)row * 16),
			      w->total / ID_BUCKET + 1, &low);

	while (w->starts.n / 4 <= bucket)
		buf_u32(&w->starts, w->n_ids);
	buf_putc(&w->prints, (char)(low >> 56));
	w->id_rows[w->n_ids++] = row;
}

void table_finish(struct table_writer *w, struct seg_out *out, struct facts *f)
{
	if (w->rows != w->total || w->n_ids != w->total)
		BUG("segment: %u rows and %u ids, not %u", w->rows, w->n_ids, w->total);
	flush_times(w);
	flush_block(w);
	seg_out_begin(out, SEC_TIMES);
	buf_str(out->buf, buf_view(&w->times));
	buf_str(out->buf, buf_view(&w->bits));
	buf_u64(out->buf, 0);
	seg_out_end(out, SEC_TIMES);
	seg_out_section(out, SEC_IDS, &w->ids);

	while (w->starts.n / 4 <= w->total / ID_BUCKET + 1)
		buf_u32(&w->starts, w->n_ids);
	seg_out_begin(out, SEC_ID_ORDER);
	buf_str(out->buf, buf_view(&w->starts));
	buf_str(out->buf, buf_view(&w->prints));
	bits_put(w->id_rows, w->total, bits_for(w->total), out->buf);
	seg_out_end(out, SEC_ID_ORDER);

	buf_u64(&w->blocks, 0);
	buf_u64(&w->blocks, 0);
	buf_u64(&w->blocks, w->columns.n);
	seg_out_section(out, SEC_BLOCKS, &w->blocks);
	seg_out_section(out, SEC_COLUMNS, &w->columns);
	f->rows = w->rows;
	f->untimed = w->untimed;
	f->columns = w->n_columns - METAS;
	f->first = w->first;
	f->last = w->last;
}
