#ifndef MAIL_DKIM_H
#define MAIL_DKIM_H

#include "base/buf.h"
#include "mail/dkimkey.h"
#include "mail/header.h"
#include "mail/signature.h"

/*
 * Verification of signatures (RFC 6376 §6.1, RFC 8463; RFC 8617 uses the same) with recorded
 * keys.  What can be told without a key is told: whether the body is the one that was signed.
 */
enum dkim_verdict {
	DKIM_PASS,
	DKIM_FAIL,
	DKIM_NO_KEY,      /* none was recorded */
	DKIM_REVOKED,     /* the recorded key is an empty one */
	DKIM_EXPIRED,     /* x= was before the mail came in */
	DKIM_MALFORMED,   /* not a signature that RFC 6376 allows */
	DKIM_UNSUPPORTED, /* an algorithm, form or key that we don't know */
};

struct dkim_result {
	enum dkim_verdict verdict;
	const char *why; /* NULL where the verdict says it all */
	bool body_known, body_matches;
	bool signature_known, signature_matches; /* known: there was a key to try */
	bool unquoted;                           /* the body matches once mbox quoting is undone */
	uint64_t unsigned_bytes;                 /* of the body, behind l= */
	const struct dkim_key *key;
	bool weak; /* rsa-sha1, or a key below 1024 bits: RFC 8301 takes neither any more */
};

/* A mail whose signatures are verified; hashes of its body are kept for the next one. */
struct dkim_mail;

/* Everything that is passed is borrowed; free with dkim_mail_free. */
struct dkim_mail *dkim_mail_new(
	struct arena *a, const struct mail_header *headers, size_t n, struct str body);
void dkim_mail_free(struct dkim_mail *m);

/*
 * The signature in headers[at] (SIGNATURE_DKIM or SIGNATURE_AMS).  received: when the mail came
 * in, WHEN_NONE if that isn't known; then nothing has expired.
 */
struct dkim_result dkim_verify(struct dkim_mail *m, size_t at, const struct signature *s,
	const struct dkim_keys *keys, struct when received);

/* Whether a key signed the text so (SIGNATURE_AS too): fills in what concerns the signature. */
void dkim_verify_text(struct str text, const struct signature *s, const struct dkim_keys *keys,
	struct dkim_result *r);

const char *dkim_verdict_name(enum dkim_verdict v); /* "no-key" */

#endif
