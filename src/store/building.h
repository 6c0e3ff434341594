#ifndef STORE_BUILDING_H
#define STORE_BUILDING_H

#include "base/vec.h"
#include "store/big.h"
#include "store/build.h"
#include "store/sort.h"
#include "store/textpack.h"

/* The insides of a struct segbuild, for build.c (gathers) and finish.c (writes). */
struct building_entry {
	uint64_t key;
	uint32_t off; /* in `text` */
	uint16_t len;
	uint8_t kind;
	uint8_t form_given; /* form doubled, plus one if it was interned, not only an alias */
	uint32_t uses;
	uint32_t event; /* the last one that uses it, + 1 */
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

enum { EXPECTED = 64 };

struct segbuild {
	VEC(struct building_entry) entries;
	VEC(struct building_alias) aliases;
	VEC(struct building_row) rows;
	VEC(uint32_t) uses;    /* entries of the first row, of the second … */
	VEC(uint32_t) columns; /* seg_columns() per row */
	VEC(struct building_flaw) flaws;
	VEC(struct building_stream) streams;
	VEC(uint64_t) stream_hashes;
	VEC(char) text;
	struct building_slot *slots;
	size_t slots_cap;
	uint32_t n_slots;
	uint64_t expected[EXPECTED]; /* keys that segbuild_expect announced */
	uint32_t n_expected, n_met;  /* counted since ever: places are their remainders */
	uint64_t salt;
	unsigned n_columns;
	struct textpack *tp;
	struct scratch {
		void *at;
		size_t cap;
	} scratch[11]; /* finish.c's arrays, kept from batch to batch */
};

static inline struct observable building_observable(const struct segbuild *sb, uint32_t entry)
{
	const struct building_entry *e = &sb->entries.at[entry];

	return (struct observable){e->kind, e->form_given >> 1, {sb->text.at + e->off, e->len}};
}

#endif
