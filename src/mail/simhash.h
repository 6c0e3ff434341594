#ifndef MAIL_SIMHASH_H
#define MAIL_SIMHASH_H

#include "base/str.h"

/*
 * A fingerprint of a text of which a few bits differ where a few words do (M. Charikar,
 * "Similarity estimation techniques from rounding algorithms", STOC 2002): each feature's 64-bit
 * hash votes on each bit, and the majority decides; a tie is 0.  The features are pairs of words
 * that follow one another, by XXH3 of their bytes with a blank between; the same pair votes as
 * often as it is there.
 */
struct simhash {
	uint32_t packed[16]; /* byte k of [j]: votes for bit 4 * j + k, since the last spill */
	unsigned pending;    /* votes in `packed`, at most 255 */
	uint32_t votes[64];  /* for a set bit */
	uint32_t n;          /* features */
};

void simhash_add(struct simhash *s, uint64_t feature);
void simhash_join(struct simhash *s, struct simhash *other); /* adds what other has */
uint64_t simhash_end(struct simhash *s);                     /* 0 of no feature at all */

#endif
