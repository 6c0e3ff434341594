#ifndef MAIL_CHARSET_H
#define MAIL_CHARSET_H

#include "base/arena.h"
#include "base/str.h"

/*
 * Text in the character sets of mail.  By ICU, whose tables are in its library: what iconv(3)
 * needs is in files, which the box can't open.
 */
struct charsets;

struct charsets *charsets_new(void); /* keeps converters open from text to text */
void charsets_free(struct charsets *c);

/*
 * The bytes as UTF-8; borrows from them or from the arena.  What isn't in the set that it names
 * (or in one that is unknown) is read as UTF-8 if it is that, else as windows-1252, and *ret_bad
 * is set.  ISO-8859-1, US-ASCII, GB2312 and KS C 5601 mean the larger sets that mail really has
 * under these names (as in the WHATWG's Encoding Standard §4.2).
 */
struct str charset_to_utf8(
	struct charsets *c, struct arena *a, struct str name, struct str bytes, bool *ret_bad);

bool utf8_is_valid(struct str s);

#endif
