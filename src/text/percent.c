#include "text/percent.h"

enum {
	F = PERCENT_FRAGMENT,
	Q = PERCENT_QUERY,
	S = PERCENT_SPECIAL_QUERY,
	P = PERCENT_PATH,
	U = PERCENT_USERINFO,
};

/* Which sets a printable byte is in: URL Standard §1.3, "percent-encode sets". */
static const uint8_t sets[128] = {
	[' '] = F | Q | S | P | U,
	['"'] = F | Q | S | P | U,
	['<'] = F | Q | S | P | U,
	['>'] = F | Q | S | P | U,
	['`'] = F | P | U,
	['#'] = Q | S | P | U,
	['\''] = S,
	['?'] = P | U,
	['^'] = P | U,
	['{'] = P | U,
	['}'] = P | U,
	['/'] = U,
	[':'] = U,
	[';'] = U,
	['='] = U,
	['@'] = U,
	['['] = U,
	['\\'] = U,
	[']'] = U,
	['|'] = U,
};

char *percent_encode(char *to, struct str s, enum percent_set set)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c >= 0x20 && c <= 0x7e && !(sets[c] & set)) {
			*to++ = (char)c;
			continue;
		}
		*to++ = '%';
		*to++ = digits[c >> 4];
		*to++ = digits[c & 15];
	}
	return to;
}

struct str percent_decode(struct str s, char *room)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int hi = -1, lo = -1;
		if (s.p[i] == '%' && s.n - i > 2) {
			hi = hex_digit(s.p[i + 1]);
			lo = hex_digit(s.p[i + 2]);
		}
		if (hi >= 0 && lo >= 0) {
			room[n++] = (char)(hi << 4 | lo);
			i += 2;
		} else {
			room[n++] = s.p[i];
		}
	}
	return (struct str){room, n};
}
