#ifndef MODEL_SCALE_H
#define MODEL_SCALE_H

#include "model/knowledge.h"

/*
 * What a word of certainty means on the scale that its speaker uses, in per cent
 * (model/claims.def has the tables and where they are from).  False if the scale has no such word:
 * then it stays a word.  Both are -1 where the scale gives no number.  On SCALE_PERCENT "70 %" and
 * "60-80%" are words; on SCALE_ADMIRALTY "B2" is the 2.
 */
bool scale_word(enum claim_scale scale, struct str word, int *ret_low, int *ret_high);

#endif
