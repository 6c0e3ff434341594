#ifndef INTEL_SCREEN_H
#define INTEL_SCREEN_H

#include "base/vec.h"
#include "intel/likeness.h"
#include "model/party.h"

/*
 * Is a name that of a designated party?  An answer is a possible match with a score, never more
 * (METHODS §8.2, §8.3: the weights are those of OpenSanctions' logic_v2, as far as they are needed).
 */
#define SCREEN_REVIEW .70   /* what scores less is no answer: a person would look at it in vain */
#define SCREEN_BY_SOUND .75 /* most that syllables alone are worth */

struct screen_query {
	struct str name;
	struct name_form form;
	struct party_date born; /* year 0: not known */
	struct str country, id; /* "" */
};

enum screen_agree { AGREE_UNKNOWN, AGREE_YES, AGREE_PARTLY, AGREE_NO };

struct screen_match {
	double score;                  /* 0 to 1 */
	const struct party_name *name; /* the one that is most alike, or NULL: only a number */
	struct likeness like;
	bool capped;                     /* the score is the most that sound alone is worth */
	bool other_characters;           /* both are written in characters, and these differ */
	enum screen_agree born, country; /* PARTLY: the same year, nothing said against the day */
	const struct party_id *id;       /* the number that is the same, or NULL */
};

/* False below SCREEN_REVIEW.  What ret points to is the party's. */
bool screen_party(struct arena *scratch, const struct screen_query *q, const struct party *p,
	struct screen_match *ret);

/* Keys by which a party is found: of its names and numbers. */
struct screen_keys {
	VEC(uint64_t) at;
};
void screen_keys_of_party(struct arena *scratch, const struct party *p, struct screen_keys *inout);
void screen_keys_of_query(
	struct arena *scratch, const struct screen_query *q, struct screen_keys *inout);

#endif
