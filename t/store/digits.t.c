/* Digits apart: known answers of spoor-batch(5), and everything comes back, by an oracle too. */
#include "store/digits.h"

#include "t/store/world.h"

#define G_LOW "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
#define G_UP "0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9"
#define G_BYTES "\x0a\x1b\x2c\x3d\x4e\x5f\x60\x71\x82\x93\xa4\xb5\xc6\xd7\xe8\xf9"
#define D8 "0123abcd"
#define D8_BYTES "\x01\x23\xab\xcd"
#define D32 D8 D8 D8 D8
#define D32_BYTES D8_BYTES D8_BYTES D8_BYTES D8_BYTES
#define D128 D32 D32 D32 D32

static const struct {
	struct str in, text, digits;
} packed[] = {
	{STR("<" G_LOW ">"), STR("<\x01\x01>"), STR(G_BYTES)},
	{STR("{" G_UP "}"), STR("{\x01\x11}"), STR(G_BYTES)},
	{STR(D8 D8), STR("\x01\x02"), STR(D8_BYTES D8_BYTES)},
	{STR("FEDCBA9876543210x"), STR("\x01\x12x"), STR("\xfe\xdc\xba\x98\x76\x54\x32\x10")},
	/* Eights only: what is over stays text. */
	{STR("a" D32 "01234"),
		STR("\x01\x04"
		    "d01234"),
		STR("\xa0\x12\x3a\xbc\xd0\x12\x3a\xbc\xd0\x12\x3a\xbc\xd0\x12\x3a\xbc")},
	{STR("-" D128 D8), STR("-\x01\x10" D8), STR(D32_BYTES D32_BYTES D32_BYTES D32_BYTES)},
	{STR(D128 D8 D8), STR("\x01\x10\x01\x02"),
		STR(D32_BYTES D32_BYTES D32_BYTES D32_BYTES D8_BYTES D8_BYTES)},
	/* The byte of marks, in the text and at its ends. */
	{STR("\x01" D32 "\x01\x01"), STR("\x01\x00\x01\x04\x01\x00\x01\x00"), STR(D32_BYTES)},
	/* Two cases in a run: as far as the first one goes. */
	{STR(D8 D8 "ABCDEFABCDEF0123"), STR("\x01\x02\x01\x12"),
		STR(D8_BYTES D8_BYTES "\xab\xcd\xef\xab\xcd\xef\x01\x23")},
	{STR("zz" G_LOW G_LOW), STR("zz\x01\x01\x01\x01"), STR(G_BYTES G_BYTES)},
};

static const struct str plain[] = {
	STR(""),
	STR("x"),
	STR("\x01"),
	STR("no digits to speak of, bad cafe"),
	STR("0123456789012345678901234567890123456789"), /* a number */
	STR("0a1b2c3d4e5f607"),                          /* fifteen */
	STR("0a1b2C3D4e5f6071"),
	STR("0a1b2c3d-4e5f-6071-8293-A4B5C6D7E8F9"), /* of two cases */
	STR("0a1b2c3d-4e5f-6071-8293_a4b5c6d7e8f9"),
	STR("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f"),
	STR("a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"),
};

static void test_known(void)
{
	for (size_t i = 0; i < sizeof(packed) / sizeof(packed[0]); i++) {
		struct buf text = {0}, digits = {0}, back = {0};
		buf_add(&text, "t", 1);
		buf_add(&digits, "d", 1);
		ok(digits_pack(packed[i].in, &text, &digits));
		if (!ok(str_eq(str_from(buf_view(&text), 1), packed[i].text)) ||
			!ok(str_eq(str_from(buf_view(&digits), 1), packed[i].digits)))
			printf("# case %zu\n", i);
		ok(digits_unpack(packed[i].text, packed[i].digits, packed[i].in.n, &back));
		ok(str_eq(buf_view(&back), packed[i].in));
		buf_release(&text);
		buf_release(&digits);
		buf_release(&back);
	}
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		struct buf text = {0}, digits = {0};
		if (!ok(!digits_pack(plain[i], &text, &digits) && text.n == 0 && digits.n == 0))
			printf("# case %zu\n", i);
		buf_release(&text);
		buf_release(&digits);
	}
}

static void test_refused(void)
{
	static const struct {
		struct str text, digits;
		size_t n;
	} cases[] = {
		{STR("a\x01"), STR(D32_BYTES), 33},
		{STR("\x01\x04"), STR(D8_BYTES D8_BYTES D8_BYTES), 32},
		{STR("\x01\x04"), STR(D32_BYTES), 31},
		{STR("\x01\x04"), STR(D32_BYTES), 33},
		{STR("\x01\x04"), STR(D32_BYTES "\x00"), 32},
		{STR("\x01\x04"), STR(""), 32},
		{STR("\x01\x01"), STR(G_BYTES), 35},
		{STR("\x01\x11"), STR(D8_BYTES), 36},
		{STR("\x01\x21"), STR(D128 D128), 136},
		{STR("\x01\xff"), STR(D128 D128), 2040},
		{STR("\x01\x00"), STR(""), 0},
		{STR("abc"), STR(""), 2},
		{STR("abc"), STR(""), 4},
		{STR(""), STR("x"), 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out = {0};
		buf_add(&out, "before", 6);
		if (!ok(!digits_unpack(cases[i].text, cases[i].digits, cases[i].n, &out) &&
			    out.n == 6))
			printf("# case %zu\n", i);
		buf_release(&out);
	}
}

/* What the specification says, byte by byte. */
static void oracle_unpack(struct str text, struct str digits, struct buf *out)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != 1) {
			buf_add(out, text.p + i, 1);
			continue;
		}
		unsigned mark = (uint8_t)text.p[++i];
		if (mark == 0) {
			buf_add(out, "\x01", 1);
			continue;
		}
		const char *set = mark > 16 ? "0123456789ABCDEF" : "0123456789abcdef";
		bool guid = mark % 16 == 1;
		for (size_t k = 0; k < (guid ? 16 : (mark - 1) % 16 * 4 + 4); k++) {
			uint8_t byte = (uint8_t)digits.p[k];
			if (guid && (k == 4 || k == 6 || k == 8 || k == 10))
				buf_add(out, "-", 1);
			buf_add(out, &set[byte >> 4], 1);
			buf_add(out, &set[byte & 15], 1);
		}
		digits = str_from(digits, guid ? 16 : (mark - 1) % 16 * 4 + 4);
	}
}

static bool comes_back(struct str in, bool *ret_packed)
{
	struct buf text = {0}, digits = {0}, back = {0}, oracle = {0};
	bool good = true;

	*ret_packed = digits_pack(in, &text, &digits);
	if (*ret_packed) {
		oracle_unpack(buf_view(&text), buf_view(&digits), &oracle);
		good = text.n + digits.n < in.n &&
		       digits_unpack(buf_view(&text), buf_view(&digits), in.n, &back) &&
		       str_eq(buf_view(&back), in) && str_eq(buf_view(&oracle), in);
	}
	buf_release(&text);
	buf_release(&digits);
	buf_release(&back);
	buf_release(&oracle);
	return good;
}

/* A GUID at each place of two words, and at the end of a piece and of the input. */
static void test_places(void)
{
	bool good = true, is_packed;

	for (size_t at = 0; at < 200; at++) {
		size_t before = at < 140 ? at : (64 << 10) - 180 + at;
		for (unsigned k = 0; k < 3; k++) {
			struct buf in = {0};
			for (size_t i = 0; i < before; i++)
				buf_add(&in, i % 64 < 40 ? &D128[i % 64] : "\n", 1);
			buf_add(&in, k == 1 ? "\"" G_UP : "\"" G_LOW, 37);
			for (size_t i = 0; i < k * 40; i++)
				buf_add(&in, "\x01", 1);
			/* Of their own size, so that a byte too far is noticed. */
			char *exact = malloc(in.n);
			memcpy(exact, in.p, in.n);
			good &= comes_back((struct str){exact, in.n}, &is_packed);
			good &= is_packed || k > 0;
			free(exact);
			buf_release(&in);
		}
	}
	ok(good);
}

/* Runs of a few sets of bytes, a random one each. */
static void test_random(void)
{
	static const struct str sets[] = {STR("0123456789abcdef"), STR("0123456789ABCDEF"),
		STR("0123456789"), STR("0123456789abcdefABCDEF-"), STR("\x01"),
		STR(" \n\"\\\xff\x00\x02g")};
	struct prng r = {2024};
	unsigned n_packed = 0, n = 2000;
	bool good = true, is_packed;

	for (unsigned turn = 0; turn < n; turn++) {
		struct buf in = {0};
		uint32_t runs = prng_below(&r, turn % 50 ? 60 : 20000);
		for (uint32_t i = 0; i < runs; i++) {
			struct str set = sets[prng_below(&r, 6)];
			uint32_t len = prng_below(&r, prng_below(&r, 4) ? 20 : 200);
			if (prng_below(&r, 8) == 0)
				buf_add(&in, prng_below(&r, 2) ? G_LOW : G_UP, 36);
			for (uint32_t k = 0; k < len; k++)
				buf_add(&in, set.p + prng_below(&r, (uint32_t)set.n), 1);
		}
		good &= comes_back(buf_view(&in), &is_packed);
		n_packed += is_packed;
		buf_release(&in);
	}
	ok(good);
	ok(n_packed > n / 4 && n_packed < n);
}

int main(void)
{
	test_known();
	test_refused();
	test_places();
	test_random();
	return tap_end();
}
