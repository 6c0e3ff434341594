#include "mail/digest.h"

#include <openssl/evp.h>

#include "base/err.h"
#include "base/hash.h"

/* Fetched once: a fetch costs more than a small digest. */
static void digest(const char *name, EVP_MD **inout_md, struct str bytes, char *ret_hex)
{
	unsigned char out[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (!*inout_md)
		*inout_md = EVP_MD_fetch(NULL, name, NULL);
	if (!*inout_md || !EVP_Digest(bytes.n ? bytes.p : "", bytes.n, out, &n, *inout_md, NULL))
		BUG("libcrypto has no %s", name);
	hex_write(out, n, ret_hex);
	ret_hex[2 * n] = '\0';
}

void digests_of(struct str bytes, struct digests *ret)
{
	static EVP_MD *md5, *sha1;

	digest("MD5", &md5, bytes, ret->md5);
	digest("SHA1", &sha1, bytes, ret->sha1);
	sha256_hex(sha256_of(bytes), ret->sha256);
}
