#ifndef STORE_BUILDING_H
#define STORE_BUILDING_H

#include "base/vec.h"
#include "store/build.h"
#include "store/sort.h"
#include "store/textpack.h"

/* The insides of a struct segbuild, for build.c (gathers) and finish.c (writes). */
struct building_entry {
	uint64_t key;
	uint32_t off, len; /* in `text` */
	uint32_t uses;
	uint32_t event; /* the last one that uses it, + 1 */
	uint8_t kind, form;
	bool given; /* was interned, not only an alias */
};

struct building_alias {
	uint32_t entry, target;
	uint8_t how;
};

struct building_row {
	struct seg_row row;
	uint32_t uses; /* where its entries begin in `uses` */
};

struct building_flaw {
	uint32_t record;
	struct flaw flaw;
};

struct building_slot {
	uint32_t print; /* high half of the slot's hash */
	uint32_t entry; /* + 1 */
};

struct building_stream {
	struct str parts[3]; /* format, version, organisation; malloc'd */
};

struct segbuild {
	VEC(struct building_entry) entries;
	VEC(struct building_alias) aliases;
	VEC(struct building_row) rows;
	VEC(uint32_t) uses;    /* entries of the first row, of the second … */
	VEC(uint32_t) columns; /* seg_columns() per row */
	VEC(struct building_flaw) flaws;
	VEC(struct building_stream) streams;
	VEC(uint64_t) stream_hashes;
	struct buf text;
	struct building_slot *slots;
	uint32_t n_slots;
	uint64_t salt;
	unsigned n_columns;
	struct textpack *tp;
};

static inline struct observable building_observable(const struct segbuild *sb, uint32_t entry)
{
	const struct building_entry *e = &sb->entries.at[entry];

	return (struct observable){e->kind, e->form, {sb->text.p + e->off, e->len}};
}

#endif
