#include "text/utf8.h"

int utf8_step(const char *p, const char *end)
{
	/* RFC 3629 section 4: which second byte may follow a lead byte, and how many bytes. */
	unsigned char c = (unsigned char)*p, low = 0x80, high = 0xbf;
	int n;

	if (c < 0x80)
		return 1;
	if (c < 0xc2 || c > 0xf4)
		return -1;
	n = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	if (c == 0xe0)
		low = 0xa0;
	else if (c == 0xed)
		high = 0x9f;
	else if (c == 0xf0)
		low = 0x90;
	else if (c == 0xf4)
		high = 0x8f;
	for (int i = 1; i < n; i++) {
		if (end - p <= i || (unsigned char)p[i] < low || (unsigned char)p[i] > high)
			return -i;
		low = 0x80;
		high = 0xbf;
	}
	return n;
}

size_t utf8_put(uint32_t c, char ret_bytes[4])
{
	if (c < 0x80) {
		ret_bytes[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		ret_bytes[0] = (char)(0xc0 | c >> 6);
		ret_bytes[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		ret_bytes[0] = (char)(0xe0 | c >> 12);
		ret_bytes[1] = (char)(0x80 | (c >> 6 & 0x3f));
		ret_bytes[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	ret_bytes[0] = (char)(0xf0 | c >> 18);
	ret_bytes[1] = (char)(0x80 | (c >> 12 & 0x3f));
	ret_bytes[2] = (char)(0x80 | (c >> 6 & 0x3f));
	ret_bytes[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}
