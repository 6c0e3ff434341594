#include "text/base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum { NO_DIGIT = -1, BLANK = -2 };

static const signed char *table(void)
{
	static signed char of[256];

	if (of['B'])
		return of;
	memset(of, NO_DIGIT, sizeof(of));
	for (int i = 0; i < 64; i++)
		of[(unsigned char)digits[i]] = (signed char)i;
	of['-'] = 62;
	of['_'] = 63;
	of[' '] = of['\t'] = of['\r'] = of['\n'] = BLANK;
	return of;
}

int base64_digit(char c)
{
	int d = table()[(unsigned char)c];

	return d < 0 ? -1 : d;
}

struct base64_run base64_read(struct str s, char *room)
{
	const signed char *of = table();
	struct base64_run r = {0};
	uint32_t bits = 0;

	for (size_t i = 0; i < s.n; i++) {
		int d = of[(unsigned char)s.p[i]];
		if (d < 0) {
			r.other |= d == NO_DIGIT;
			continue;
		}
		bits = bits << 6 | (uint32_t)d;
		r.left += 6;
		if (r.left >= 8) {
			r.left -= 8;
			room[r.n++] = (char)(bits >> r.left);
		}
	}
	return r;
}

void base64_add(struct buf *out, struct str s, size_t line)
{
	size_t in_line = 0;

	buf_reserve(out, s.n / 3 * 4 + 4 + (line ? s.n / line * 2 + 2 : 0));
	for (size_t i = 0; i < s.n; i += 3) {
		size_t n = s.n - i < 3 ? s.n - i : 3;
		uint32_t v = (uint32_t)(unsigned char)s.p[i] << 16;
		if (n > 1)
			v |= (uint32_t)(unsigned char)s.p[i + 1] << 8;
		if (n > 2)
			v |= (unsigned char)s.p[i + 2];
		const char four[4] = {digits[v >> 18], digits[v >> 12 & 63],
			n > 1 ? digits[v >> 6 & 63] : '=', n > 2 ? digits[v & 63] : '='};
		buf_add(out, four, 4);
		in_line += 4;
		if (line && in_line >= line) {
			buf_putc(out, '\n');
			in_line = 0;
		}
	}
	if (line && in_line)
		buf_putc(out, '\n');
}
