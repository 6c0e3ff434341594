#ifndef BASE_SCAN_H
#define BASE_SCAN_H

#include "base/str.h"

/*
 * A read cursor over hostile bytes.  The first failure sticks: later reads return zero
 * values and leave the cursor alone, so a parser reads straight down its grammar and asks
 * scan_ok() once at the end (Knot DNS's wire_ctx, dav1d's getbits).
 */
struct scan {
	const char *p, *end, *start;
	const char *fail; /* what was expected, NULL while all is well */
};

static inline struct scan scan_of(struct str s)
{
	return (struct scan){.p = s.p, .end = s.n ? s.p + s.n : s.p, .start = s.p};
}

static inline bool scan_ok(const struct scan *sc)
{
	return sc->fail == NULL;
}

static inline size_t scan_offset(const struct scan *sc)
{
	return (size_t)(sc->p - sc->start);
}

static inline size_t scan_left(const struct scan *sc)
{
	return (size_t)(sc->end - sc->p);
}

bool scan_try(struct scan *sc, struct str lit);
void scan_expect(struct scan *sc, struct str lit, const char *what);
void scan_fail(struct scan *sc, const char *what);
struct str scan_until(struct scan *sc, char stop); /* stops before `stop` or at the end */
struct str scan_take(struct scan *sc, size_t n, const char *what);
/* Little-endian integers and LEB128 varints (at most 10 bytes, no overlong tail). */
uint8_t scan_u8(struct scan *sc, const char *what);
uint16_t scan_u16(struct scan *sc, const char *what);
uint32_t scan_u32(struct scan *sc, const char *what);
uint64_t scan_u64(struct scan *sc, const char *what);
uint64_t scan_varint(struct scan *sc, const char *what);
struct str scan_text(struct scan *sc); /* what buf_text put */

#endif
