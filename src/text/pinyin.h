#ifndef TEXT_PINYIN_H
#define TEXT_PINYIN_H

#include "base/str.h"

/*
 * Chinese names in Latin letters, syllable by syllable (METHODS §8.3: letters are the wrong unit;
 * Wang and Weng differ by one letter, Cao and Ts'ao by three).  Known are the syllables of Hanyu
 * Pinyin (ISO 7098), their spellings in Wade-Giles, and Cantonese spellings of common surnames.
 */
enum {
	PINYIN_SYLLABLES_MAX = 12,
	PINYIN_READINGS_MAX = 4,
	PINYIN_KEYS_MAX = 16,
};

struct syllables {
	struct str at[PINYIN_SYLLABLES_MAX]; /* borrowed from the words, apostrophes and all */
	uint8_t word[PINYIN_SYLLABLES_MAX];  /* which word each stands in, from 0 */
	size_t n;
};

/*
 * latin is lower case, words separated by blanks; an apostrophe ends a syllable ("xi'an") or belongs
 * to a Wade-Giles one ("ts'ao").  Returns in how many ways all of it can be read as syllables, at
 * most PINYIN_READINGS_MAX, the longest syllables first ("xian" before "xi an"); 0: it is no such
 * name.  Wade-Giles and Cantonese are read where a word is one such syllable.
 */
size_t pinyin_read(struct str latin, struct syllables ret[static PINYIN_READINGS_MAX]);

/*
 * How alike two syllables are: 1 the same, .9 two known spellings of one sound (gao/kao, lü/lyu,
 * chen/chan), .7 often confused (zh/z ch/c sh/s, n/l, in/ing, en/eng), else 0.
 */
double pinyin_alike(struct str a, struct str b);

/*
 * Keys to look a syllable up by: pinyin_alike(a, b) is .7 or more only if pinyin_key(b) is among
 * pinyin_keys(a).  The first of these, of which there are at most PINYIN_KEYS_MAX, is its own.
 */
uint64_t pinyin_key(struct str syllable);
size_t pinyin_keys(struct str syllable, uint64_t ret[static PINYIN_KEYS_MAX]);

#endif
