#include "base/vec.h"

#include <stdlib.h>

#include "base/err.h"

void *vec_grow(void *at, size_t n, size_t *cap, size_t size)
{
	size_t bytes;

	if (n < *cap)
		return at;
	size_t want = *cap + *cap / 2 + 16;
	if (__builtin_mul_overflow(want, size, &bytes))
		BUG("vec: %zu times %zu bytes asked for", want, size);
	at = realloc(at, bytes);
	if (!at)
		BUG("out of memory");
	*cap = want;
	return at;
}

void vec_free(void *at)
{
	free(at);
}
