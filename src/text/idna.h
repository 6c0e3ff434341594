#ifndef TEXT_IDNA_H
#define TEXT_IDNA_H

#include "base/arena.h"
#include "base/str.h"

/*
 * The seam between what needs Unicode tables and what doesn't.  Parsers of hosts (url.h,
 * mailaddr.h) take a function of this type; the worker gives them idna_to_ascii, spoor gives
 * NULL, and they then say that they would have needed it.  So spoor links without ICU.
 *
 * It turns a host with bytes above 0x7f into ASCII as the URL Standard's "domain to ASCII" does
 * (UTS #46, nontransitional, no STD3 rules, no length checks).  False: not a name.
 */
typedef bool idna_fn(struct arena *a, struct str utf8, struct str *ret_ascii);

bool idna_to_ascii(struct arena *a, struct str utf8, struct str *ret_ascii);

/* "72.1": which Unicode data was used, for results that have to name it. */
const char *idna_version(void);

#endif
