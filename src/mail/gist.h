#ifndef MAIL_GIST_H
#define MAIL_GIST_H

#include "mail/language.h"
#include "mail/simhash.h"

/*
 * What a text's words say: how many there are, a SimHash, the language.
 *
 * A word is a run of letters, digits and marks, in lower case (Unicode's simple mapping); an
 * apostrophe between letters belongs to it, what has no width is passed over.  Of Han, kana, Thai,
 * Khmer and Burmese each letter is a word, since nothing parts words there.
 *
 * For the SimHash what changes from recipient to recipient is made equal: a run without blanks
 * that has "://", '@' or a leading "www." is the word "@", and one with a digit is "0".  Lines of
 * at most GIST_SHORT words (salutations, names, buttons) don't count for it where GIST_ENOUGH
 * others are left.
 */
enum { GIST_SHORT = 6, GIST_ENOUGH = 12 };

struct gist {
	const struct language_table *table;
	struct language_count language;
	struct simhash of_short, of_long; /* of short lines, and of the others */
	uint32_t n;
};

/* Adds a text.  A short line right behind a longer one is the end of its paragraph. */
void gist_add(struct gist *g, struct str utf8);
uint64_t gist_simhash(struct gist *g); /* call it once */

#endif
