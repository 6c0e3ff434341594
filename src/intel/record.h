#ifndef INTEL_RECORD_H
#define INTEL_RECORD_H

#include "base/buf.h"
#include "base/scan.h"
#include "model/indicator.h"

/*
 * One record of a file of indicators (spoor-indicators(5)).  What a record shares with the one
 * before it is written once; each block of RECORDS_A_BLOCK begins with nothing before it.
 */
enum { RECORDS_A_BLOCK = 64, RECORD_TEXTS = 7 };

/* id, original, context, actor, marking, why */
void record_texts(const struct indicator *in, struct str ret[RECORD_TEXTS]);

/* Where in the block's bytes the texts of the record before stand. */
struct record_putting {
	struct {
		size_t at, n;
	} texts[RECORD_TEXTS];
	uint32_t line, member;
};
/* Appends one to the block's bytes. */
void record_put(struct buf *block, struct record_putting *before, const struct indicator *in);

struct record_taking {
	struct str texts[RECORD_TEXTS];
	uint32_t line, member;
};
void record_begin(struct record_taking *before); /* of a block */
/* The next one; what is no record makes sc fail.  Texts borrow from what sc reads. */
void record_take(struct scan *sc, struct record_taking *before, struct indicator *ret);

/* Has it a key (all but networks have), and which? */
bool record_key(const struct indicator *in, uint64_t *ret_key);
/*
 * By what it is, the value, the source's id: 0 if both speak of the same thing under the same id.
 * Without an id it is the actor: two lists of a feed that say of one address that it is two actors'
 * say two things.
 */
int record_cmp(const struct indicator *a, const struct indicator *b);

#endif
