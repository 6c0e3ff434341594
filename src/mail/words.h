#ifndef MAIL_WORDS_H
#define MAIL_WORDS_H

#include "base/flaw.h"
#include "mail/charset.h"

/* What the parsers of one mail share.  Results live in the arena or in the mail. */
struct mail_reading {
	struct arena *arena;
	struct charsets *charsets;
	struct flaws *flaws;
};

/*
 * The text of a header field: unfolded (RFC 5322 §2.2.3), encoded words decoded (RFC 2047),
 * blanks at its ends gone.  Also read is what mailers get wrong: words inside quotes or next to
 * other text, blanks inside a word, characters split between two words.  A word within a decoded
 * word stays as it is, with flaw bad-encoding.  offset: of the field, for flaws.
 */
struct str words_text(struct mail_reading *r, struct str value, uint32_t offset);

/* The same without unfolding and trimming, for a part of a field. */
struct str words_decode(struct mail_reading *r, struct str s, uint32_t offset);

/* Line ends are gone where a blank follows, a blank elsewhere; borrows if there are none. */
struct str words_unfold(struct mail_reading *r, struct str value, uint32_t offset);

/* Base64 and the like as far as it goes; *ret_bad if there was anything else. */
struct str base64_decode(struct arena *a, struct str s, bool *ret_bad);
struct str quoted_decode(struct arena *a, struct str s, bool underscores, bool *ret_bad);

#endif
