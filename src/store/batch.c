/*
 * spoor-batch(5), versions 1 and 2, which differ in that a block may be packed (store/digits.h).
 *
 *	offset	size
 *	0	8	"SPOORBAT"
 *	8	4	version
 *	12	4	records
 *	16	4	blocks
 *	20	4	length of the head
 *	24	4	length of the tables as stored (one zstd frame)
 *	28	4	length of the tables in clear
 *	32	8	length of the file
 *	40	8	bytes held (erased ones not counted)
 *	48	8	XXH3 of bytes 0 to 47, the head and the tables as stored
 *	56		the head: varints source_offset, first_record, framing, separator; then
 *			preamble, decoding, forced, each a varint length and its bytes
 *			the tables
 *			the blocks, one zstd frame each, one after another
 *
 * The tables: per block a varint of its length in clear, a varint of its length as stored, since
 * version 2 a varint of the length of its text if it is packed, else 0, and 8 bytes of XXH3 of it
 * as stored.  Then per record two varints: the bytes in front of it since the previous record,
 * and its own, each doubled, plus one if they are erased.  Then such a varint for the bytes
 * behind the last record.
 *
 * The spans in order, erased ones included, are the decoded source from source_offset on; the
 * held ones in order are the blocks' content.  A block ends with the first record that brings it
 * to 1 MiB, or at 2 MiB, so that one record costs one block.  Checksums are of stored bytes:
 * when a span is erased its block is written anew, and nothing depends on the bytes gone.
 */
#include "store/batch.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/scan.h"
#include "store/batchfile.h"
#include "store/digits.h"

static bool read_head(struct str s, struct batch_head *h)
{
	struct scan sc = scan_of(s);
	struct str *strings[] = {&h->preamble, &h->decoding, &h->forced};

	h->source_offset = scan_varint(&sc, "source offset");
	h->first_record = scan_varint(&sc, "first record");
	uint64_t framing = scan_varint(&sc, "framing");
	uint64_t separator = scan_varint(&sc, "separator");
	for (size_t i = 0; i < 3; i++) {
		uint64_t n = scan_varint(&sc, "length");
		if (n > HEAD_STRING_MAX)
			scan_fail(&sc, "length");
		*strings[i] = scan_take(&sc, (size_t)n, "text");
	}
	h->framing = (uint8_t)framing;
	h->separator = (char)separator;
	return scan_ok(&sc) && !scan_left(&sc) && framing < FRAMINGS && separator < 256 &&
	       h->source_offset <= INT64_MAX && h->first_record <= INT64_MAX;
}

static bool read_blocks(struct batch *b, struct scan *sc, uint64_t at)
{
	uint64_t held = 0;

	for (uint32_t i = 0; i < b->n_blocks; i++) {
		uint64_t clear = scan_varint(sc, "block"), stored = scan_varint(sc, "block");
		uint64_t text = b->version > 1 ? scan_varint(sc, "text") : 0;
		uint64_t sum = scan_u64(sc, "checksum");
		/* Packed is what that makes smaller. */
		if (!scan_ok(sc) || clear == 0 || clear > BLOCK_MAX || text >= clear ||
			stored > ZSTD_COMPRESSBOUND(BLOCK_MAX))
			return false;
		b->blocks[i] = (struct batch_block){.held = (uint32_t)held,
			.clear = (uint32_t)clear,
			.stored = (uint32_t)stored,
			.text = (uint32_t)text,
			.at = at,
			.sum = sum};
		held += clear;
		at += stored;
	}
	return held == b->held && at == b->file.n;
}

static bool read_records(struct batch *b, struct scan *sc)
{
	uint64_t source = 0, held = 0;

	for (uint32_t i = 0; i <= b->n; i++) {
		struct batch_record *r = &b->records[i];
		uint64_t gap = scan_varint(sc, "gap");
		uint64_t len = i < b->n ? scan_varint(sc, "length") : 0;
		if (gap >> 1 > LIMIT_SLICE_BYTES || len >> 1 > LIMIT_SLICE_BYTES)
			return false;
		r->gap_erased = gap & 1;
		r->erased = len & 1;
		source += gap >> 1;
		held += r->gap_erased ? 0 : gap >> 1;
		if (source + (len >> 1) > LIMIT_SLICE_BYTES)
			return false;
		r->at = (uint32_t)source;
		r->held = (uint32_t)held;
		r->len = (uint32_t)(len >> 1);
		source += len >> 1;
		held += r->erased ? 0 : len >> 1;
	}
	return scan_ok(sc) && !scan_left(sc) && held == b->held;
}

static bool read_tables(struct batch *b, struct str stored, uint32_t clear, struct err *err)
{
	struct buf tables = {0};
	bool done = false;

	/* A varint of a span has at most 4 bytes, since 2 * LIMIT_SLICE_BYTES < 2^28. */
	if (clear > (uint64_t)b->n_blocks * 20 + ((uint64_t)b->n + 1) * 8 ||
		ZSTD_getFrameContentSize(stored.p, stored.n) != clear)
		return err_set(err, ERR_CASE, "batch: tables of an impossible length");
	buf_reserve(&tables, (size_t)clear + 1);
	size_t got = ZSTD_decompressDCtx(b->dctx, tables.p, clear, stored.p, stored.n);
	if (ZSTD_isError(got) || got != clear) {
		err_set(err, ERR_CASE, "batch: tables can't be decompressed");
		goto out;
	}
	struct scan sc = scan_of((struct str){tables.p, clear});
	if (!read_blocks(b, &sc, (uint64_t)(stored.p - b->file.p) + stored.n))
		err_set(err, ERR_CASE, "batch: blocks don't fill the file");
	else if (!read_records(b, &sc))
		err_set(err, ERR_CASE, "batch: records don't fill the blocks");
	else
		done = true;
out:
	buf_release(&tables);
	return done;
}

static bool open_parts(struct batch *b, struct err *err)
{
	const char *p = b->file.p;

	if (b->file.n < BATCH_HEADER || memcmp(p, BATCH_MAGIC, 8) != 0)
		return err_set(err, ERR_CASE, "not a batch");
	b->version = load_u32(p + 8);
	if (b->version < BATCH_VERSION_LEAST || b->version > BATCH_VERSION)
		return err_set(err, ERR_CASE, "batch: version %u, this program reads %d to %d",
			b->version, BATCH_VERSION_LEAST, BATCH_VERSION);
	b->n = load_u32(p + 12);
	b->n_blocks = load_u32(p + 16);
	b->held = load_u64(p + 40);
	uint64_t head = load_u32(p + 20), stored = load_u32(p + 24);
	if (load_u64(p + 32) != b->file.n || head + stored > b->file.n - BATCH_HEADER ||
		b->held > LIMIT_SLICE_BYTES || b->n > LIMIT_RECORDS_PER_BATCH ||
		b->n_blocks > b->held / BLOCK_LEAST + 1)
		return err_set(err, ERR_CASE, "batch: lengths in the header don't fit the file");
	uint64_t sum = hash64(p + BATCH_HEADER, (size_t)(head + stored), hash64(p, 48, 0));
	if (sum != load_u64(p + 48))
		return err_set(err, ERR_CASE, "batch: header or tables damaged");
	if (!read_head((struct str){p + BATCH_HEADER, (size_t)head}, &b->head))
		return err_set(err, ERR_CASE, "batch: head of no known form");
	/* Each record has two bytes of tables at least, each block ten: see read_tables. */
	uint32_t clear = load_u32(p + 28);
	if ((uint64_t)b->n * 2 + (uint64_t)b->n_blocks * 10 + 1 > clear)
		return err_set(err, ERR_CASE, "batch: tables too short");
	b->records = malloc(((size_t)b->n + 1) * sizeof(*b->records));
	b->blocks = malloc(((size_t)b->n_blocks + 1) * sizeof(*b->blocks));
	if (!b->records || !b->blocks)
		BUG("out of memory");
	return read_tables(b, (struct str){p + BATCH_HEADER + head, (size_t)stored}, clear, err);
}

bool batch_open(struct str file, struct batch **ret_b, struct err *err)
{
	struct batch *b = calloc(1, sizeof(*b));

	if (!b || !(b->dctx = ZSTD_createDCtx()))
		BUG("out of memory");
	b->file = file;
	b->block_no = UINT32_MAX;
	if (!open_parts(b, err)) {
		batch_close(b);
		return false;
	}
	*ret_b = b;
	return true;
}

void batch_close(struct batch *b)
{
	if (!b)
		return;
	ZSTD_freeDCtx(b->dctx);
	buf_release(&b->block);
	buf_release(&b->packed);
	free(b->records);
	free(b->blocks);
	free(b);
}

const struct batch_head *batch_head(const struct batch *b)
{
	return &b->head;
}

uint32_t batch_records(const struct batch *b)
{
	return b->n;
}

size_t batch_raw_size(const struct batch *b)
{
	return b->held;
}

bool batch_record_at(const struct batch *b, uint32_t i, uint64_t *ret_source_offset,
	uint32_t *ret_len, bool *ret_erased)
{
	if (i >= b->n)
		return false;
	*ret_source_offset = b->head.source_offset + b->records[i].at;
	*ret_len = b->records[i].len;
	*ret_erased = b->records[i].erased;
	return true;
}

/* Appends what a block's frame holds: less than its content if that is packed. */
static bool read_frame(
	struct batch *b, const struct batch_block *bl, struct buf *out, struct err *err)
{
	const char *p = b->file.p + bl->at;
	unsigned no = (unsigned)(bl - b->blocks);

	if (hash64(p, bl->stored, 0) != bl->sum)
		return err_set(err, ERR_CASE, "batch: block %u is damaged", no);
	unsigned long long n = ZSTD_getFrameContentSize(p, bl->stored);
	if (bl->text ? n < bl->text || n >= bl->clear : n != bl->clear)
		return err_set(err, ERR_CASE, "batch: block %u is not of its length", no);
	buf_reserve(out, (size_t)n);
	size_t got = ZSTD_decompressDCtx(b->dctx, out->p + out->n, (size_t)n, p, bl->stored);
	if (ZSTD_isError(got) || got != n)
		return err_set(err, ERR_CASE, "batch: block %u can't be decompressed", no);
	out->n += (size_t)n;
	return true;
}

/* Appends the content of a block. */
static bool read_block(struct batch *b, uint32_t no, struct buf *out, struct err *err)
{
	const struct batch_block *bl = &b->blocks[no];

	if (!bl->text)
		return read_frame(b, bl, out, err);
	buf_clear(&b->packed);
	if (!read_frame(b, bl, &b->packed, err))
		return false;
	struct str packed = buf_view(&b->packed);
	if (!digits_unpack(str_upto(packed, bl->text), str_from(packed, bl->text), bl->clear, out))
		return err_set(err, ERR_CASE, "batch: block %u can't be unpacked", no);
	return true;
}

static uint32_t block_of(const struct batch *b, uint32_t held)
{
	uint32_t lo = 0, hi = b->n_blocks;

	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (b->blocks[mid].held <= held)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

bool batch_record(struct batch *b, uint32_t i, struct buf *out, struct err *err)
{
	if (i >= b->n)
		return err_set(err, ERR_CASE, "batch: no record %u among %u", i, b->n);
	const struct batch_record *r = &b->records[i];
	uint32_t at = r->held, left = r->erased ? 0 : r->len;
	size_t before = out->n;

	for (uint32_t no = left ? block_of(b, at) : 0; left; no++) {
		if (b->block_no != no) {
			b->block_no = UINT32_MAX;
			buf_clear(&b->block);
			if (!read_block(b, no, &b->block, err)) {
				out->n = before;
				return false;
			}
			b->block_no = no;
		}
		uint32_t from = at - b->blocks[no].held, n = b->blocks[no].clear - from;
		n = n < left ? n : left;
		buf_add(out, b->block.p + from, n);
		at += n;
		left -= n;
	}
	return true;
}

bool batch_raw(struct batch *b, struct buf *out, struct span *ret_spans, struct err *err)
{
	size_t before = out->n;

	buf_reserve(out, b->held);
	for (uint32_t no = 0; no < b->n_blocks; no++) {
		if (!read_block(b, no, out, err)) {
			out->n = before;
			return false;
		}
	}
	for (uint32_t i = 0; i < b->n && ret_spans; i++)
		ret_spans[i] = (struct span){
			b->records[i].held, b->records[i].erased ? 0 : b->records[i].len};
	return true;
}
