#include "base/scan.h"

#include "base/buf.h"
#include "t/tap.h"

static void test_words(void)
{
	struct scan sc = scan_of(STR("key=value;rest"));

	ok(!scan_try(&sc, STR("value")) && scan_offset(&sc) == 0);
	ok(scan_try(&sc, STR("key")) && scan_offset(&sc) == 3);
	ok(scan_try(&sc, STR("")));
	scan_expect(&sc, STR("="), "'='");
	eq_str(scan_until(&sc, ';'), STR("value"));
	ok(scan_left(&sc) == 5);
	eq_str(scan_take(&sc, 1, "';'"), STR(";"));
	eq_str(scan_until(&sc, '\n'), STR("rest"));
	eq_str(scan_until(&sc, '\n'), STR(""));
	ok(scan_ok(&sc) && scan_left(&sc) == 0);
}

static void test_failure_sticks(void)
{
	struct scan sc = scan_of(STR("abcdefgh"));

	scan_expect(&sc, STR("abd"), "first");
	ok(!scan_ok(&sc));
	scan_expect(&sc, STR("xyz"), "second");
	eq_str(str_of(sc.fail), STR("first"));
	ok(!scan_try(&sc, STR("abc")));
	ok(scan_take(&sc, 1, "x").n == 0);
	ok(scan_until(&sc, 'c').n == 0);
	ok(scan_u8(&sc, "x") == 0 && scan_u64(&sc, "x") == 0 && scan_varint(&sc, "x") == 0);
	ok(scan_offset(&sc) == 0);

	struct scan none = scan_of((struct str){NULL, 0});
	ok(scan_ok(&none) && scan_left(&none) == 0 && scan_until(&none, 'a').n == 0);
	ok(scan_u8(&none, "a byte") == 0 && !scan_ok(&none));
	struct scan two = scan_of(STR("ab"));
	ok(scan_take(&two, SIZE_MAX, "much").n == 0 && !scan_ok(&two) && scan_offset(&two) == 0);
}

static void test_integers(void)
{
	struct scan sc =
		scan_of(STR("\x80\x34\x12\xef\xcd\xab\x89\x10\x32\x54\x76\x98\xba\xdc\xfe"));

	ok(scan_u8(&sc, "u8") == 0x80);
	ok(scan_u16(&sc, "u16") == 0x1234);
	ok(scan_u32(&sc, "u32") == 0x89abcdef);
	ok(scan_u64(&sc, "u64") == UINT64_C(0xfedcba9876543210));
	ok(scan_ok(&sc) && scan_left(&sc) == 0);
	ok(scan_u16(&sc, "no more") == 0 && !scan_ok(&sc));
	sc = scan_of(STR("\x01\x02\x03"));
	ok(scan_u32(&sc, "cut") == 0 && !scan_ok(&sc));
}

static void test_varints(void)
{
	static const struct {
		struct str s;
		bool good;
		uint64_t v;
	} cases[] = {
		{STR("\x00"), true, 0},
		{STR("\x7f"), true, 127},
		{STR("\x80\x01"), true, 128},
		{STR("\xb9\x64"), true, 12857}, /* DWARF 5 section 7.6 */
		{STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), true, UINT64_MAX},
		{STR(""), false, 0},
		{STR("\x80"), false, 0},
		{STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff"), false, 0},
		{STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"), false, 0},     /* 2^64 and more */
		{STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x81\x00"), false, 0}, /* 11 bytes */
		{STR("\x80\x00"), false, 0}, /* overlong: 0 has one spelling */
		{STR("\xff\x80\x00"), false, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct scan sc = scan_of(cases[i].s);
		ok(scan_varint(&sc, "a varint") == cases[i].v);
		ok(scan_ok(&sc) == cases[i].good);
		ok(!cases[i].good || scan_left(&sc) == 0);
	}
	struct buf b = {0};
	bool good = true;
	for (unsigned shift = 0; shift < 64; shift++) {
		uint64_t v = UINT64_MAX >> shift;
		buf_clear(&b);
		buf_varint(&b, v);
		struct scan sc = scan_of(buf_view(&b));
		good &= scan_varint(&sc, "a varint") == v && scan_ok(&sc) && scan_left(&sc) == 0;
	}
	ok(good);
	buf_release(&b);
}

static void test_texts(void)
{
	struct buf b = {0};
	buf_text(&b, STR("two"));
	buf_text(&b, STR(""));
	ok(str_eq(buf_view(&b), STR("\x03two\x00")));
	struct scan sc = scan_of(buf_view(&b));
	ok(str_eq(scan_text(&sc), STR("two")) && scan_text(&sc).n == 0);
	ok(scan_ok(&sc) && scan_left(&sc) == 0);
	buf_release(&b);

	static const struct str bad[] = {STR(""), STR("\x03tw"), STR("\x80"), STR("\x80\x00"),
		STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01two")};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		sc = scan_of(bad[i]);
		ok(scan_text(&sc).n == 0 && !scan_ok(&sc));
	}
}

int main(void)
{
	test_words();
	test_failure_sticks();
	test_integers();
	test_varints();
	test_texts();
	return tap_end();
}
