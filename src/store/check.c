#include <stdlib.h>

#include "base/hash.h"
#include "store/segmeta.h"
#include "store/segread.h"

/* What is gathered on the way; `uses` has a bit per entry that has rows. */
struct checking {
	const struct segment *seg;
	struct err *err;
	const uint8_t **entry_at; /* by number: where it stands */
	const uint8_t **entry_end;
	uint64_t *has_rows;
	uint64_t uses, action_uses;
	uint64_t lists_at;               /* how far the section of lists is read */
	uint32_t observables, addresses; /* IP entries */
	struct chunk_reader chunks;
	uint32_t *values;
	struct seg_stream *streams; /* counted again */
	char room[2][TEXT_MAX];
};

static bool wrong(struct checking *c, const char *section, const char *what, uint64_t at)
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
			return wrong(c, "checksums", "wrong for section", s);
	}
	return true;
}

static bool check_strings(struct checking *c, const char *name, struct str section, uint32_t n)
{
	struct str s;
	size_t sum = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (!strings_at(section, n, i, &s))
			return wrong(c, name, "string outside the section", i);
		sum += s.n;
	}
	if (load_u32(section.p) != 0 || sum != section.n - ((size_t)n + 1) * 4)
		return wrong(c, name, "strings don't fill the section", n);
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
			return wrong(c, "types", "unknown type", i);
	}
	for (uint32_t i = 0; i < seg->phrases.n; i++) {
		if (!phrase_at(&seg->phrases, i, &s))
			return wrong(c, "phrases", "phrase outside the section", i);
	}
	return true;
}

static bool check_rows(struct checking *c, const struct raw_entry *e, uint64_t entry)
{
	struct rows_reader r;
	uint32_t row, count = 0, first = 0, last = 0;

	if (e->type.use == USE_NONE)
		return true;
	if (e->type.use == USE_ONE) {
		count = 1;
		if (e->first >= c->seg->f.rows)
			return wrong(c, "rows", "no such row in entry", entry);
	} else {
		/* Lists stand in order of entries, so that none is read twice. */
		if (!entry_rows(c->seg, e, &r) ||
			(e->type.use == USE_MANY && e->list != c->lists_at))
			return wrong(c, "rows", "no list for entry", entry);
		if (r.left > c->seg->f.rows)
			return wrong(c, "rows", "too many in entry", entry);
		for (; rows_next(&r, &row); last = row) {
			if (count++ == 0)
				first = row;
		}
		if (count == 0 || !rows_done(&r))
			return wrong(c, "rows", "damaged list of entry", entry);
		if (e->type.use == USE_MANY &&
			(count != e->count || first != e->first || last != e->last))
			return wrong(c, "rows", "wrong summary of entry", entry);
		if (e->type.use == USE_MANY)
			c->lists_at = (uint64_t)((const char *)r.end - c->seg->sec[SEC_LISTS].p);
	}
	c->has_rows[entry / 64] |= (uint64_t)1 << entry % 64;
	if (e->type.kind == KIND_ACTION) {
		c->action_uses += count;
	} else {
		c->uses += count;
		c->observables++;
	}
	/* Ends early: a short list may stand for many rows. */
	if (c->uses > c->seg->f.uses || c->action_uses > c->seg->f.action_uses)
		return wrong(c, "facts", "more uses than told, at entry", entry);
	return true;
}

/* Bounds of all entries, their rows; values come when all are known, since parts refer. */
static bool check_buckets(struct checking *c)
{
	const struct segment *seg = c->seg;
	struct bucket b = {0};
	struct raw_entry e;
	uint32_t n = 0;

	for (uint32_t no = 0; no < seg->f.buckets; no++) {
		const uint8_t *before = b.end ? b.end : (const uint8_t *)seg->sec[SEC_ENTRIES].p;
		if (!bucket_at(seg, no, &b) || b.first != n || b.prints != before)
			return wrong(c, "directory", "bucket outside the section", no);
		const uint8_t *p = b.p;
		for (uint32_t i = 0; i < b.n; i++, n++) {
			if (!entry_parse(seg, p, b.end, &e))
				return wrong(c, "entries", "damaged entry", n);
			if (n % RANK_EVERY == 0 &&
				load_u32(seg->sec[SEC_RANKS].p + (size_t)n / RANK_EVERY * 4) != no)
				return wrong(c, "ranks", "wrong bucket of entry", n);
			c->entry_at[n] = p;
			c->entry_end[n] = b.end;
			if (!check_rows(c, &e, n))
				return false;
			if (e.type.alias == ALIAS_MANY) {
				if (e.alias != (const uint8_t *)seg->sec[SEC_LISTS].p + c->lists_at)
					return wrong(c, "aliases", "no list for entry", n);
				c->lists_at += e.n_alias;
			}
			p = e.next;
		}
		if (p != b.end)
			return wrong(c, "entries", "bytes left over in bucket", no);
	}
	const struct str all = seg->sec[SEC_ENTRIES];
	if (n != seg->f.entries || b.end != (const uint8_t *)all.p + all.n)
		return wrong(c, "directory", "doesn't cover the entries", n);
	if (c->lists_at != seg->sec[SEC_LISTS].n)
		return wrong(c, "lists", "not all are used, but", c->lists_at);
	return true;
}

static bool has_rows(const struct checking *c, uint32_t entry)
{
	return entry < c->seg->f.entries && (c->has_rows[entry / 64] >> entry % 64 & 1);
}

static bool check_aliases(struct checking *c, const struct raw_entry *e, uint64_t entry)
{
	struct alias_reader r;
	uint32_t target;
	uint8_t how;
	int before = -1;

	entry_aliases(c->seg, e, &r);
	for (; alias_next(&r, &how, &target); before = how) {
		if (!has_rows(c, target))
			return wrong(c, "aliases", "no such target in entry", entry);
		/* Groups ascend by how, so that no (target, how) comes twice. */
		if (how < before)
			return wrong(c, "aliases", "order of targets in entry", entry);
	}
	if (r.damaged)
		return wrong(c, "aliases", "damaged list of entry", entry);
	return true;
}

static bool value_of(
	struct checking *c, const struct raw_entry *e, char *room, struct observable *ret)
{
	struct alias_reader targets;
	struct raw_entry whole;
	struct observable o;
	uint32_t target;
	uint8_t how;

	if (e->type.shape != SHAPE_PART)
		return entry_value(c->seg, e, room, ret);
	/* The same as entry_value, but without walking to the target. */
	entry_aliases(c->seg, e, &targets);
	if (!alias_next(&targets, &how, &target) || !has_rows(c, target) ||
		!entry_parse(c->seg, c->entry_at[target], c->entry_end[target], &whole) ||
		!entry_value(c->seg, &whole, room, &o) || e->part > o.v.n || e->n > o.v.n - e->part)
		return false;
	*ret = (struct observable){e->type.kind, e->form, {o.v.p + e->part, e->n}};
	return true;
}

/* Each entry is where its key says, and they ascend. */
static bool check_values(struct checking *c)
{
	const struct segment *seg = c->seg;
	struct raw_entry e;
	struct observable o, before = {0};
	struct bucket b;
	uint64_t low, key_before = 0;

	for (uint32_t no = 0; no < seg->f.buckets; no++) {
		if (!bucket_at(seg, no, &b))
			return wrong(c, "directory", "bucket outside the section", no);
		for (uint32_t n = b.first; n < b.first + b.n; n++) {
			if (!entry_parse(seg, c->entry_at[n], b.end, &e) ||
				!value_of(c, &e, c->room[n % 2], &o))
				return wrong(c, "entries", "damaged value of entry", n);
			uint64_t key = observable_key(o);
			if (mul_high(key, seg->f.buckets, &low) != no ||
				load_u16(b.prints + (size_t)(n - b.first) * 2) != low >> 48)
				return wrong(c, "entries", "key in the wrong place, entry", n);
			if (n > 0 && (key < key_before ||
					     (key == key_before && observable_cmp(before, o) >= 0)))
				return wrong(c, "entries", "order of entry", n);
			if (!check_aliases(c, &e, n))
				return false;
			c->addresses += has_rows(c, n) && o.kind == KIND_IP && o.form == FORM_IP &&
					(o.v.n == 4 || o.v.n == 16);
			before = o;
			key_before = key;
		}
	}
	if (c->uses != seg->f.uses || c->action_uses != seg->f.action_uses ||
		c->observables != seg->f.observables)
		return wrong(c, "facts", "number of uses or observables", c->uses);
	return true;
}

/* Ascending, and as many entries are found from here as there are addresses among them. */
static bool check_addresses(struct checking *c)
{
	const struct addresses *ad = &c->seg->addresses;
	struct address block[ADDRESS_BLOCK], before = {0};
	struct raw_entry e;
	uint32_t n = 0, found = 0, entry;
	uint8_t bytes[16];

	for (uint32_t no = 0; n < ad->n; no++) {
		unsigned have = addresses_block(ad, no, block);
		if (!have)
			return wrong(c, "addresses", "damaged block", no);
		for (unsigned i = 0; i < have; i++, n++) {
			uint32_t hits = 0;
			if (n > 0 && block[i].v <= before.v)
				return wrong(c, "addresses", "order", n);
			before = block[i];
			address_bytes(block[i], bytes);
			for (unsigned len = 4; len <= 16; len += 12) {
				struct str v = {(const char *)bytes + 16 - len, len};
				struct observable o = {KIND_IP, FORM_IP, v};
				if (len == 4 && block[i].v >> 32 != 0xFFFF)
					continue;
				hits += find_entry(c->seg, observable_key(o), o, &e, &entry) &&
					e.type.use != USE_NONE;
			}
			if (!hits)
				return wrong(c, "addresses", "no entry for address", n);
			found += hits;
		}
	}
	if (found != c->addresses)
		return wrong(c, "addresses", "not all entries, but", found);
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
			return wrong(c, "times", "order of row", row);
		(void)id_of_row(seg, row, &id);
		if (row > 0 && t == last && memcmp(before.b, id.b, sizeof(id.b)) > 0)
			return wrong(c, "ids", "order of row", row);
		if (first == INT64_MIN)
			first = t;
		last = t;
		before = id;
	}
	if (first != seg->f.first || last != seg->f.last)
		return wrong(c, "facts", "first or last time", 0);
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
			return wrong(c, "order of ids", "no such row", row);
		int cmp = memcmp(before.b, id.b, sizeof(id.b));
		if (i > 0 && (cmp > 0 || (cmp == 0 && row <= row_before)))
			return wrong(c, "order of ids", "order", i);
		uint64_t bucket = mul_high(load_be64(id.b), buckets, &low);
		for (; no <= bucket; no++) {
			if (load_u32(starts + (size_t)no * 4) != i)
				return wrong(c, "order of ids", "start of bucket", no);
		}
		if (prints[i] != low >> 56)
			return wrong(c, "order of ids", "fingerprint", i);
		before = id;
		row_before = row;
	}
	for (; no <= buckets; no++) {
		if (load_u32(starts + (size_t)no * 4) != n)
			return wrong(c, "order of ids", "start of bucket", no);
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
			return wrong(c, "columns", "no such batch in row", row);
		if (stream >= f->streams || !(load_u64(item + 8) >> stream % 64 & 1))
			return wrong(c, "columns", "no such stream in row", row);
		if (flags >> 8 > OUTCOME_FAILURE || (flags & 0xFF & ~known))
			return wrong(c, "columns", "unknown flags in row", row);
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
		if (!has_rows(c, v[i] - 1))
			return wrong(c, "columns", "no such entry in row", block * ROW_BLOCK + i);
		if ((int)column != METAS + action)
			continue;
		if (!entry_parse(c->seg, c->entry_at[v[i] - 1], c->entry_end[v[i] - 1], &e) ||
			!entry_value(c->seg, &e, c->room[0], &o) || !(actions & seg_action_bit(o)))
			return wrong(c, "blocks", "summary lacks an action", block);
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
			return wrong(c, "blocks", "place of block", block);
		at += (uint64_t)(METAS + seg->f.columns) * 4;
		for (unsigned k = 0; k < METAS + seg->f.columns; k++) {
			if (!chunk_of(seg, block, k, &chunk) ||
				!chunk_get(&c->chunks, chunk, n, c->values + (size_t)k * ROW_BLOCK))
				return wrong(c, "columns", "damaged chunk in block", block);
			at += chunk.n;
			if (k >= METAS && !check_field(c, block, k, n))
				return false;
		}
		if (!check_meta(c, block, n))
			return false;
	}
	const char *end = seg->sec[SEC_BLOCKS].p + (size_t)seg->n_blocks * BLOCK_ITEM;
	if (load_u64(end + 16) != at || at != seg->sec[SEC_COLUMNS].n)
		return wrong(c, "blocks", "don't fill the columns", at);
	return true;
}

static bool check_streams(struct checking *c)
{
	struct seg_stream s;

	for (uint32_t i = 0; i < c->seg->f.streams; i++) {
		if (!segment_stream(c->seg, i, &s) || s.rows != c->streams[i].rows ||
			s.first != c->streams[i].first || s.last != c->streams[i].last)
			return wrong(c, "streams", "rows or times", i);
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

	if (!check_sums(c) || !check_names(c) || !check_buckets(c) || !check_values(c) ||
		!check_addresses(c) || !check_times(c) || !check_ids(c) || !check_blocks(c) ||
		!check_streams(c))
		return false;
	if (!flaws_read(c->seg->sec[SEC_FLAWS], c->seg->f.flaws, check_flaw, &cf) || cf.bad)
		return wrong(c, "flaws", "damaged list", 0);
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
