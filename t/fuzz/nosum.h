#ifndef T_FUZZ_NOSUM_H
#define T_FUZZ_NOSUM_H

/*
 * Linked in place of base/hash.c: checksums are always 0, so that a fuzzer's changes get past
 * them, while keys of observables are what they are.  Keys are told by their seed, kind and form.
 */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/err.h"
#include "base/hash.h"

uint64_t hash64(const void *p, size_t n, uint64_t seed)
{
	bool address = n <= 16 && seed <= 4 && seed > 0;

	return seed > 255 || address ? XXH3_64bits_withSeed(p, n, seed) : 0;
}

void hex_write(const void *bytes, size_t n, char *ret_hex)
{
	(void)bytes;
	memset(ret_hex, '0', 2 * n);
}

#define LAW(cond)                                                                                  \
	do {                                                                                       \
		if (!(cond))                                                                       \
			BUG("law broken: %s", #cond);                                              \
	} while (0)

#endif
