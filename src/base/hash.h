#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/str.h"

/* SHA-256 (FIPS 180-4) by OpenSSL, its method fetched once (SPEED: 77 ns a block). */
struct sha256 {
	uint8_t b[32];
};

struct sha256 sha256_of(struct str s);
struct sha256 sha256_of3(struct str a, struct str b, struct str c); /* of a ‖ b ‖ c */
bool sha256_eq(struct sha256 a, struct sha256 b);
void sha256_hex(struct sha256 h, char ret_hex[65]);
bool sha256_unhex(struct str hex, struct sha256 *ret_h);

/* The same over a stream; free with the result or with _free. */
struct sha256_ctx *sha256_begin(void);
void sha256_add(struct sha256_ctx *c, struct str s);
struct sha256 sha256_end(struct sha256_ctx *c); /* frees c */
void sha256_free(struct sha256_ctx *c);

void hex_write(const void *bytes, size_t n, char *ret_hex); /* 2n lower-case digits, no NUL */

/* XXH3 (64 bits), the key hash of dictionaries; unkeyed, so a hit is always compared too. */
uint64_t hash64(const void *p, size_t n, uint64_t seed);

#endif
