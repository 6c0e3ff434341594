#ifndef MAIL_DIGEST_H
#define MAIL_DIGEST_H

#include "base/str.h"

/* MD5, SHA-1 and SHA-256 of a file, in hex: what lists of indicators know attachments by. */
struct digests {
	char md5[33], sha1[41], sha256[65];
};

void digests_of(struct str bytes, struct digests *ret);

#endif
