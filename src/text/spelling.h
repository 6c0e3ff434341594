#ifndef TEXT_SPELLING_H
#define TEXT_SPELLING_H

#include "base/str.h"

/* The spellings of Chinese syllables (pinyin.h), one syllable at a time, lower case. */
enum { SPELLING_BYTES = 6 }; /* "zhuang"; apostrophes not counted */

bool spelling_is_pinyin(struct str s); /* without apostrophes */
/*
 * Of Wade-Giles or a Cantonese surname, where that is no Pinyin, or with the apostrophe that
 * Wade-Giles puts behind an aspirated consonant.
 */
bool spelling_is_other(struct str s);

#endif
