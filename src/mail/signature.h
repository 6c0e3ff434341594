#ifndef MAIL_SIGNATURE_H
#define MAIL_SIGNATURE_H

#include "base/when.h"
#include "mail/taglist.h"

/*
 * A signature as it is written: DKIM-Signature (RFC 6376 §3.5), ARC-Message-Signature and
 * ARC-Seal (RFC 8617 §4.1.2, §4.1.3), which say almost the same in the same words.
 */
enum signature_kind { SIGNATURE_DKIM, SIGNATURE_AMS, SIGNATURE_AS };

enum signature_algorithm { SIGNATURE_RSA_SHA1, SIGNATURE_RSA_SHA256, SIGNATURE_ED25519_SHA256 };

struct signature {
	struct taglist tags;
	/* As written, "" where they are not. */
	struct str domain, selector, identity, algorithm;
	struct str headers; /* h=, names between colons */
	struct str cv;      /* of a seal */
	uint64_t instance;  /* of ARC, 1 to 50; 0 where it is wrong */
	/* Only when it is well-formed: */
	enum signature_algorithm how;
	bool relaxed_header, relaxed_body;
	struct str b, bh;                  /* decoded */
	uint64_t length;                   /* l=, UINT64_MAX without */
	struct when signed_at, expires_at; /* t= and x=, WHEN_NONE without */
};

/* NULL if it is well-formed, else what is wrong; then what could be read is there. */
const char *signature_read(
	struct arena *a, struct str value, enum signature_kind kind, struct signature *ret);

#endif
