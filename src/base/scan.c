#include "base/scan.h"

void scan_fail(struct scan *sc, const char *what)
{
	if (!sc->fail)
		sc->fail = what;
}

bool scan_try(struct scan *sc, struct str lit)
{
	if (sc->fail || scan_left(sc) < lit.n)
		return false;
	if (lit.n && memcmp(sc->p, lit.p, lit.n) != 0)
		return false;
	sc->p += lit.n;
	return true;
}

void scan_expect(struct scan *sc, struct str lit, const char *what)
{
	if (!scan_try(sc, lit))
		scan_fail(sc, what);
}

struct str scan_until(struct scan *sc, char stop)
{
	if (sc->fail || sc->p == sc->end)
		return STR("");
	const char *from = sc->p;
	const char *hit = memchr(from, stop, (size_t)(sc->end - from));
	sc->p = hit ? hit : sc->end;
	return (struct str){from, (size_t)(sc->p - from)};
}

struct str scan_take(struct scan *sc, size_t n, const char *what)
{
	if (sc->fail)
		return STR("");
	if (scan_left(sc) < n) {
		scan_fail(sc, what);
		return STR("");
	}
	struct str s = {sc->p, n};
	sc->p += n;
	return s;
}

static uint64_t take_le(struct scan *sc, size_t n, const char *what)
{
	struct str s = scan_take(sc, n, what);
	uint64_t v = 0;

	for (size_t i = 0; i < s.n; i++)
		v |= (uint64_t)(unsigned char)s.p[i] << (8 * i);
	return v;
}

uint8_t scan_u8(struct scan *sc, const char *what)
{
	return (uint8_t)take_le(sc, 1, what);
}

uint16_t scan_u16(struct scan *sc, const char *what)
{
	return (uint16_t)take_le(sc, 2, what);
}

uint32_t scan_u32(struct scan *sc, const char *what)
{
	return (uint32_t)take_le(sc, 4, what);
}

uint64_t scan_u64(struct scan *sc, const char *what)
{
	return take_le(sc, 8, what);
}

uint64_t scan_varint(struct scan *sc, const char *what)
{
	uint64_t v = 0;

	if (sc->fail)
		return 0;
	for (unsigned shift = 0; shift < 70; shift += 7) {
		if (sc->p == sc->end)
			break;
		unsigned char c = (unsigned char)*sc->p++;
		if ((shift == 63 && c > 1) || (shift && c == 0))
			break;
		v |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80))
			return v;
	}
	scan_fail(sc, what);
	return 0;
}

struct str scan_text(struct scan *sc)
{
	uint64_t n = scan_varint(sc, "length of a text");

	if (n > scan_left(sc)) {
		scan_fail(sc, "a text");
		return STR("");
	}
	return scan_take(sc, (size_t)n, "a text");
}
