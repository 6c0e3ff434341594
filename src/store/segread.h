#ifndef STORE_SEGREAD_H
#define STORE_SEGREAD_H

#include "base/arena.h"
#include "store/addresses.h"
#include "store/chunk.h"
#include "store/layout.h"
#include "store/rows.h"
#include "store/segment.h"
#include "store/textpack.h"

/* The insides of an open segment: for segment.c, entry.c, find.c, scan.c, check.c and merge.c. */
struct entry_type {
	uint8_t kind, shape, use, alias;
};

struct segment {
	struct str file;
	struct str sec[SECTIONS];
	struct facts f;
	struct entry_type types[256]; /* shape SHAPES: no such type */
	unsigned row_width, target_width, id_row_width;
	uint32_t n_blocks;
	struct phrases phrases;
	struct addresses addresses;
	int column_at[FIELDS]; /* our column's number in the file, or -1 */
	struct seg_cache *cache;
};

/* What answers leave behind for the next one; a segment belongs to one thread. */
struct seg_cache {
	struct arena texts;
	struct text_slot {
		uint32_t entry; /* + 1 */
		struct str text;
	} * slots;
	uint32_t n_slots, n_texts;
	struct chunk_reader chunks; /* of segment_row; dctx NULL until then */
	uint32_t *meta;             /* its block: [METAS][ROW_BLOCK] */
	uint32_t block, block_rows; /* UINT32_MAX: none */
	uint64_t posting_place;     /* where segment_postings stopped: place, row, and how on */
	uint32_t posting_row;
	struct rows_reader posting;
};

/* An entry as it stands in the file; all pointers are within their sections. */
struct raw_entry {
	struct entry_type type;
	uint8_t form;
	uint32_t n, part; /* length of `bytes`; SHAPE_PART: of the part, and where it begins */
	const uint8_t *bytes;
	const uint8_t *use;
	uint32_t n_use;                    /* USE_FEW: bytes */
	uint32_t list, count, first, last; /* USE_MANY: where in the lists; `first` of USE_ONE */
	const uint8_t *alias;              /* ALIAS_ONE: how, target; else the groups */
	uint32_t n_alias;
	const uint8_t *at, *next, *end; /* itself, the entry behind it, the bucket's end */
};

struct bucket {
	const uint8_t *prints;
	const uint8_t *p, *end; /* the entries */
	uint32_t first, n;      /* number of the first entry, how many */
};

struct alias_reader {
	const uint8_t *p, *end;
	uint32_t left, target; /* of the group */
	uint8_t how;
	bool one, damaged;
};

/* entry.c */
struct entry_type entry_type_of(uint16_t code);
bool bucket_at(const struct segment *seg, uint32_t no, struct bucket *ret);
bool entry_parse(
	const struct segment *seg, const uint8_t *p, const uint8_t *end, struct raw_entry *ret);
/* By number.  False if there is none, or the file is damaged. */
bool entry_get(const struct segment *seg, uint32_t entry, struct raw_entry *ret);
/* room: TEXT_MAX bytes, which the result borrows from if the text is packed. */
bool entry_value(
	const struct segment *seg, const struct raw_entry *e, char *room, struct observable *ret);
uint32_t entry_count(const struct raw_entry *e);
/* For USE_NONE, a reader that has none. */
bool entry_rows(const struct segment *seg, const struct raw_entry *e, struct rows_reader *ret);
void entry_aliases(const struct segment *seg, const struct raw_entry *e, struct alias_reader *ret);
bool alias_next(struct alias_reader *r, uint8_t *ret_how, uint32_t *ret_target);
/* The entry as answers have it; its text is kept in the cache. */
bool entry_answer(const struct segment *seg, uint32_t entry, const struct raw_entry *e,
	struct seg_entry *ret);

/* find.c */
bool find_entry(const struct segment *seg, uint64_t key, struct observable o, struct raw_entry *ret,
	uint32_t *ret_entry);

/* segment.c, scan.c */
int64_t time_of_row(const struct segment *seg, uint32_t row);
bool chunk_of(const struct segment *seg, uint32_t block, unsigned column, struct str *ret);
uint32_t rows_of_block(const struct segment *seg, uint32_t block);
bool id_of_row(const struct segment *seg, uint32_t row, struct event_id *ret);
/* The i-th row in order of id. */
uint32_t row_by_id(const struct segment *seg, uint32_t i);
/* A row out of its block's decoded columns. */
void row_of_values(
	const struct segment *seg, uint32_t row, const uint32_t *values, struct seg_row *ret);

#endif
