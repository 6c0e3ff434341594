#include "base/hash.h"

#include <openssl/evp.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/err.h"

static const EVP_MD *method(void)
{
	static EVP_MD *md;

	if (!md)
		md = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (!md)
		BUG("OpenSSL has no SHA256");
	return md;
}

struct sha256_ctx *sha256_begin(void)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();

	if (!c || !EVP_DigestInit_ex2(c, method(), NULL))
		BUG("SHA-256 can't be started");
	return (struct sha256_ctx *)c;
}

void sha256_add(struct sha256_ctx *c, struct str s)
{
	if (s.n && !EVP_DigestUpdate((EVP_MD_CTX *)c, s.p, s.n))
		BUG("SHA-256 failed");
}

struct sha256 sha256_end(struct sha256_ctx *c)
{
	struct sha256 h;

	if (!EVP_DigestFinal_ex((EVP_MD_CTX *)c, h.b, NULL))
		BUG("SHA-256 failed");
	sha256_free(c);
	return h;
}

void sha256_free(struct sha256_ctx *c)
{
	EVP_MD_CTX_free((EVP_MD_CTX *)c);
}

struct sha256 sha256_of3(struct str a, struct str b, struct str c)
{
	static EVP_MD_CTX *ctx;
	struct sha256 h;

	if (!ctx)
		ctx = EVP_MD_CTX_new();
	if (!ctx || !EVP_DigestInit_ex2(ctx, method(), NULL) || !EVP_DigestUpdate(ctx, a.p, a.n) ||
		!EVP_DigestUpdate(ctx, b.p, b.n) || !EVP_DigestUpdate(ctx, c.p, c.n) ||
		!EVP_DigestFinal_ex(ctx, h.b, NULL))
		BUG("SHA-256 failed");
	return h;
}

struct sha256 sha256_of(struct str s)
{
	return sha256_of3(s, STR(""), STR(""));
}

bool sha256_eq(struct sha256 a, struct sha256 b)
{
	return memcmp(a.b, b.b, sizeof(a.b)) == 0;
}

void hex_write(const void *bytes, size_t n, char *ret_hex)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *b = bytes;

	for (size_t i = 0; i < n; i++) {
		ret_hex[2 * i] = digits[b[i] >> 4];
		ret_hex[2 * i + 1] = digits[b[i] & 15];
	}
}

void sha256_hex(struct sha256 h, char ret_hex[65])
{
	hex_write(h.b, sizeof(h.b), ret_hex);
	ret_hex[64] = '\0';
}

bool sha256_unhex(struct str hex, struct sha256 *ret_h)
{
	struct sha256 h;

	if (hex.n != 64)
		return false;
	for (size_t i = 0; i < 32; i++) {
		int hi = hex_digit(hex.p[2 * i]), lo = hex_digit(hex.p[2 * i + 1]);
		if (hi < 0 || lo < 0)
			return false;
		h.b[i] = (uint8_t)(hi << 4 | lo);
	}
	*ret_h = h;
	return true;
}

uint64_t hash64(const void *p, size_t n, uint64_t seed)
{
	return XXH3_64bits_withSeed(p, n, seed);
}
