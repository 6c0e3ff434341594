#include "mail/bodytext.h"

#include "base/limits.h"
#include "t/tap.h"

/* Encodings after their own specifications; expectations worked out with iconv(1). */
static const struct {
	const char *in, *charset, *want;
	bool html;
	const char *flaw; /* NULL: none */
} cases[] = {
	{"plain", "", "plain", false, NULL},
	{"caf\xc3\xa9", "utf-8", "caf\u00e9", false, NULL},
	{"caf\xc3\xa9", "\"UTF-8\"", "caf\u00e9", false, NULL},
	{"caf\xe9", "iso-8859-1", "caf\u00e9", false, NULL},
	{"\x93x\x94", "ISO-8859-1", "\u201cx\u201d", false, NULL},
	{"caf\xe9", "us-ascii", "caf\u00e9", false, NULL},
	{"\xcf\xf0\xe8\xe2\xe5\xf2", "windows-1251", "Привет", false, NULL},
	{"\xf0\xd2\xc9\xd7\xc5\xd4", "koi8-r", "Привет", false, NULL},
	{"\xc4\xe3\xba\xc3", "gb2312", "你好", false, NULL},
	{"\xa7\x41\xa6\x6e", "big5", "你好", false, NULL},
	{"\x82\xb1\x82\xf1", "shift_jis", "こん", false, NULL},
	{"\x1b$B$3$s\x1b(B", "iso-2022-jp", "こん", false, NULL},
	{"\xbe\xc8\xb3\xe7", "ks_c_5601-1987", "안녕", false, NULL},
	{"+ADw-a href+AD0-", "utf-7", "<a href=", false, NULL},
	{"\xff\xfe<\0a\0>\0", "", "<a>", false, NULL},
	{"\xef\xbb\xbfx", "windows-1251", "x", false, NULL},
	{"\0<\0a", "utf-16be", "<a", false, NULL},
	{"<meta charset=windows-1251>\xcf\xf0", "", "<meta charset=windows-1251>Пр", true, NULL},
	{"<meta content='text/html; charset=\"koi8-r\"'>\xf0", "",
		"<meta content='text/html; charset=\"koi8-r\"'>П", true, NULL},
	{"<meta charset=utf-16>x", "", "<meta charset=utf-16>x", true, NULL},
	{"<meta charset=windows-1251>\xcf", "", "<meta charset=windows-1251>\u00cf", false, NULL},
	{"caf\xe9", "", "caf\u00e9", false, NULL},
	{"caf\xc3\xa9", "", "caf\u00e9", false, NULL},
	{"plain", "x-unknown", "plain", false, NULL},
	{"plain", "no-such-thing", "plain", false, NULL},
	{"caf\xe9", "no-such-thing", "caf\u00e9", false, "bad-charset"},
	{"caf\xc3\xa9", "no-such-thing", "caf\u00e9", false, "bad-charset"},
	{"caf\xe9", "utf-8", "caf\xe9", false, "bad-utf8"},
	{"\x81", "shift_jis", "\ufffd", false, "bad-charset"},
	{"a\xff", "euc-jp", "a\ufffd", false, "bad-charset"},
};

int main(void)
{
	struct charsets *c = charsets_new();

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = {0};
		struct flaw at[LIMIT_FLAWS_PER_RECORD];
		struct flaws flaws = {.at = at};
		struct str in = str_of(cases[i].in);
		if (str_eq(str_of(cases[i].charset), STR("utf-16be")))
			in = (struct str){cases[i].in, 4};
		else if (str_starts(in, STR("\xff\xfe")))
			in.n = 8;
		struct str got =
			body_text(c, &a, in, str_of(cases[i].charset), cases[i].html, &flaws);
		tap_eq_str(got, str_of(cases[i].want), cases[i].charset, __FILE__, __LINE__);
		ok(flaws.n == (cases[i].flaw != NULL));
		if (flaws.n)
			eq_str(str_of(flaw_name(at[0].code)), str_of(cases[i].flaw));
		arena_release(&a);
	}
	charsets_free(c);
	return tap_end();
}
