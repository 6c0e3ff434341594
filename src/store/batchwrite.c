#include <stdlib.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "store/batchfile.h"
#include "store/digits.h"

struct writer {
	ZSTD_CCtx *cctx;
	struct buf tables, blocks, scratch, digits;
	uint32_t n_blocks;
};

static void compress_into(ZSTD_CCtx *cctx, struct str s, struct buf *out)
{
	buf_reserve(out, ZSTD_compressBound(s.n));
	size_t n = ZSTD_compress2(cctx, out->p + out->n, out->cap - out->n, s.p, s.n);
	if (ZSTD_isError(n))
		BUG("zstd: %s", ZSTD_getErrorName(n));
	out->n += n;
}

static void put_block(struct writer *w, struct str clear)
{
	size_t before = w->blocks.n, text = 0;
	struct str content = clear;

	buf_clear(&w->scratch);
	buf_clear(&w->digits);
	if (digits_pack(clear, &w->scratch, &w->digits)) {
		text = w->scratch.n;
		buf_str(&w->scratch, buf_view(&w->digits));
		content = buf_view(&w->scratch);
	}
	compress_into(w->cctx, content, &w->blocks);
	buf_varint(&w->tables, clear.n);
	buf_varint(&w->tables, w->blocks.n - before);
	buf_varint(&w->tables, text);
	buf_u64(&w->tables, hash64(w->blocks.p + before, w->blocks.n - before, 0));
	w->n_blocks++;
}

/* ends: where, among the held bytes, records end; ascending. */
static void put_blocks(struct writer *w, struct str held, const uint32_t *ends, size_t n)
{
	size_t at = 0, i = 0;

	while (at < held.n) {
		size_t end = held.n;
		while (i < n && ends[i] < at + BLOCK_BYTES)
			i++;
		if (i < n)
			end = ends[i];
		if (end - at > BLOCK_MAX)
			end = at + BLOCK_MAX;
		put_block(w, (struct str){held.p + at, end - at});
		at = end;
	}
}

static void put_head(const struct batch_head *h, struct buf *out)
{
	const struct str strings[] = {h->preamble, h->decoding, h->forced};

	buf_varint(out, h->source_offset);
	buf_varint(out, h->first_record);
	buf_varint(out, h->framing);
	buf_varint(out, (uint8_t)h->separator);
	for (size_t i = 0; i < 3; i++) {
		buf_varint(out, strings[i].n);
		buf_str(out, strings[i]);
	}
}

void batch_write(const struct batch_head *head, struct str held, const struct batch_record *r,
	uint32_t n, int level, struct buf *out)
{
	struct writer w = {.cctx = ZSTD_createCCtx()};
	uint32_t *ends = malloc((n + 1) * sizeof(*ends)), n_ends = 0, source = 0;
	size_t start = out->n;

	if (!w.cctx || !ends)
		BUG("out of memory");
	ZSTD_CCtx_setParameter(w.cctx, ZSTD_c_compressionLevel, level);
	for (uint32_t i = 0; i < n; i++) {
		if (!r[i].erased)
			ends[n_ends++] = r[i].held + r[i].len;
	}
	put_blocks(&w, held, ends, n_ends);
	for (uint32_t i = 0; i <= n; i++) {
		buf_varint(&w.tables, (uint64_t)(r[i].at - source) << 1 | r[i].gap_erased);
		if (i < n)
			buf_varint(&w.tables, (uint64_t)r[i].len << 1 | r[i].erased);
		source = r[i].at + r[i].len;
	}
	buf_clear(&w.scratch);
	compress_into(w.cctx, buf_view(&w.tables), &w.scratch);

	buf_add(out, BATCH_MAGIC, 8);
	buf_u32(out, BATCH_VERSION);
	buf_u32(out, n);
	buf_u32(out, w.n_blocks);
	buf_u32(out, 0);
	buf_u32(out, (uint32_t)w.scratch.n);
	buf_u32(out, (uint32_t)w.tables.n);
	buf_u64(out, 0);
	buf_u64(out, held.n);
	buf_u64(out, 0);
	put_head(head, out);
	size_t head_len = out->n - start - BATCH_HEADER;
	buf_str(out, buf_view(&w.scratch));
	store_u32(out->p + start + 20, (uint32_t)head_len);
	store_u64(out->p + start + 32, BATCH_HEADER + head_len + w.scratch.n + w.blocks.n);
	uint64_t sum = hash64(out->p + start, 48, 0);
	sum = hash64(out->p + start + BATCH_HEADER, head_len + w.scratch.n, sum);
	store_u64(out->p + start + 48, sum);
	buf_str(out, buf_view(&w.blocks));

	ZSTD_freeCCtx(w.cctx);
	free(ends);
	buf_release(&w.tables);
	buf_release(&w.blocks);
	buf_release(&w.scratch);
	buf_release(&w.digits);
}

void batch_build(const struct batch_head *head, struct str raw, const struct span *records,
	size_t n, int zstd_level, struct buf *out)
{
	struct batch_record *r = calloc(n + 1, sizeof(*r));
	size_t end = 0;

	if (!r)
		BUG("out of memory");
	if (raw.n > LIMIT_SLICE_BYTES || n > LIMIT_RECORDS_PER_BATCH)
		BUG("batch: %zu bytes in %zu records", raw.n, n);
	for (size_t i = 0; i < n; i++) {
		if (records[i].off < end || records[i].off > raw.n ||
			records[i].len > raw.n - records[i].off)
			BUG("batch: record %zu does not follow the one before it", i);
		end = (size_t)records[i].off + records[i].len;
		r[i].at = r[i].held = records[i].off;
		r[i].len = records[i].len;
	}
	r[n].at = r[n].held = (uint32_t)raw.n;
	batch_write(head, raw, r, (uint32_t)n, zstd_level, out);
	free(r);
}

bool batch_without(struct batch *b, const bool *drop_record, const bool *drop_gap, int zstd_level,
	struct buf *out, struct err *err)
{
	struct buf raw = {0}, held = {0};
	struct batch_record *r = malloc(((size_t)b->n + 1) * sizeof(*r));
	uint32_t from = 0;
	bool done = false;

	if (!r)
		BUG("out of memory");
	buf_reserve(&raw, 1);
	if (!batch_raw(b, &raw, NULL, err))
		goto out;
	buf_reserve(&held, raw.n);
	for (uint32_t i = 0; i <= b->n; i++) {
		const struct batch_record *old = &b->records[i];
		bool drop = i < b->n && drop_record[i];
		uint32_t len = old->erased ? 0 : old->len;
		r[i] = *old;
		r[i].gap_erased |= drop_gap[i];
		r[i].erased |= drop;
		if (!r[i].gap_erased)
			buf_add(&held, raw.p + from, old->held - from);
		r[i].held = (uint32_t)held.n;
		if (!r[i].erased)
			buf_add(&held, raw.p + old->held, len);
		from = old->held + len;
	}
	batch_write(&b->head, buf_view(&held), r, b->n, zstd_level, out);
	done = true;
out:
	buf_release(&raw);
	buf_release(&held);
	free(r);
	return done;
}
