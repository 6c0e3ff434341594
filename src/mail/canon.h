#ifndef MAIL_CANON_H
#define MAIL_CANON_H

#include "base/buf.h"
#include "mail/header.h"

/*
 * The forms in which mails are hashed (RFC 6376 §3.4).  Mails are kept with "\n" or "\r\n"; what
 * was signed went over the wire with "\r\n", so every line end becomes one.
 */

/* §3.4.3 simple, §3.4.4 relaxed. */
void canon_body(struct str body, bool relaxed, struct buf *out);

/*
 * §3.4.1 and §3.4.2, without a line end.  `without`: a part of the value that is left out, as the
 * value of "b=" is where a signature signs itself (§3.7); {NULL, 0} for nothing.
 */
void canon_field(const struct mail_header *h, bool relaxed, struct str without, struct buf *out);

/*
 * Undoes mbox quoting: a line of '>'s and "From " loses its first '>'.  False if there is no such
 * line, and then out is left alone.
 */
bool canon_unquote(struct str body, struct buf *out);

#endif
