#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"

/* tarantool/small does this: under ASAN each allocation gets a block of its own. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define ALONE
#endif
#endif
#if defined(ALONE) || defined(__SANITIZE_ADDRESS__)
enum { BLOCK = 0 };
#else
enum { BLOCK = 64 * 1024 };
#endif

struct arena_block {
	struct arena_block *below;
	size_t used, size;
	alignas(max_align_t) char mem[];
};

static struct arena_block *block_push(struct arena *a, size_t size)
{
	struct arena_block *b = a->spare;

	if (b && b->size >= size) {
		a->spare = NULL;
	} else {
		if (size > SIZE_MAX - sizeof(*b))
			BUG("arena: %zu bytes asked for", size);
		b = malloc(sizeof(*b) + size);
		if (!b)
			BUG("out of memory");
		b->size = size;
	}
	b->below = a->top;
	b->used = 0;
	a->top = b;
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct arena_block *b = a->top;
	size_t at = b ? (b->used + align - 1) & ~(align - 1) : 0;

	if (!b || at > b->size || b->size - at < size) {
		b = block_push(a, size > BLOCK ? size : BLOCK);
		at = 0;
	}
	b->used = at + size;
	return b->mem + at;
}

void *arena_zalloc(struct arena *a, size_t size)
{
	return memset(arena_alloc(a, size), 0, size);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		BUG("arena: %zu times %zu bytes asked for", n, size);
	return arena_alloc(a, bytes);
}

struct str arena_dup(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return (struct str){p, s.n};
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		BUG("vsnprintf failed on '%s'", fmt);
	char *p = arena_alloc(a, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return (struct str){p, (size_t)n};
}

struct arena_mark arena_mark(const struct arena *a)
{
	return (struct arena_mark){a->top, a->top ? a->top->used : 0};
}

void arena_rewind(struct arena *a, struct arena_mark m)
{
	while (a->top != m.block) {
		struct arena_block *b = a->top;
		a->top = b->below;
		if (!a->spare && BLOCK > 0 && b->size == BLOCK)
			a->spare = b;
		else
			free(b);
	}
	if (a->top)
		a->top->used = m.used;
}

void arena_release(struct arena *a)
{
	arena_rewind(a, (struct arena_mark){0});
	free(a->spare);
	a->spare = NULL;
}
