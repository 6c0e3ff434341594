/*
 * spoor-segment(5), version 1, in short; the manual page has every byte.  All integers are
 * little-endian.  A header with the table of sections (offset, length, XXH3), then the facts,
 * then the sections:
 *
 *	dictionary	types, phrases, directory, ranks, entries, lists, addresses.  Entries are in
 *			order of (XXH3 key, kind, form, bytes), in buckets of about 24 by the key's
 *			upper part: 16 bits of fingerprint each, then the entries themselves: tag,
 *			value, rows, and what they are alias keys of.  Single rows stand in the entry,
 *			short lists too, long ones in `lists`.
 *	events		times, ids, order of ids, blocks, columns.  Rows are in order of (time, id),
 *			in blocks of 4096; times and ids can be read singly.
 *	the rest	names of columns, streams, batches, flaws.
 *
 * Entries and rows are referred to by number; a "place" of the interface is an entry's number.
 * A key only leads to candidates: kind, form and bytes are always compared.
 */
#include "store/segment.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/limits.h"
#include "store/segmeta.h"
#include "store/segread.h"

static bool open_table(struct segment *seg, struct err *err)
{
	const char *p = seg->file.p;

	if (seg->file.n < 16 || memcmp(p, SEGMENT_MAGIC, 8) != 0)
		return err_set(err, ERR_CASE, "not a segment");
	if (load_u32(p + 8) != SEGMENT_VERSION)
		return err_set(err, ERR_CASE, "segment: version %u, this program reads %d",
			load_u32(p + 8), SEGMENT_VERSION);
	if (seg->file.n < SEGMENT_HEADER + FACTS_BYTES || seg->file.n > LIMIT_SEGMENT_BYTES ||
		load_u32(p + 12) != SECTIONS || load_u64(p + 16) != seg->file.n)
		return err_set(err, ERR_CASE, "segment: header doesn't fit the file");
	uint64_t sum = hash64(p + SEGMENT_TABLE, SEGMENT_HEADER - SEGMENT_TABLE, hash64(p, 24, 0));
	if (sum != load_u64(p + 24))
		return err_set(err, ERR_CASE, "segment: header damaged");
	for (unsigned s = 0; s < SECTIONS; s++) {
		const char *item = p + SEGMENT_TABLE + (size_t)s * SEGMENT_TABLE_ITEM;
		uint64_t off = load_u64(item), len = load_u64(item + 8);
		if (off > seg->file.n || len > seg->file.n - off)
			return err_set(err, ERR_CASE, "segment: section %u outside the file", s);
		seg->sec[s] = (struct str){p + off, (size_t)len};
	}
	const struct str facts = seg->sec[SEC_FACTS];
	if (facts.n != FACTS_BYTES || facts.p != p + SEGMENT_HEADER ||
		hash64(facts.p, facts.n, SEC_FACTS) !=
			load_u64(p + SEGMENT_TABLE + 16 + SEC_FACTS * SEGMENT_TABLE_ITEM))
		return err_set(err, ERR_CASE, "segment: facts damaged");
	facts_get(facts.p, &seg->f);
	return true;
}

static uint64_t ceil_div(uint64_t n, uint64_t d)
{
	return (n + d - 1) / d;
}

/* The sections whose length follows from the facts, so that items can be read unchecked. */
static bool open_lengths(struct segment *seg, struct err *err)
{
	const struct facts *f = &seg->f;
	const uint64_t timed = f->rows - (uint64_t)f->untimed,
		       blocks = ceil_div(f->rows, ROW_BLOCK);
	const struct {
		enum seg_section s;
		uint64_t len;
		bool exact;
	} want[] = {
		{SEC_COLUMN_NAMES, ((uint64_t)f->columns + 1) * 4, false},
		{SEC_STREAMS, (uint64_t)f->streams * (STREAM_ITEM + 12) + 4, false},
		{SEC_BATCHES, ((uint64_t)f->batches + 1) * 4, false},
		{SEC_TYPES, (uint64_t)f->types * 2, true},
		{SEC_DIRECTORY, ((uint64_t)f->buckets + 1) * DIRECTORY_ITEM, true},
		{SEC_RANKS, ceil_div(f->entries, RANK_EVERY) * 4, true},
		{SEC_ADDRESSES, ceil_div(f->addresses, ADDRESS_BLOCK) * ADDRESS_ITEM, false},
		{SEC_TIMES, ceil_div(timed, TIME_BLOCK) * TIME_ITEM + BITS_SLACK, false},
		{SEC_IDS, (uint64_t)f->rows * 16, true},
		{SEC_ID_ORDER,
			((uint64_t)f->rows / ID_BUCKET + 2) * 4 + f->rows +
				bits_bytes(f->rows, bits_for(f->rows)) + BITS_SLACK,
			true},
		{SEC_BLOCKS, (blocks + 1) * BLOCK_ITEM, true},
	};

	if (f->untimed > f->rows || f->buckets == 0 || f->types > TYPE_ESCAPE ||
		f->columns > FIELDS || f->rows == UINT32_MAX || f->entries == UINT32_MAX ||
		f->streams > UINT16_MAX)
		return err_set(err, ERR_CASE, "segment: impossible facts");
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		uint64_t len = seg->sec[want[i].s].n;
		if (want[i].exact ? len != want[i].len : len < want[i].len)
			return err_set(err, ERR_CASE, "segment: section %d has a wrong length",
				(int)want[i].s);
	}
	seg->n_blocks = (uint32_t)blocks;
	return true;
}

static bool open_parts(struct segment *seg, struct err *err)
{
	const struct facts *f = &seg->f;
	int ours = 0;
	struct str name;

	for (unsigned i = 0; i < 256; i++)
		seg->types[i].shape = SHAPES;
	for (uint32_t i = 0; i < f->types; i++)
		seg->types[i] = entry_type_of(load_u16(seg->sec[SEC_TYPES].p + (size_t)i * 2));
	if (!phrases_open(seg->sec[SEC_PHRASES], &seg->phrases))
		return err_set(err, ERR_CASE, "segment: table of phrases damaged");
	seg->row_width = bytes_for(f->rows);
	seg->target_width = bytes_for(f->entries);
	seg->id_row_width = bits_for(f->rows);
	seg->addresses = (struct addresses){(const uint8_t *)seg->sec[SEC_ADDRESSES].p,
		seg->sec[SEC_ADDRESSES].n, f->addresses};
	for (unsigned i = 0; i < FIELDS; i++) {
		if (!field_is_column((enum field)i))
			continue;
		seg->column_at[ours] = -1;
		for (uint32_t c = 0; c < f->columns; c++) {
			if (!strings_at(seg->sec[SEC_COLUMN_NAMES], f->columns, c, &name))
				return err_set(err, ERR_CASE, "segment: names of columns damaged");
			if (str_eq(name, str_of(field_name((enum field)i))))
				seg->column_at[ours] = (int)c;
		}
		ours++;
	}
	return true;
}

bool segment_open(struct str file, struct segment **ret_seg, struct err *err)
{
	struct segment *seg = calloc(1, sizeof(*seg));

	if (!seg || !(seg->cache = calloc(1, sizeof(*seg->cache))))
		BUG("out of memory");
	seg->file = file;
	seg->cache->block = UINT32_MAX;
	seg->cache->posting_place = UINT64_MAX;
	if (!open_table(seg, err) || !open_lengths(seg, err) || !open_parts(seg, err)) {
		segment_close(seg);
		return false;
	}
	*ret_seg = seg;
	return true;
}

void segment_close(struct segment *seg)
{
	if (!seg)
		return;
	segment_forget_texts(seg);
	chunk_reader_release(&seg->cache->chunks);
	free(seg->cache->meta);
	free(seg->cache);
	free(seg);
}

void segment_info(const struct segment *seg, struct seg_info *ret)
{
	static const enum seg_section index[] = {SEC_TYPES, SEC_PHRASES, SEC_DIRECTORY, SEC_RANKS,
		SEC_ENTRIES, SEC_LISTS, SEC_ADDRESSES};
	const struct facts *f = &seg->f;

	*ret = (struct seg_info){
		.rows = f->rows,
		.copies = f->copies > UINT32_MAX ? UINT32_MAX : (uint32_t)f->copies,
		.observables = f->uses,
		.entries = f->observables,
		.batches = f->batches,
		.streams = f->streams,
		.first = f->first,
		.last = f->last,
		.flaws = f->flaws,
	};
	for (size_t i = 0; i < sizeof(index) / sizeof(index[0]); i++)
		ret->index_bytes += seg->sec[index[i]].n;
}

bool segment_stream(const struct segment *seg, uint32_t i, struct seg_stream *ret)
{
	const uint32_t n = seg->f.streams;
	struct str parts[3];

	if (i >= n)
		return false;
	const char *item = seg->sec[SEC_STREAMS].p + (size_t)i * STREAM_ITEM;
	struct str strings = str_from(seg->sec[SEC_STREAMS], (size_t)n * STREAM_ITEM);
	for (uint32_t k = 0; k < 3; k++) {
		if (!strings_at(strings, n * 3, i * 3 + k, &parts[k]))
			return false;
	}
	*ret = (struct seg_stream){parts[0], parts[1], parts[2], load_u32(item),
		(int64_t)load_u64(item + 4), (int64_t)load_u64(item + 12)};
	return true;
}

struct str segment_batch(const struct segment *seg, uint32_t i)
{
	struct str name = {"", 0};

	(void)strings_at(seg->sec[SEC_BATCHES], seg->f.batches, i, &name);
	return name;
}

void segment_each_flaw(const struct segment *seg, segment_flaw_fn fn, void *arg)
{
	(void)flaws_read(seg->sec[SEC_FLAWS], seg->f.flaws, fn, arg);
}

bool id_of_row(const struct segment *seg, uint32_t row, struct event_id *ret)
{
	if (row >= seg->f.rows)
		return false;
	memcpy(ret->b, seg->sec[SEC_IDS].p + (size_t)row * 16, 16);
	return true;
}

static const uint8_t *id_prints(const struct segment *seg)
{
	return (const uint8_t *)seg->sec[SEC_ID_ORDER].p +
	       ((size_t)seg->f.rows / ID_BUCKET + 2) * 4;
}

uint32_t row_by_id(const struct segment *seg, uint32_t i)
{
	return (uint32_t)bits_get(id_prints(seg) + seg->f.rows, i, seg->id_row_width);
}

size_t segment_find_id(
	const struct segment *seg, struct event_id id, uint32_t *ret_rows, size_t room)
{
	const uint8_t *prints = id_prints(seg);
	uint64_t low, no = mul_high(load_be64(id.b), seg->f.rows / ID_BUCKET + 1, &low);
	const char *starts = seg->sec[SEC_ID_ORDER].p + no * 4;
	uint32_t end = load_u32(starts + 4);
	struct event_id found;
	size_t n = 0;

	end = end < seg->f.rows ? end : seg->f.rows;
	for (uint32_t i = load_u32(starts); i < end; i++) {
		if (prints[i] != low >> 56)
			continue;
		uint32_t row = row_by_id(seg, i);
		if (!id_of_row(seg, row, &found) || memcmp(found.b, id.b, sizeof(id.b)) != 0)
			continue;
		if (n < room)
			ret_rows[n] = row;
		n++;
	}
	return n;
}

size_t rowset_from(struct rowset s, uint32_t row)
{
	size_t lo = 0, n = s.n;

	while (n > 0) {
		size_t half = n / 2;
		if (s.at[lo + half] < row) {
			lo += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return lo;
}

bool rowset_has(struct rowset s, uint32_t row)
{
	size_t at = rowset_from(s, row);

	return at < s.n && s.at[at] == row;
}
