#ifndef STORE_CHECKING_H
#define STORE_CHECKING_H

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

/* Sets the err: which section, what, and where. */
bool checking_wrong(struct checking *c, const char *section, const char *what, uint64_t at);

static inline bool checking_has_rows(const struct checking *c, uint32_t entry)
{
	return entry < c->seg->f.entries && (c->has_rows[entry / 64] >> entry % 64 & 1);
}

/* checkdict.c: entries, rows, aliases, addresses. */
bool checking_dictionary(struct checking *c);

#endif
