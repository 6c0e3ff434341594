#ifndef INTEL_INDICATORS_H
#define INTEL_INDICATORS_H

#include "base/err.h"
#include "intel/record.h"

/*
 * The file of a source's indicators (spoor-indicators(5)), opened for reading.  It borrows the
 * file's bytes, and so does whatever is read from it.  Every access is checked against the bounds
 * of its part, so that a damaged file gives nothing rather than something that isn't in it.
 */
struct indicators {
	struct str file;
	uint32_t role; /* enum intel_role */
	uint32_t n;    /* records; their ordinals are from 0 */
	uint32_t n_keys, n_ranges, n_doubles, n_members;
	uint32_t n_pending, n_revoked;
	uint64_t blocks, keys, ranges, ordinals, doubles, members; /* where they begin */
};

/* Header and trailer only: microseconds.  ERR_CASE if it is damaged or of another version. */
MUST bool indicators_open(struct str file, struct indicators *ret, struct err *err);
/*
 * Everything (spoor-indicators(5), VALIDITY); with_keys: that each key is that of its record, too.
 * forget, if there is one, is called now and then: whoever mapped the file can let go of its pages.
 */
typedef void (*indicators_forget_fn)(void *arg);
MUST bool indicators_check(const struct indicators *in, bool with_keys, indicators_forget_fn forget,
	void *arg, struct err *err);
/* How many values and networks it has, without doubles and what is pending. */
uint32_t indicators_count(const struct indicators *in);
/* One of the files that the source was given as. */
struct indicators_file {
	struct str name;
	uint64_t offset, size; /* in all that was given, one file behind the other */
};
bool indicators_member(const struct indicators *in, uint32_t i, struct indicators_file *ret);

/* Reads records; cheapest in ascending order.  A zero one with `in` set is at the beginning. */
struct indicators_reader {
	const struct indicators *in;
	struct scan sc;
	struct record_taking before;
	uint32_t next, end; /* ordinals; end is that of the block */
	uint32_t doubles;   /* how many of them were passed by indicators_next */
};
bool indicators_at(struct indicators_reader *r, uint32_t ordinal, struct indicator *ret);
/* The next one that is no double; false at the end.  *inout_ordinal: where to begin, then where it
 * was.  Begin with UINT32_MAX. */
bool indicators_next(struct indicators_reader *r, uint32_t *inout_ordinal, struct indicator *ret);

bool indicators_is_double(const struct indicators *in, uint32_t ordinal);

/* Key i, and whose it is. */
uint64_t indicators_key(const struct indicators *in, uint32_t i);
uint32_t indicators_ordinal(const struct indicators *in, uint32_t i);
/* The first key that is not below this one; n_keys if there is none. */
uint32_t indicators_lower(const struct indicators *in, uint64_t key);

struct indicators_range {
	uint8_t from[16], to[16];
	uint8_t reach[16]; /* the greatest `to` so far */
	uint32_t ordinal;
};
bool indicators_range(const struct indicators *in, uint32_t i, struct indicators_range *ret);

typedef bool (*indicators_fn)(
	void *arg, uint32_t ordinal, const struct indicator *i); /* false stops */
/* Each that is this value, exactly. */
void indicators_find(const struct indicators *in, struct observable o, indicators_fn fn, void *arg);
/* Each network that the address (16 bytes, IPv4 as ::ffff:0:0/96) is in. */
void indicators_around(
	const struct indicators *in, const uint8_t at[16], indicators_fn fn, void *arg);
/* The one that says of the same thing under the same id; false if there is none. */
bool indicators_same(struct indicators_reader *r, const struct indicator *as, uint32_t *ret_ordinal,
	struct indicator *ret);

#endif
