#ifndef MAIL_DKIMKEY_H
#define MAIL_DKIMKEY_H

#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"

/*
 * Public keys of DKIM and ARC (RFC 6376 §3.6, RFC 8463) as they were recorded once: spoor never
 * asks the DNS.  One TXT record a line, as a zone file or dig(1) writes it, or just name and text:
 *
 *	sel._domainkey.example.org. 3600 IN TXT "v=DKIM1; k=rsa; p=MIGf…" "…"
 *	sel._domainkey.example.org v=DKIM1; k=rsa; p=MIGf…
 *
 * Lines that are empty or begin with ';' or '#' say nothing; nor do records of other names than
 * "SELECTOR._domainkey.DOMAIN".  A name may have several: selectors are used again over the years.
 */
struct dkim_keys;

/* NULL and err, with the line, for a line that is none of these.  Copies what it keeps. */
MUST struct dkim_keys *dkim_keys_read(struct str text, struct err *err);
void dkim_keys_free(struct dkim_keys *k);

#endif
