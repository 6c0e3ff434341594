#include "t/tap.h"

static void test_compare(void)
{
	static const struct {
		struct str a, b;
		int order;
		bool nocase;
	} cases[] = {
		{STR(""), STR(""), 0, true}, {{NULL, 0}, STR(""), 0, true},
		{STR("a"), STR("a"), 0, true}, {STR("a"), STR("b"), -1, false},
		{STR("a"), STR("ab"), -1, false}, {STR("ab"), STR("a"), 1, false},
		{STR(""), STR("\0"), -1, false}, {STR("a\0b"), STR("a\0c"), -1, false},
		{STR("\x7f"), STR("\x80"), -1, false}, /* bytes are unsigned */
		{STR("Straze"), STR("sTRAZE"), -1, true},
		{STR("@"), STR("`"), -1, false}, /* 32 apart, but no letters */
		{STR("["), STR("{"), -1, false},
		{STR("\xc3\x89"), STR("\xc3\xa9"), -1, false}, /* ASCII letters only */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int c = str_cmp(cases[i].a, cases[i].b), back = str_cmp(cases[i].b, cases[i].a);
		ok((c > 0) - (c < 0) == cases[i].order &&
			(back > 0) - (back < 0) == -cases[i].order);
		ok(str_eq(cases[i].a, cases[i].b) == (cases[i].order == 0));
		ok(str_eq_nocase(cases[i].a, cases[i].b) == cases[i].nocase);
	}
}

static void test_find(void)
{
	static const struct {
		struct str s, needle;
		size_t at;
		bool starts, ends;
	} cases[] = {
		{STR("abcabc"), STR("bc"), 1, false, true},
		{STR("abcabc"), STR("abc"), 0, true, true},
		{STR("abcabc"), STR("abd"), 6, false, false},
		{STR("abc"), STR("abcd"), 3, false, false},
		{STR("abc"), STR(""), 0, true, true},
		{STR(""), STR(""), 0, true, true},
		{{NULL, 0}, STR("a"), 0, false, false},
		{STR("a\0b\0c"), STR("\0c"), 3, false, true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ok(str_find(cases[i].s, cases[i].needle) == cases[i].at);
		ok(str_starts(cases[i].s, cases[i].needle) == cases[i].starts);
		ok(str_ends(cases[i].s, cases[i].needle) == cases[i].ends);
	}
	ok(str_chr(STR("abc"), 'c') == 2);
	ok(str_chr(STR("abc"), 'd') == 3);
	ok(str_chr(STR("a\0c"), '\0') == 1);
	ok(str_count(STR(""), 'a') == 0 && str_count(STR("abcabca"), 'a') == 3 &&
		str_count(STR("abc"), 'd') == 0);
	ok(str_chr((struct str){NULL, 0}, 'a') == 0);
}

static void test_slices(void)
{
	struct str none = {NULL, 0}, rest = STR("a,,b");

	eq_str(str_from(STR("abc"), 1), STR("bc"));
	eq_str(str_from(STR("abc"), 3), STR(""));
	eq_str(str_from(STR("abc"), SIZE_MAX), STR(""));
	ok(str_from(none, 5).p == NULL && str_from(none, 5).n == 0);
	eq_str(str_upto(STR("abc"), 2), STR("ab"));
	eq_str(str_upto(STR("abc"), 9), STR("abc"));
	eq_str(str_trim(STR(" \t\r\n a b\n ")), STR("a b"));
	eq_str(str_trim(STR(" \n")), STR(""));
	eq_str(str_trim(none), STR(""));
	eq_str(str_trim(STR("\va\f")), STR("\va\f"));
	eq_str(str_cut(&rest, ','), STR("a"));
	eq_str(str_cut(&rest, ','), STR(""));
	eq_str(str_cut(&rest, ','), STR("b"));
	ok(rest.n == 0);
	eq_str(str_cut(&rest, ','), STR(""));
	eq_str(str_cut(&none, ','), STR(""));
}

static void test_numbers(void)
{
	static const struct {
		struct str s;
		bool good;
		uint64_t v;
	} cases[] = {
		{STR("0"), true, 0},
		{STR("007"), true, 7},
		{STR("18446744073709551615"), true, UINT64_MAX},
		{STR("18446744073709551616"), false, 0},
		{STR("184467440737095516150"), false, 0},
		{STR("99999999999999999999"), false, 0},
		{STR(""), false, 0},
		{STR("-1"), false, 0},
		{STR("+1"), false, 0},
		{STR(" 1"), false, 0},
		{STR("1 "), false, 0},
		{STR("1\0"), false, 0},
		{STR("0x1"), false, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint64_t v = 42;
		ok(str_u64(cases[i].s, &v) == cases[i].good);
		ok(v == (cases[i].good ? cases[i].v : 42));
	}
}

static void test_ascii(void)
{
	unsigned digits = 0, letters = 0, hex = 0, lowered = 0;

	for (int c = 0; c < 256; c++) {
		digits += ascii_is_digit((char)c);
		letters += ascii_is_alpha((char)c);
		hex += hex_digit((char)c) >= 0;
		lowered += ascii_lower((char)c) != (char)c;
	}
	ok(digits == 10 && letters == 52 && hex == 22 && lowered == 26);
	ok(hex_digit('0') == 0 && hex_digit('a') == 10 && hex_digit('F') == 15);
}

static void test_uuids(void)
{
	static const struct {
		struct str s;
		bool is;
	} cases[] = {
		{STR("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), true}, /* RFC 9562 section 4 */
		{STR("F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"), true},
		{STR("f81d4fae-7dec-11d0-a765-00a0c91e6bf"), false},
		{STR("f81d4fae-7dec-11d0-a765-00a0c91e6bf60"), false},
		{STR("f81d4fae07dec-11d0-a765-00a0c91e6bf6"), false},
		{STR("f81d4fae-7dec-11d0-a765-00a0c91e6bg6"), false},
		{STR(""), false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(str_is_uuid(cases[i].s) == cases[i].is);
}

int main(void)
{
	test_uuids();
	test_compare();
	test_find();
	test_slices();
	test_numbers();
	test_ascii();
	return tap_end();
}
