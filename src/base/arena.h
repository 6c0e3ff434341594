#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

/*
 * Memory that dies together.  Three lifetimes in spoor: a record (rewound after each
 * event), a batch (a segment, a format program), a run.  Allocation never returns NULL;
 * what it returns is not cleared (arena_zalloc clears).  Under AddressSanitizer every
 * allocation is a block of its own, so that an overrun or a use after rewind is seen.
 * An all-zero struct is an empty arena.
 */
struct arena {
	struct arena_block *top;
	struct arena_block *spare; /* kept by rewind for the next record */
};

struct arena_mark {
	struct arena_block *block;
	size_t used;
};

void *arena_alloc(struct arena *a, size_t size);
void *arena_zalloc(struct arena *a, size_t size);
void *arena_array(struct arena *a, size_t n, size_t size); /* overflow is a BUG */
struct str arena_dup(struct arena *a, struct str s);       /* NUL-terminated too */
struct str arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
struct arena_mark arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark m);
void arena_release(struct arena *a);

#define arena_new(a, type) ((type *)arena_zalloc((a), sizeof(type)))

#endif
