#include "base/buf.h"
#include "t/base/died.h"
#include "t/tap.h"

static void test_growth(void)
{
	struct buf b = {0};
	bool good = true;

	for (unsigned i = 0; i < 100000; i++) {
		buf_putc(&b, (char)(i * 7));
		good &= b.n == i + 1 && b.cap >= b.n;
	}
	for (unsigned i = 0; i < b.n; i++)
		good &= b.p[i] == (char)(i * 7);
	ok(good);
	size_t cap = b.cap;
	buf_clear(&b);
	ok(b.n == 0 && b.cap == cap);
	buf_add(&b, NULL, 0);
	ok(b.n == 0);
	buf_reserve(&b, 10 * cap);
	ok(b.cap >= 10 * cap && b.n == 0);
	buf_release(&b);
	ok(b.p == NULL && b.n == 0 && b.cap == 0);
	buf_release(&b);
}

static void test_text(void)
{
	struct buf b = {0};

	buf_str(&b, STR("a\0b"));
	buf_addf(&b, "%s-%d-%c", "x", -5, 'y');
	buf_addf(&b, "%s", "");
	eq_str(buf_view(&b), STR("a\0bx--5-y"));
	buf_clear(&b);
	buf_addf(&b, "%0300d", 1);
	ok(b.n == 300 && b.p[299] == '1' && b.p[0] == '0');
	buf_release(&b);
}

static void test_integers(void)
{
	struct buf b = {0};

	buf_u16(&b, 0x1234);
	buf_u32(&b, 0x89abcdef);
	buf_u64(&b, UINT64_C(0xfedcba9876543210));
	eq_str(buf_view(&b), STR("\x34\x12\xef\xcd\xab\x89\x10\x32\x54\x76\x98\xba\xdc\xfe"));
	buf_clear(&b);
	/* DWARF 5 section 7.6, figure 22: 2, 127, 128, 129, 12857. */
	buf_varint(&b, 2);
	buf_varint(&b, 127);
	buf_varint(&b, 128);
	buf_varint(&b, 129);
	buf_varint(&b, 12857);
	eq_str(buf_view(&b), STR("\x02\x7f\x80\x01\x81\x01\xb9\x64"));
	buf_clear(&b);
	buf_varint(&b, 0);
	buf_varint(&b, UINT64_MAX);
	eq_str(buf_view(&b), STR("\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
	buf_release(&b);
}

static void too_much(void)
{
	struct buf b = {0};

	buf_putc(&b, 'x');
	buf_reserve(&b, SIZE_MAX);
}

static void half_of_it(void)
{
	struct buf b = {0};

	buf_reserve(&b, SIZE_MAX / 2 + 1);
}

int main(void)
{
	test_growth();
	test_text();
	test_integers();
	ok(died_of_bug(too_much));
	ok(died_of_bug(half_of_it));
	return tap_end();
}
