#include "text/encoding.h"

#include "text/utf8.h"

/* What PowerShell's ">" writes: UTF-16, with a byte order mark or, cut or joined, without. */
static struct str from_utf16(struct arena *a, struct str s, size_t from, bool big)
{
	char *room = arena_alloc(a, s.n / 2 * 3 + 4);
	size_t n = 0;

	for (size_t i = from; i + 1 < s.n; i += 2) {
		const unsigned char *p = (const unsigned char *)s.p + i;
		uint32_t c = big ? p[0] << 8 | p[1] : p[1] << 8 | p[0];
		if (c >= 0xd800 && c < 0xdc00 && i + 3 < s.n) {
			uint32_t low = big ? p[2] << 8 | p[3] : p[3] << 8 | p[2];
			if (low >= 0xdc00 && low < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
				i += 2;
			}
		}
		n += utf8_put(c, room + n);
	}
	return (struct str){room, n};
}

/* Text of ASCII in UTF-16 has a zero in each pair of bytes: always at the same place. */
static bool has_zeros(struct str s, size_t at)
{
	size_t zeros = 0, pairs, other = 0;

	s = str_upto(s, 512);
	pairs = s.n / 2;
	for (size_t i = 0; i < pairs; i++) {
		zeros += s.p[2 * i + at] == 0;
		other += s.p[2 * i + 1 - at] == 0;
	}
	return pairs >= 4 && other == 0 && zeros * 10 >= pairs * 9;
}

struct str text_as_utf8(struct arena *a, struct str s)
{
	if (str_starts(s, STR("\xff\xfe")))
		return from_utf16(a, s, 2, false);
	if (str_starts(s, STR("\xfe\xff")))
		return from_utf16(a, s, 2, true);
	if (has_zeros(s, 1))
		return from_utf16(a, s, 0, false);
	if (has_zeros(s, 0))
		return from_utf16(a, s, 0, true);
	return str_starts(s, STR("\xef\xbb\xbf")) ? str_from(s, 3) : s;
}
