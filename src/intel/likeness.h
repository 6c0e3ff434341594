#ifndef INTEL_LIKENESS_H
#define INTEL_LIKENESS_H

#include "text/nameform.h"

/*
 * How alike two names are (METHODS §8.3, in its plain part).  Characters are compared first.  Names
 * in Latin letters are compared by syllables where both can be read so, else by whole words; order
 * never counts, since lists and mails put family names first or last as they like.
 */
enum likeness_how {
	LIKE_NOT,
	LIKE_CHARACTERS, /* the same Chinese characters */
	LIKE_WORDS,      /* the same words */
	LIKE_SYLLABLES,  /* the same syllables */
	LIKE_SPELLINGS,  /* syllables in another known spelling */
	LIKE_CONFUSED,   /* syllables that are often confused */
};
const char *likeness_how_text(enum likeness_how h); /* "the same syllables" */

struct likeness {
	double score; /* 0 to 1 */
	enum likeness_how how;
	bool ambiguous; /* either of its two syllables may be the family name, and they are swapped */
	bool place;     /* of companies: the same town */
};
/* By syllables alone many people have one name: METHODS §8.3 caps what it is worth. */
bool likeness_is_by_sound(enum likeness_how h);

struct likeness likeness_of_people(const struct name_form *a, const struct name_form *b);
/*
 * Of companies what their class ("Co., Ltd", 有限公司) and their trade ("Science and Technology", 科技)
 * leave is compared, and the town in front of it apart.
 */
struct likeness likeness_of_companies(
	struct arena *scratch, const struct name_form *a, const struct name_form *b);

/*
 * Keys by which a name is found: two names are alike only if one of the keys of the first is one of
 * the second's, where `query` is set for one of them.  Returns how many, each once, in order; a long
 * name with very many spellings is found by the first LIKENESS_KEYS_MAX.
 */
enum { LIKENESS_KEYS_MAX = 4096 };
size_t likeness_keys(struct arena *scratch, const struct name_form *f, bool company, bool query,
	uint64_t ret[static LIKENESS_KEYS_MAX]);

#endif
