#ifndef MAIL_PROSE_H
#define MAIL_PROSE_H

#include "mail/reference.h"

/*
 * The URLs of running text (UTF-8), as links of the given element: http, https, ftp and ws ones;
 * "www.…", and "name.tld/…" with a top-level domain that exists, which mail programs make
 * clickable too; those in "<…>" that were broken over lines (RFC 3986, appendix C).  A word with
 * one of the spellings of text/defang.h is a defanged reference.
 */
void prose_read(struct references *rs, struct str part, struct str element, struct str text);

/* format=flowed (RFC 3676 §4): soft line breaks joined, quote marks and stuffing taken off. */
struct str prose_unflow(struct arena *a, struct str text, bool delsp);

/* RFC 5545 §3.1: a line that begins with a blank goes on with the one before. */
struct str prose_unfold(struct arena *a, struct str text);

#endif
