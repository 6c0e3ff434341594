#include <stdlib.h>

#include "base/hash.h"
#include "store/checking.h"
#include "store/segmeta.h"

bool checking_wrong(struct checking *c, const char *section, const char *what, uint64_t at)
{
	return err_set(
		c->err, ERR_CASE, "segment: %s: %s at %llu", section, what, (unsigned long long)at);
}

static bool check_sums(struct checking *c)
{
	const struct segment *seg = c->seg;

	for (unsigned s = 0; s < SECTIONS; s++) {
		const char *item = seg->file.p + SEGMENT_TABLE + (size_t)s * SEGMENT_TABLE_ITEM;
		if (hash64(seg->sec[s].p, seg->sec[s].n, s) != load_u64(item + 16))
			return checking_wrong(c, "checksums", "wrong for section", s);
	}
	return true;
}

static bool check_strings(struct checking *c, const char *name, struct str section, uint32_t n)
{
	struct str s;
	size_t sum = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (!strings_at(section, n, i, &s))
			return checking_wrong(c, name, "string outside the section", i);
		sum += s.n;
	}
	if (load_u32(section.p) != 0 || sum != section.n - ((size_t)n + 1) * 4)
		return checking_wrong(c, name, "strings don't fill the section", n);
	return true;
}

static bool check_names(struct checking *c)
{
	const struct segment *seg = c->seg;
	const struct facts *f = &seg->f;
	struct str streams = str_from(seg->sec[SEC_STREAMS], (size_t)f->streams * STREAM_ITEM);
	struct str s;

	if (!check_strings(c, "streams", streams, f->streams * 3) ||
		!check_strings(c, "batches", seg->sec[SEC_BATCHES], f->batches) ||
		!check_strings(c, "columns", seg->sec[SEC_COLUMN_NAMES], f->columns))
		return false;
	for (uint32_t i = 0; i < f->types; i++) {
		if (seg->types[i].shape == SHAPES)
			return checking_wrong(c, "types", "unknown type", i);
	}
	for (uint32_t i = 0; i < seg->phrases.n; i++) {
		if (!phrase_at(&seg->phrases, i, &s))
			return checking_wrong(c, "phrases", "phrase outside the section", i);
	}
	return true;
}

static bool check_times(struct checking *c)
{
	const struct segment *seg = c->seg;
	struct event_id id, before = {{0}};
	int64_t last = INT64_MIN, first = INT64_MIN;

	for (uint32_t row = 0; row < seg->f.rows; row++) {
		int64_t t = time_of_row(seg, row);
		if ((t == INT64_MIN) != (row < seg->f.untimed) || t < last)
			return checking_wrong(c, "times", "order of row", row);
		(void)id_of_row(seg, row, &id);
		if (row > 0 && t == last && memcmp(before.b, id.b, sizeof(id.b)) > 0)
			return checking_wrong(c, "ids", "order of row", row);
		if (first == INT64_MIN)
			first = t;
		last = t;
		before = id;
	}
	if (first != seg->f.first || last != seg->f.last)
		return checking_wrong(c, "facts", "first or last time", 0);
	return true;
}

/* Pairs (id, row) that ascend strictly, as many as rows: each row is there once. */
static bool check_ids(struct checking *c)
{
	const struct segment *seg = c->seg;
	const uint32_t n = seg->f.rows, buckets = n / ID_BUCKET + 1;
	const char *starts = seg->sec[SEC_ID_ORDER].p;
	const uint8_t *prints = (const uint8_t *)starts + ((size_t)buckets + 1) * 4;
	struct event_id id, before = {{0}};
	uint32_t row, row_before = 0, no = 0;
	uint64_t low;

	for (uint32_t i = 0; i < n; i++) {
		row = row_by_id(seg, i);
		if (!id_of_row(seg, row, &id))
			return checking_wrong(c, "order of ids", "no such row", row);
		int cmp = memcmp(before.b, id.b, sizeof(id.b));
		if (i > 0 && (cmp > 0 || (cmp == 0 && row <= row_before)))
			return checking_wrong(c, "order of ids", "order", i);
		uint64_t bucket = mul_high(load_be64(id.b), buckets, &low);
		for (; no <= bucket; no++) {
			if (load_u32(starts + (size_t)no * 4) != i)
				return checking_wrong(c, "order of ids", "start of bucket", no);
		}
		if (prints[i] != low >> 56)
			return checking_wrong(c, "order of ids", "fingerprint", i);
		before = id;
		row_before = row;
	}
	for (; no <= buckets; no++) {
		if (load_u32(starts + (size_t)no * 4) != n)
			return checking_wrong(c, "order of ids", "start of bucket", no);
	}
	return true;
}

static bool check_meta(struct checking *c, uint32_t block, uint32_t n)
{
	const struct facts *f = &c->seg->f;
	const char *item = c->seg->sec[SEC_BLOCKS].p + (size_t)block * BLOCK_ITEM;
	const uint64_t known =
		SEG_TIME_TRUSTED | SEG_THROTTLED | SEG_CUT_EXPORT | SEG_FLAWED | SEG_ID_CONFLICT;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t stream = c->values[META_STREAM * ROW_BLOCK + i];
		uint32_t flags = c->values[META_FLAGS * ROW_BLOCK + i];
		uint32_t row = block * ROW_BLOCK + i;
		if (c->values[META_BATCH * ROW_BLOCK + i] >= f->batches)
			return checking_wrong(c, "columns", "no such batch in row", row);
		if (stream >= f->streams || !(load_u64(item + 8) >> stream % 64 & 1))
			return checking_wrong(c, "columns", "no such stream in row", row);
		if (flags >> 8 > OUTCOME_FAILURE || (flags & 0xFF & ~known))
			return checking_wrong(c, "columns", "unknown flags in row", row);
		seg_stream_count(&c->streams[stream], time_of_row(c->seg, row));
	}
	return true;
}

static bool check_field(struct checking *c, uint32_t block, unsigned column, uint32_t n)
{
	const uint64_t actions = load_u64(c->seg->sec[SEC_BLOCKS].p + (size_t)block * BLOCK_ITEM);
	const int action = c->seg->column_at[seg_column_of(FIELD_EVENT_ACTION)];
	const uint32_t *v = c->values + (size_t)column * ROW_BLOCK;
	struct raw_entry e;
	struct observable o;
	uint32_t before = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (v[i] == 0 || v[i] == before)
			continue;
		before = v[i];
		if (!checking_has_rows(c, v[i] - 1))
			return checking_wrong(
				c, "columns", "no such entry in row", block * ROW_BLOCK + i);
		if ((int)column != METAS + action)
			continue;
		if (!entry_parse(c->seg, c->entry_at[v[i] - 1], c->entry_end[v[i] - 1], &e) ||
			!entry_value(c->seg, &e, c->room[0], &o) || !(actions & seg_action_bit(o)))
			return checking_wrong(c, "blocks", "summary lacks an action", block);
	}
	return true;
}

static bool check_blocks(struct checking *c)
{
	const struct segment *seg = c->seg;
	uint64_t at = 0;
	struct str chunk;

	for (uint32_t block = 0; block < seg->n_blocks; block++) {
		const char *item = seg->sec[SEC_BLOCKS].p + (size_t)block * BLOCK_ITEM;
		uint32_t n = rows_of_block(seg, block);
		if (load_u64(item + 16) != at)
			return checking_wrong(c, "blocks", "place of block", block);
		at += (uint64_t)(METAS + seg->f.columns) * 4;
		for (unsigned k = 0; k < METAS + seg->f.columns; k++) {
			if (!chunk_of(seg, block, k, &chunk) ||
				!chunk_get(&c->chunks, chunk, n, c->values + (size_t)k * ROW_BLOCK))
				return checking_wrong(
					c, "columns", "damaged chunk in block", block);
			at += chunk.n;
			if (k >= METAS && !check_field(c, block, k, n))
				return false;
		}
		if (!check_meta(c, block, n))
			return false;
	}
	const char *end = seg->sec[SEC_BLOCKS].p + (size_t)seg->n_blocks * BLOCK_ITEM;
	if (load_u64(end + 16) != at || at != seg->sec[SEC_COLUMNS].n)
		return checking_wrong(c, "blocks", "don't fill the columns", at);
	return true;
}

static bool check_streams(struct checking *c)
{
	struct seg_stream s;

	for (uint32_t i = 0; i < c->seg->f.streams; i++) {
		if (!segment_stream(c->seg, i, &s) || s.rows != c->streams[i].rows ||
			s.first != c->streams[i].first || s.last != c->streams[i].last)
			return checking_wrong(c, "streams", "rows or times", i);
	}
	return true;
}

struct checking_flaws {
	const struct segment *seg;
	bool bad;
};

static bool check_flaw(void *arg, uint32_t batch, uint32_t record, struct flaw f)
{
	struct checking_flaws *cf = arg;

	(void)record;
	cf->bad = batch >= cf->seg->f.batches || f.code >= FLAW_CODES;
	return !cf->bad;
}

static bool check_all(struct checking *c)
{
	struct checking_flaws cf = {c->seg, false};

	if (!check_sums(c) || !check_names(c) || !checking_dictionary(c) || !check_times(c) ||
		!check_ids(c) || !check_blocks(c) || !check_streams(c))
		return false;
	if (!flaws_read(c->seg->sec[SEC_FLAWS], c->seg->f.flaws, check_flaw, &cf) || cf.bad)
		return checking_wrong(c, "flaws", "damaged list", 0);
	return true;
}

bool segment_check(const struct segment *seg, struct err *err)
{
	struct checking *c = calloc(1, sizeof(*c));
	const size_t n = seg->f.entries, streams = seg->f.streams;

	/* An entry has three bytes at least, so a small file can't ask for much here. */
	if (n > seg->sec[SEC_ENTRIES].n / 3) {
		free(c);
		return err_set(err, ERR_CASE, "segment: facts: too many entries at %zu", n);
	}
	if (!c)
		BUG("out of memory");
	c->seg = seg;
	c->err = err;
	c->entry_at = malloc((n + 1) * sizeof(*c->entry_at));
	c->entry_end = malloc((n + 1) * sizeof(*c->entry_end));
	c->has_rows = calloc(n / 64 + 1, sizeof(*c->has_rows));
	c->values = calloc((size_t)(METAS + seg->f.columns) * ROW_BLOCK, sizeof(*c->values));
	c->streams = calloc(streams + 1, sizeof(*c->streams));
	if (!c->entry_at || !c->entry_end || !c->has_rows || !c->values || !c->streams)
		BUG("out of memory");
	for (size_t i = 0; i < streams; i++)
		c->streams[i].first = c->streams[i].last = INT64_MIN;
	chunk_reader_init(&c->chunks);
	bool good = check_all(c);
	chunk_reader_release(&c->chunks);
	free(c->entry_at);
	free(c->entry_end);
	free(c->has_rows);
	free(c->values);
	free(c->streams);
	free(c);
	return good;
}
