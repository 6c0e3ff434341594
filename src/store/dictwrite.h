#ifndef STORE_DICTWRITE_H
#define STORE_DICTWRITE_H

#include "model/observable.h"
#include "store/layout.h"
#include "store/textpack.h"

/*
 * Writes the dictionary: entries come in order of (key, observable), and their number is known
 * before.  The entries go straight to the output, lists and directory are kept until the end.
 */
struct dict_writer {
	struct seg_out *out;
	const struct textpack *tp;
	struct buf lists, directory, ranks, types, addresses;
	struct buf bucket; /* the entries of the current one */
	uint16_t *prints;  /* theirs */
	size_t n_prints, prints_cap;
	uint16_t *tag_of; /* by type code: tag + 1 */
	uint32_t total, n, n_buckets, bucket_no;
	unsigned row_width, target_width;
	uint64_t uses, action_uses;
	uint32_t observables;
};

struct dict_entry {
	uint64_t key;
	struct observable o;
	const uint32_t *rows; /* ascending */
	size_t n_rows;
	const uint64_t *targets; /* ascending, distinct: dict_target */
	size_t n_targets;
	int64_t part; /* where o's bytes stand in those of the first target, or -1 */
};

static inline uint64_t dict_target(uint8_t how, uint32_t entry)
{
	return (uint64_t)how << 32 | entry;
}

void dict_writer_init(struct dict_writer *w, struct seg_out *out, const struct textpack *tp,
	uint32_t entries, uint32_t rows);
void dict_writer_release(struct dict_writer *w);
void dict_put(struct dict_writer *w, const struct dict_entry *e);
/* False if a section outgrew what 32 bits can address. */
bool dict_finish(struct dict_writer *w, struct facts *f);

#endif
