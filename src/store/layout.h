#ifndef STORE_LAYOUT_H
#define STORE_LAYOUT_H

#include "base/buf.h"
#include "base/bytes.h"

/* The parts of a segment file, as segment.c and spoor-segment(5) specify them. */

#define SEGMENT_MAGIC "SPOORSEG"

enum seg_section {
	SEC_FACTS,
	SEC_COLUMN_NAMES,
	SEC_STREAMS,
	SEC_BATCHES,
	SEC_TYPES,
	SEC_PHRASES,
	SEC_DIRECTORY,
	SEC_RANKS,
	SEC_ENTRIES,
	SEC_LISTS,
	SEC_ADDRESSES,
	SEC_TIMES,
	SEC_IDS,
	SEC_ID_ORDER,
	SEC_BLOCKS,
	SEC_COLUMNS,
	SEC_FLAWS,
	SECTIONS
};

enum {
	SEGMENT_VERSION = 1,
	SEGMENT_TABLE = 32, /* where the table of sections begins */
	SEGMENT_TABLE_ITEM = 24,
	SEGMENT_HEADER = SEGMENT_TABLE + SECTIONS * SEGMENT_TABLE_ITEM,
	FACTS_BYTES = 88,

	BUCKET_ENTRIES = 24, /* on average */
	DIRECTORY_ITEM = 8,
	RANK_EVERY = 64,
	FEW_BYTES_MAX = 48, /* longer lists leave their bucket */
	TYPE_ESCAPE = 255,

	TIME_BLOCK = 256,
	TIME_ITEM = 16,
	ID_BUCKET = 16,
	ROW_BLOCK = 4096,
	BLOCK_ITEM = 24,
	ADDRESS_BLOCK = 64,
	ADDRESS_ITEM = 20,
	BITS_SLACK = 8, /* zero bytes behind packed bits, so that a reader may load words */
};

/* Columns of every row; the columns of fields come behind them. */
enum seg_meta { META_CONTENT, META_BATCH, META_RECORD, META_STREAM, META_FLAGS, METAS };

struct facts {
	uint32_t rows, untimed; /* rows without a time come first */
	uint32_t entries;       /* of the dictionary, those that are only aliases included */
	uint32_t observables;   /* entries with uses, actions left out */
	uint32_t buckets, addresses, streams, batches;
	uint64_t uses, action_uses; /* rows of all entries, of actions apart */
	uint64_t copies, flaws;
	int64_t first, last;
	uint32_t columns, types;
};

/* How the bytes of an entry stand in the file. */
enum seg_shape {
	SHAPE_GUID,   /* 16 bytes */
	SHAPE_IP4,    /* 4 bytes */
	SHAPE_IP16,   /* 16 bytes */
	SHAPE_NET,    /* 8 bytes */
	SHAPE_TEXT,   /* varint length, bytes */
	SHAPE_PACKED, /* varint length, packed text */
	SHAPE_HEX,    /* varint length, bytes */
	SHAPE_OTHER,  /* form, varint length, bytes */
	SHAPE_PART,   /* form, varint offset, varint length: a part of the first target's bytes */
	SHAPES
};
enum seg_use { USE_NONE, USE_ONE, USE_FEW, USE_MANY };
enum seg_alias { ALIAS_NONE, ALIAS_ONE, ALIAS_FEW, ALIAS_MANY };

static inline uint16_t type_code(unsigned kind, unsigned shape, unsigned use, unsigned alias)
{
	return (uint16_t)(kind | shape << 8 | use << 12 | alias << 14);
}

/* A new section at a multiple of 8; between begin and end the caller appends to out->buf. */
struct seg_out {
	struct buf *buf;
	size_t start;
	uint64_t off[SECTIONS], len[SECTIONS];
};
void seg_out_start(struct seg_out *o, struct buf *buf);
void seg_out_begin(struct seg_out *o, enum seg_section s);
void seg_out_end(struct seg_out *o, enum seg_section s);
void seg_out_section(struct seg_out *o, enum seg_section s, const struct buf *content);
void seg_out_finish(struct seg_out *o, const struct facts *f);

void facts_get(const void *p, struct facts *ret);

/* Packed bits: appends n values of `width` bits and the slack. */
void bits_put(const uint64_t *v, size_t n, unsigned width, struct buf *out);

/* Value i; the section has BITS_SLACK bytes behind the last bit. */
static inline uint64_t bits_get(const uint8_t *p, uint64_t i, unsigned width)
{
	uint64_t bit = i * width;
	unsigned shift = bit & 7;
	uint64_t v = load_u64(p + (bit >> 3)) >> shift;

	if (width + shift > 64)
		v |= (uint64_t)p[(bit >> 3) + 8] << (64 - shift);
	return width < 64 ? v & (((uint64_t)1 << width) - 1) : v;
}

static inline uint64_t bits_bytes(uint64_t n, unsigned width)
{
	return (n * width + 7) / 8;
}

#endif
