#include "base/bytes.h"
#include "store/textcuts.h"
#include "store/textpack.h"

bool phrases_open(struct str section, struct phrases *ret_ph)
{
	if (section.n < 4 || load_u32(section.p) > PHRASES_MAX)
		return false;
	uint32_t n = load_u32(section.p);
	if (section.n < 4 + ((size_t)n + 1) * 4)
		return false;
	*ret_ph = (struct phrases){(const uint8_t *)section.p, n, section.n};
	return true;
}

bool phrase_at(const struct phrases *ph, uint32_t i, struct str *ret_s)
{
	if (i >= ph->n)
		return false;
	const uint8_t *at = ph->table + 4 + (size_t)i * 4;
	size_t base = 4 + ((size_t)ph->n + 1) * 4;
	uint32_t from = load_u32(at), to = load_u32(at + 4);
	if (to > ph->len - base || from > to)
		return false;
	*ret_s = (struct str){(const char *)ph->table + base + from, to - from};
	return true;
}

static void unhex_run(const uint8_t *p, size_t n, bool upper, char *to)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		to[2 * i] = digits[p[i] >> 4];
		to[2 * i + 1] = digits[p[i] & 15];
	}
}

static void unpack_guid(const uint8_t *p, bool upper, char *to)
{
	static const uint8_t parts[] = {4, 2, 2, 2, 6};

	for (unsigned i = 0; i < 5; i++) {
		unhex_run(p, parts[i], upper, to);
		p += parts[i];
		to += 2 * parts[i];
		if (i < 4)
			*to++ = '-';
	}
}

bool text_unpack(const struct phrases *ph, const uint8_t *p, size_t n, char *room, size_t *ret_n)
{
	const uint8_t *end = p + n;
	size_t at = 0, len, take;

	for (; p < end; p += take) {
		unsigned c = *p++;
		struct str s;
		if (c < HEX_LOWER) {
			take = len = c + 1;
		} else if (c < PHRASE) {
			take = (c & 63) + 1;
			len = 2 * take;
		} else if (c < GUID_LOWER) {
			if (p == end || !phrase_at(ph, (c & 31) << 8 | *p, &s))
				return false;
			take = 1;
			len = s.n;
		} else if (c <= GUID_UPPER) {
			take = 16;
			len = 36;
		} else {
			return false;
		}
		if (take > (size_t)(end - p) || len > TEXT_MAX - at)
			return false;
		if (c < HEX_LOWER)
			memcpy(room + at, p, len);
		else if (c < PHRASE)
			unhex_run(p, take, c >= HEX_UPPER, room + at);
		else if (c < GUID_LOWER)
			memcpy(room + at, s.p, len);
		else
			unpack_guid(p, c == GUID_UPPER, room + at);
		at += len;
	}
	*ret_n = at;
	return true;
}
