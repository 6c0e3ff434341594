#ifndef STORE_DIGITS_H
#define STORE_DIGITS_H

#include "base/buf.h"

/*
 * Hexadecimal digits apart from the text that they stand in (spoor-batch(5), Packed blocks): half
 * as many bytes, of which zstd needn't find out that they have no pattern.
 */

/*
 * Appends the text with its marks, and the digits; false when that doesn't pay, and then both are
 * as they were.  The same bytes are packed alike always.
 */
bool digits_pack(struct str s, struct buf *text, struct buf *digits);

/* Appends what was packed, n bytes; false when it isn't that, and then nothing. */
bool digits_unpack(struct str text, struct str digits, size_t n, struct buf *out);

#endif
