#include "text/base64.h"

#include "t/tap.h"

/* RFC 4648 §10, and bytes that differ in its two alphabets. */
static const struct {
	const char *bytes, *text;
} cases[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="},
	{"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "+//+"}};

static void test_both_ways(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str text = str_of(cases[i].text);
		struct buf out = {0};
		char room[16];
		base64_add(&out, str_of(cases[i].bytes), 0);
		eq_str(buf_view(&out), text);
		struct base64_run r = base64_read(str_upto(text, str_chr(text, '=')), room);
		eq_str(((struct str){room, r.n}), str_of(cases[i].bytes));
		ok(!r.other && r.left < 6);
		buf_release(&out);
	}
}

static void test_lines(void)
{
	struct buf out = {0};

	base64_add(&out, STR("foobarfoo"), 8);
	eq_str(buf_view(&out), STR("Zm9vYmFy\nZm9v\n"));
	buf_release(&out);
}

static void test_others(void)
{
	char room[16];
	struct base64_run r = base64_read(STR("Zm9\r\n \tv"), room);

	ok(r.n == 3 && !r.other && r.left == 0);
	r = base64_read(STR("Zm!9v"), room);
	ok(r.n == 3 && r.other);
	r = base64_read(STR("Zm9vY"), room);
	ok(r.n == 3 && r.left == 6);
	r = base64_read(STR("-__-"), room);
	eq_str(((struct str){room, r.n}), STR("\xfb\xff\xfe"));
	ok(base64_digit('A') == 0 && base64_digit('/') == 63 && base64_digit('_') == 63);
	ok(base64_digit('=') == -1 && base64_digit(' ') == -1 && base64_digit('\0') == -1 &&
		base64_digit('\xff') == -1);
}

int main(void)
{
	test_both_ways();
	test_lines();
	test_others();
	return tap_end();
}
