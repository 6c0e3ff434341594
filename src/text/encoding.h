#ifndef TEXT_ENCODING_H
#define TEXT_ENCODING_H

#include "base/arena.h"

/*
 * A text file as UTF-8, by its byte order mark, or by the zeros that letters have in UTF-16: that is
 * turned into UTF-8 in the arena, a mark of UTF-8 is left out, and other bytes are returned as they
 * are.
 */
struct str text_as_utf8(struct arena *a, struct str s);

#endif
