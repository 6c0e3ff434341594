#ifndef TEXT_DOMAIN_H
#define TEXT_DOMAIN_H

#include "base/arena.h"
#include "base/str.h"

/*
 * ASCII part, no tables: lower case, one trailing dot dropped, labels of letters, digits, '-'
 * and '_', 1 to 63 bytes, at most 253 in all, at least two labels, the last one not all digits.
 * room: s.n bytes.  False for a name with bytes above 0x7f: domain_to_ascii (below) takes those.
 */
bool domain_normal(struct str s, char *room, struct str *ret_name);

/* The same for names of one label too ("localhost"); says how many labels there are. */
bool host_normal(struct str s, char *room, struct str *ret_name, size_t *ret_labels);

/* UTS #46 nontransitional ToASCII (ICU), then domain_normal.  Linked into the worker only. */
bool domain_to_ascii(struct arena *a, struct str s, struct str *ret_name);
bool domain_to_unicode(struct arena *a, struct str name, struct str *ret_u);

/*
 * Public suffixes (libpsl; linked into the worker only).  The registrable domain of a name, e.g.
 * example.co.uk of a.b.example.co.uk; "" if the name is itself a public suffix or below none
 * that is known.  Both sections of the list count.
 */
struct str domain_registrable(struct str name);
bool domain_is_public_suffix(struct str name);
bool domain_has_known_tld(struct str name); /* its suffix is in the ICANN section */
const char *domain_suffixes_version(void);  /* SHA-1 of the list, in hex */

#endif
