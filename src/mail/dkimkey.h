#ifndef MAIL_DKIMKEY_H
#define MAIL_DKIMKEY_H

#include "base/err.h"
#include "base/hash.h"

/*
 * Public keys of DKIM and ARC (RFC 6376 §3.6.1, RFC 8463 §4) as they were recorded once: spoor
 * never asks the DNS.  One TXT record a line, as a zone file or dig(1) has it, or name and text:
 *
 *	sel._domainkey.example.org. 3600 IN TXT "v=DKIM1; k=rsa; p=MIGf…" "…"
 *	sel._domainkey.example.org v=DKIM1; k=rsa; p=MIGf…
 *
 * Lines that are empty or begin with ';' or '#' say nothing; nor do records of other types, and
 * TXT records of other names than "SELECTOR._domainkey.DOMAIN".  A name may stand more than once: selectors are used again over
 * the years, and a signature passes if one of the keys fits.
 */
struct dkim_keys;

enum dkim_key_kind {
	DKIM_KEY_BAD, /* not a key, or of a kind that nobody verifies */
	DKIM_KEY_REVOKED,
	DKIM_KEY_RSA,
	DKIM_KEY_ED25519,
};

struct dkim_key {
	struct str name; /* lower case, no dot at the end */
	enum dkim_key_kind kind;
	struct evp_pkey_st *pkey; /* OpenSSL's; NULL of the first two kinds */
	unsigned bits;
	struct sha256 hash; /* of the bytes of p= */
	bool no_sha1, no_sha256;
	bool testing; /* t=y */
	bool strict;  /* t=s: i= must name the very domain */
};

/*
 * NULL and err, with the line, for a line that is none of these.  A record that isn't a key is
 * one of kind BAD.  Every key is decoded here, so that nothing is loaded where a mail is read.
 */
MUST struct dkim_keys *dkim_keys_read(struct str text, struct err *err);
void dkim_keys_free(struct dkim_keys *k);

/* The keys of a selector, *ret_n of them one behind the other. */
const struct dkim_key *dkim_keys_find(
	const struct dkim_keys *k, struct str selector, struct str domain, size_t *ret_n);

#endif
