#ifndef RULE_INDEX_INSIDE_H
#define RULE_INDEX_INSIDE_H

/*
 * Bytes of a piece at most: at an end, and inside, where each place of a value is looked up for each
 * length that there is (1 to 4, and 6).
 */
enum { PIECE_END_MAX = 16, PIECE_INSIDE_MAX = 6 };

#endif
