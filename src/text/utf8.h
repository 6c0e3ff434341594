#ifndef TEXT_UTF8_H
#define TEXT_UTF8_H

#include "base/str.h"

/*
 * One step over UTF-8 (RFC 3629 section 4).  p < end.  Returns the length of the well-formed
 * sequence at p (1 to 4), or minus the length of its ill-formed beginning (-1 to -3): the
 * maximal subpart of Unicode 15 section 3.9, which one U+FFFD stands for.
 */
int utf8_step(const char *p, const char *end);

/* Writes the generalised UTF-8 of a code point up to 0x10ffff, surrogates too (WTF-8). */
size_t utf8_put(uint32_t c, char ret_bytes[4]);

#endif
