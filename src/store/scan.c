#include <stdlib.h>

#include "base/err.h"
#include "base/hash.h"
#include "store/segread.h"

uint64_t seg_action_bit(struct observable action)
{
	return (uint64_t)1 << (observable_key(action) >> 58);
}

int64_t time_of_row(const struct segment *seg, uint32_t row)
{
	static const uint32_t units[] = {1, 1000, 1000000};
	const struct str times = seg->sec[SEC_TIMES];

	if (row < seg->f.untimed || row >= seg->f.rows)
		return INT64_MIN;
	uint32_t i = row - seg->f.untimed, timed = seg->f.rows - seg->f.untimed;
	size_t index = ((size_t)timed + TIME_BLOCK - 1) / TIME_BLOCK * TIME_ITEM;
	const char *item = times.p + (size_t)(i / TIME_BLOCK) * TIME_ITEM;
	uint32_t at = load_u32(item + 8);
	unsigned width = (uint8_t)item[12], unit = (uint8_t)item[13];
	uint64_t byte = (uint64_t)(i % TIME_BLOCK) * width / 8;
	if (width > 64 || unit > 2 || at + byte + BITS_SLACK + 1 > times.n - index)
		return INT64_MIN;
	const uint8_t *bits = (const uint8_t *)times.p + index + at;
	uint64_t v = bits_get(bits, i % TIME_BLOCK, width);
	return (int64_t)(load_u64(item) + v * units[unit]);
}

uint32_t rows_of_block(const struct segment *seg, uint32_t block)
{
	uint32_t first = block * ROW_BLOCK;

	return seg->f.rows - first < ROW_BLOCK ? seg->f.rows - first : ROW_BLOCK;
}

/* The chunks of a block stand one after another behind their lengths. */
bool chunk_of(const struct segment *seg, uint32_t block, unsigned column, struct str *ret)
{
	const struct str columns = seg->sec[SEC_COLUMNS];
	const unsigned n = METAS + seg->f.columns;

	if (block >= seg->n_blocks || column >= n)
		return false;
	uint64_t at = load_u64(seg->sec[SEC_BLOCKS].p + (size_t)block * BLOCK_ITEM + 16);
	if (at > columns.n || columns.n - at < (size_t)n * 4)
		return false;
	struct str s = str_from(columns, (size_t)at);
	uint64_t from = (uint64_t)n * 4;
	for (unsigned c = 0; c < column; c++)
		from += load_u32(s.p + (size_t)c * 4);
	uint32_t len = load_u32(s.p + (size_t)column * 4);
	if (from > s.n || len > s.n - from)
		return false;
	*ret = (struct str){s.p + from, len};
	return true;
}

void row_of_values(
	const struct segment *seg, uint32_t row, const uint32_t *values, struct seg_row *ret)
{
	ret->time = time_of_row(seg, row);
	memcpy(ret->id.b, seg->sec[SEC_IDS].p + (size_t)row * 16, 16);
	ret->content = values[META_CONTENT * ROW_BLOCK];
	ret->batch = values[META_BATCH * ROW_BLOCK];
	ret->record = values[META_RECORD * ROW_BLOCK];
	ret->stream = (uint16_t)values[META_STREAM * ROW_BLOCK];
	ret->outcome = (uint8_t)(values[META_FLAGS * ROW_BLOCK] >> 8);
	ret->flags = (uint8_t)values[META_FLAGS * ROW_BLOCK];
}

/* Decodes columns first … end-1 of a block into values[column][ROW_BLOCK]. */
static bool load_columns(const struct segment *seg, struct chunk_reader *r, uint32_t block,
	unsigned first, uint32_t *values)
{
	const unsigned end = first < METAS ? METAS : METAS + seg->f.columns;
	struct str chunk;

	for (unsigned c = first; c < end; c++) {
		if (!chunk_of(seg, block, c, &chunk) ||
			!chunk_get(r, chunk, rows_of_block(seg, block),
				values + (size_t)c * ROW_BLOCK))
			return false;
	}
	return true;
}

bool segment_row(const struct segment *seg, uint32_t row, struct seg_row *ret)
{
	struct seg_cache *c = seg->cache;

	if (row >= seg->f.rows)
		return false;
	if (!c->meta) {
		chunk_reader_init(&c->chunks);
		c->meta = calloc((size_t)METAS * ROW_BLOCK, sizeof(*c->meta));
		if (!c->meta)
			BUG("out of memory");
	}
	if (c->block != row / ROW_BLOCK) {
		c->block = UINT32_MAX;
		if (!load_columns(seg, &c->chunks, row / ROW_BLOCK, 0, c->meta))
			return false;
		c->block = row / ROW_BLOCK;
	}
	row_of_values(seg, row, c->meta + row % ROW_BLOCK, ret);
	return true;
}

/* The first row from `lo` on whose time is not below `time`. */
static uint32_t first_at(const struct segment *seg, uint32_t lo, int64_t time)
{
	uint32_t n = seg->f.rows - lo;

	while (n > 0) {
		uint32_t half = n / 2;
		if (time_of_row(seg, lo + half) < time) {
			lo += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return lo;
}

struct seg_scan {
	const struct segment *seg;
	struct chunk_reader chunks;
	uint32_t *values; /* [METAS + columns][ROW_BLOCK] */
	uint32_t row, end;
	uint32_t block, fields_block; /* whose rows, and whose fields, are in values */
	uint64_t actions, streams;
	unsigned n_columns;
};

struct seg_scan *segment_scan(const struct segment *seg, int64_t from, int64_t to)
{
	struct seg_scan *sc = calloc(1, sizeof(*sc));

	if (!sc)
		BUG("out of memory");
	sc->values = calloc((size_t)(METAS + seg->f.columns) * ROW_BLOCK, sizeof(*sc->values));
	if (!sc->values)
		BUG("out of memory");
	chunk_reader_init(&sc->chunks);
	sc->seg = seg;
	sc->actions = sc->streams = UINT64_MAX;
	sc->block = sc->fields_block = UINT32_MAX;
	sc->n_columns = seg_columns();
	sc->row = first_at(seg, 0, from);
	sc->end = to == INT64_MAX ? seg->f.rows : first_at(seg, sc->row, to + 1);
	return sc;
}

void seg_scan_only(struct seg_scan *sc, uint64_t actions, uint64_t streams)
{
	sc->actions = actions;
	sc->streams = streams;
}

void seg_scan_skip(struct seg_scan *sc, uint32_t row)
{
	if (row > sc->row)
		sc->row = row < sc->end ? row : sc->end;
}

void seg_scan_free(struct seg_scan *sc)
{
	if (!sc)
		return;
	chunk_reader_release(&sc->chunks);
	free(sc->values);
	free(sc);
}

static bool block_may_match(const struct seg_scan *sc, uint32_t block)
{
	const char *item = sc->seg->sec[SEC_BLOCKS].p + (size_t)block * BLOCK_ITEM;

	/* A row without an action has no bit, so "all actions" must not look at them. */
	return (sc->actions == UINT64_MAX || (load_u64(item) & sc->actions)) &&
	       (sc->streams == UINT64_MAX || (load_u64(item + 8) & sc->streams));
}

static bool next_block(struct seg_scan *sc)
{
	uint32_t block;

	for (block = sc->row / ROW_BLOCK; !block_may_match(sc, block); block++) {
		if (sc->end <= (uint64_t)(block + 1) * ROW_BLOCK) {
			sc->row = sc->end;
			return false;
		}
		sc->row = (block + 1) * ROW_BLOCK;
	}
	if (!load_columns(sc->seg, &sc->chunks, block, 0, sc->values))
		return false;
	sc->block = block;
	return true;
}

bool seg_scan_next(
	struct seg_scan *sc, uint32_t *ret_row, struct seg_row *ret, uint64_t *ret_columns)
{
	if (sc->row >= sc->end)
		return false;
	if (sc->row / ROW_BLOCK != sc->block && !next_block(sc))
		return false;
	if (ret_columns && sc->fields_block != sc->block) {
		if (!load_columns(sc->seg, &sc->chunks, sc->block, METAS, sc->values))
			return false;
		sc->fields_block = sc->block;
	}
	const uint32_t *values = sc->values + sc->row % ROW_BLOCK;
	row_of_values(sc->seg, sc->row, values, ret);
	for (unsigned c = 0; ret_columns && c < sc->n_columns; c++) {
		int at = sc->seg->column_at[c];
		uint32_t v = at < 0 ? 0 : values[(size_t)(METAS + at) * ROW_BLOCK];
		ret_columns[c] = v ? v - 1 : UINT64_MAX;
	}
	*ret_row = sc->row++;
	return true;
}
