#include "text/utf8.h"

#include "t/tap.h"
#include "t/text/json_law.h"

int main(void)
{
	/* Unicode 15 section 3.9, tables 3-8 to 3-11: how ill-formed bytes fall into subparts. */
	static const struct {
		struct str s;
		int steps[9];
	} cases[] = {
		{STR("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41"), {-1, -1, -1, -1, -1, -1, -1, -1, 1}},
		{STR("\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41"), {-1, -1, -1, -1, -1, -1, -1, -1, 1}},
		{STR("\xf4\x91\x92\x93\xff\x41\x80\xbf\x42"), {-1, -1, -1, -1, -1, 1, -1, -1, 1}},
		{STR("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41"), {-2, -1, -3, -2, 1}},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *p = cases[i].s.p, *end = p + cases[i].s.n;
		bool good = true;
		for (int k = 0; p < end; k++) {
			int step = utf8_step(p, end);
			good &= step == cases[i].steps[k];
			p += step < 0 ? -step : step;
		}
		ok(good && p == end);
	}
	/* All code points, against RFC 3629's grammar. */
	bool good = true, cut = true;
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		char bytes[4];
		size_t n = utf8_put(c, bytes);
		bool surrogate = c >= 0xd800 && c <= 0xdfff;
		int step = utf8_step(bytes, bytes + n);
		good &= surrogate ? step == -1 : step == (int)n;
		good &= law_utf8((const unsigned char *)bytes, n) == (surrogate ? 0 : n);
		for (size_t k = 1; k < n; k++)
			cut &= surrogate || utf8_step(bytes, bytes + k) == -(int)k;
	}
	ok(good);
	ok(cut);
	return tap_end();
}
