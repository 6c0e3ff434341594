#include "store/big.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/err.h"

#define HUGE_PAGE ((size_t)2 << 20)
#define LARGE ((size_t)256 << 10)

static void *take(size_t n, size_t *ret_cap, size_t size)
{
	size_t bytes;
	void *p;

	if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX / 2)
		BUG("big: %zu times %zu bytes asked for", n, size);
	if (bytes < LARGE) {
		p = malloc(bytes);
	} else {
		bytes = (bytes + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
		p = aligned_alloc(HUGE_PAGE, bytes);
		if (p)
			(void)madvise(p, bytes, MADV_HUGEPAGE);
	}
	if (!p)
		BUG("out of memory");
	*ret_cap = bytes / size;
	return p;
}

void *big_grow(void *at, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return at;
	void *p = take(*cap * 2 + 64, cap, size);
	if (n)
		memcpy(p, at, n * size);
	free(at);
	return p;
}

void *big_room(void *at, size_t n, size_t *cap, size_t size)
{
	if (n <= *cap && at)
		return at;
	free(at);
	return take(n ? n : 1, cap, size);
}

void big_free(void *at)
{
	free(at);
}

void big_advise(void *at, size_t bytes)
{
	uintptr_t from = ((uintptr_t)at + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1);
	uintptr_t to = ((uintptr_t)at + bytes) & ~(uintptr_t)(HUGE_PAGE - 1);

	if (from < to)
		(void)madvise((char *)at + (from - (uintptr_t)at), to - from, MADV_HUGEPAGE);
}
