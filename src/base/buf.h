#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>

#include "base/str.h"

/*
 * A growing run of bytes that it owns.  An all-zero struct is an empty buf.  Growth may
 * move the bytes: a str taken from a buf is valid until the next call that adds to it.
 */
struct buf {
	char *p;
	size_t n, cap;
};

void buf_reserve(struct buf *b, size_t more); /* room for `more` bytes after b->n */
void buf_add(struct buf *b, const void *p, size_t n);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_clear(struct buf *b); /* keeps the memory */
void buf_release(struct buf *b);

static inline void buf_str(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.n);
}

static inline void buf_putc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

static inline struct str buf_view(const struct buf *b)
{
	return (struct str){b->p, b->n};
}

/* Little-endian integers and LEB128 varints, the building stones of our files. */
void buf_u16(struct buf *b, uint16_t v);
void buf_u32(struct buf *b, uint32_t v);
void buf_u64(struct buf *b, uint64_t v);
void buf_varint(struct buf *b, uint64_t v);
void buf_text(struct buf *b, struct str s); /* its length as a varint, then its bytes */

#endif
