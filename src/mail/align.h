#ifndef MAIL_ALIGN_H
#define MAIL_ALIGN_H

#include "base/arena.h"

/*
 * Identifier alignment of DMARC (RFC 7489 §3.1; RFC 9989 keeps it): does a domain that was
 * authenticated speak for the domain of the author?  Strict: the same name.  Relaxed: the same
 * organisational domain, which is taken from the list of public suffixes (RFC 7489 §3.2); RFC 9989
 * finds it by asking the DNS, which spoor doesn't.  The two differ where a domain below the
 * organisational one has a DMARC record with psd=, or a name above has none.
 */
enum alignment { ALIGN_NONE, ALIGN_RELAXED, ALIGN_STRICT };

/* author is in normal form; other is a name, or an address whose domain is meant. */
enum alignment mail_alignment(struct arena *a, struct str author, struct str other);
const char *alignment_name(enum alignment v); /* "strict" */

#endif
