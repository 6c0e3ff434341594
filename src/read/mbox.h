#ifndef READ_MBOX_H
#define READ_MBOX_H

#include "base/str.h"

/*
 * Where mails begin, from bytes alone.  In an mbox (RFC 4155) each stands behind a line "From ",
 * the sender, and a date as ctime(3) writes it.  Only a line that has all of that counts, and no
 * Content-Length: whoever wrote the mail can lie in that.
 */
#define MBOX_LINE_BYTES 1024 /* a longer line is no "From " line */

bool mbox_is_from(struct str line);
/* The first place at or behind `at` (a line's beginning) where such a line begins; s.n: none. */
size_t mbox_next(struct str s, size_t at);

/* Is it an mbox: such a line, and a header field or nothing behind it? */
bool mbox_begins(struct str head);
/* Is it one mail: header fields, and among the first of them one that every mail may have? */
bool mail_begins(struct str head);

#endif
