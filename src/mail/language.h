#ifndef MAIL_LANGUAGE_H
#define MAIL_LANGUAGE_H

#include <stddef.h>

#include "base/str.h"

/*
 * Which language a text is in, by its letters and its most frequent little words.
 *
 * A script that one language writes decides alone: more than half of the letters are in it.  Of
 * Han letters it is Japanese if at least one in twenty is kana.  Of Latin, Cyrillic, Arabic and
 * Devanagari letters the words decide: of each language a few dozen function words are known
 * (mail/languages.def), which make up a third of ordinary text.  A word that k languages have
 * counts 1/k for each.  A language is named if its sum is at least LANGUAGE_LEAST, one
 * LANGUAGE_SHARE-th of all words, and a quarter more than that of the next one; else the answer is
 * "und".
 */
enum { LANGUAGE_LEAST = 2, LANGUAGE_SHARE = 24, LANGUAGES_MAX = 40 };

enum script {
	SCRIPT_OTHER,
	SCRIPT_LATIN,
	SCRIPT_CYRILLIC,
	SCRIPT_ARABIC,
	SCRIPT_GREEK,
	SCRIPT_HEBREW,
	SCRIPT_HAN,
	SCRIPT_KANA,
	SCRIPT_HANGUL,
	SCRIPT_THAI,
	SCRIPT_ARMENIAN,
	SCRIPT_GEORGIAN,
	SCRIPT_DEVANAGARI,
	SCRIPT_BENGALI,
	SCRIPT_TAMIL,
	SCRIPT_KHMER,
	SCRIPT_BURMESE,
	SCRIPTS,
};

enum script script_of(uint32_t letter);

struct language_table; /* of function words; made once */
struct language_table *language_table_new(void);
void language_table_free(struct language_table *t);

struct language_count {
	uint32_t letters[SCRIPTS];
	uint32_t words;
	uint32_t score[LANGUAGES_MAX]; /* in parts of LANGUAGE_UNIT */
};
enum { LANGUAGE_UNIT = 840 }; /* divided by 1 to 8 alike */

/* hash: hash64 of the word in lower case, with seed 0. */
void language_word(const struct language_table *t, struct language_count *c, uint64_t hash);
/* ISO 639-1 code, "und" if unsure, "" if there are no words. */
const char *language_of(const struct language_count *c);

#endif
