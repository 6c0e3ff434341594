#include "base/hash.h"

#include "base/buf.h"
#include "t/tap.h"

/* NIST's examples for FIPS 180-4 (SHA256.pdf, and the long ones of FIPS 180-2 appendix B). */
static const struct {
	struct str text;
	const char *hex;
} vectors[] = {
	{STR(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	{STR("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void test_sha256(void)
{
	char hex[65];

	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		struct str s = vectors[i].text;
		struct sha256 whole = sha256_of(s), unhexed;
		sha256_hex(whole, hex);
		eq_str(str_of(hex), str_of(vectors[i].hex));
		ok(sha256_unhex(str_of(hex), &unhexed) && sha256_eq(unhexed, whole));
		/* In pieces, wherever they are cut. */
		bool same = true;
		for (size_t a = 0; a <= s.n; a++) {
			struct str first = str_upto(s, a), rest = str_from(s, a);
			struct str mid = str_upto(rest, rest.n / 2);
			struct sha256_ctx *c = sha256_begin();
			sha256_add(c, first);
			sha256_add(c, rest);
			same &= sha256_eq(sha256_end(c), whole);
			same &= sha256_eq(sha256_of3(first, mid, str_from(rest, mid.n)), whole);
		}
		ok(same);
	}
	struct str none = {NULL, 0};
	ok(sha256_eq(sha256_of3(none, none, none), sha256_of(STR(""))));
	ok(!sha256_eq(sha256_of(STR("a")), sha256_of(STR("b"))));
	sha256_free(sha256_begin());
	sha256_free(NULL);
}

static void test_million(void)
{
	struct buf b = {0};
	char hex[65];

	buf_reserve(&b, 1000000);
	memset(b.p, 'a', 1000000);
	b.n = 1000000;
	sha256_hex(sha256_of(buf_view(&b)), hex);
	eq_str(str_of(hex),
		STR("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
	buf_release(&b);
}

static void test_hex(void)
{
	char hex[65], text[8] = "........";
	struct sha256 h, was;

	memset(&was, 7, sizeof(was));
	h = was;
	sha256_hex(sha256_of(STR("abc")), hex);
	ok(!sha256_unhex(str_upto(str_of(hex), 63), &h) && sha256_eq(h, was));
	ok(!sha256_unhex(STR(""), &h));
	hex[63] = 'g';
	ok(!sha256_unhex(str_of(hex), &h) && sha256_eq(h, was));
	hex[63] = 'D';
	ok(sha256_unhex(str_of(hex), &h) && h.b[0] == 0xba && h.b[31] == 0xad);
	hex_write("\x00\x7f\xff", 3, text);
	eq_str(((struct str){text, sizeof(text)}), STR("007fff.."));
}

static void test_hash64(void)
{
	/* xxHash's own check values: XXH3_64bits of nothing with seed 0. */
	ok(hash64("", 0, 0) == UINT64_C(0x2d06800538d394c2));
	ok(hash64(NULL, 0, 0) == hash64("", 0, 0));
	ok(hash64("abc", 3, 0) != hash64("abc", 3, 1));
	ok(hash64("abc", 3, 0) != hash64("abd", 3, 0));
}

int main(void)
{
	test_sha256();
	test_million();
	test_hex();
	test_hash64();
	return tap_end();
}
