#include "unpack/rtfbody.h"

#include "t/tap.h"

#define HEAD "{\\rtf1\\ansi\\ansicpg1251\\fromhtml1 \\deff0{\\fonttbl{\\f0 Arial;}}"
#define PLAIN "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}"

static const struct {
	const char *what, *rtf;
	enum rtf_kind kind;
	const char *want;
	unsigned codepage;
} cases[] = {
	{"HTML tags, and RTF beside them that isn't shown ([MS-OXRTFEX] §4)",
		HEAD
		"{\\*\\htmltag64}\\uc1\\pard\\plain {\\*\\htmltag <HTML>\\par\n<BODY>}"
		"{\\*\\htmltag84 <a href=\"http://f.example.net/x?a=\\{1\\}\">}\\htmlrtf {\\field"
		"{\\*\\fldinst{HYPERLINK \"http://f.example.net\"}}{\\fldrslt\\cf1\\ul \\htmlrtf0 "
		"click\\htmlrtf }\\htmlrtf0 {\\*\\htmltag92 </a>}{\\*\\mhtmltag84 <a "
		"href=\"cid:\">}"
		"{\\*\\htmltag </BODY></HTML>}}",
		RTF_HTML,
		"<HTML>\r\n<BODY><a href=\"http://f.example.net/x?a={1}\">click</a></BODY></HTML>",
		1251},
	{"characters", HEAD "\\'e9\\~\\_a\\tab\\u8364?b\\u-10179?\\u-8704?c\\emdash d\\\\}",
		RTF_HTML, "\xe9&nbsp;&shy;a\t&#8364;b&#128512;c&mdash;d\\", 1251},
	{"what follows a \\u, as many as \\uc says",
		HEAD "\\uc2\\u8364\\'3f\\'3fx{\\uc0\\u65 y}\\u65 12z}", RTF_HTML,
		"&#8364;x&#65;y&#65;z", 1251},
	{"text, and the address of a link",
		PLAIN
		"\\pard Hello\\par {\\field{\\*\\fldinst{HYPERLINK \"http://f.example.net\"}}"
		"{\\fldrslt click}}\\par\\'e9 \\u8364?{\\*\\generator x;}{\\info{\\title t}}}",
		RTF_TEXT, "Hello\r\nHYPERLINK \"http://f.example.net\"click\r\n\xe9 ?", 1252},
	{"bytes of a picture are no text", PLAIN "a{\\pict\\bin5 }}}}}x}b}", RTF_TEXT, "ab", 1252},
	{"more closed than opened", PLAIN "a}}}}b", RTF_TEXT, "ab", 1252},
	{"cut after a backslash", PLAIN "a\\", RTF_TEXT, "a", 1252},
	{"no hexadecimal digits", PLAIN "a\\'\xaf\xba\\'zzb", RTF_TEXT, "a\xaf\xbazzb", 1252},
	{"no character of Unicode", HEAD "a\\u-99999999?\\u2000000?b", RTF_HTML, "ab", 1251},
	{"cut in a character", PLAIN "a\\'4", RTF_TEXT, "a4", 1252},
	{"a number that is too large", PLAIN "\\uc99999999999a\\bin99999999999999 b", RTF_TEXT, "a",
		1252},
	{"nothing to show", PLAIN "}", RTF_NONE, "", 1252},
	{"no RTF", "<html>\\fromhtml1", RTF_NONE, "", 0},
	{"empty", "", RTF_NONE, "", 0},
};

/* Deeper than anybody nests: those groups aren't read, and what stands outside is. */
static void nesting_has_an_end(void)
{
	struct buf rtf = {0}, out = {0};
	unsigned codepage;

	buf_str(&rtf, STR(PLAIN "a"));
	for (int i = 0; i < 100000; i++)
		buf_putc(&rtf, '{');
	buf_str(&rtf, STR("hidden"));
	for (int i = 0; i < 100000; i++)
		buf_putc(&rtf, '}');
	buf_str(&rtf, STR("b}"));
	ok(rtf_body(buf_view(&rtf), &out, &codepage) == RTF_TEXT);
	eq_str(buf_view(&out), STR("ab"));
	buf_release(&rtf);
	buf_release(&out);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out = {0};
		unsigned codepage = 0;
		printf("# %s\n", cases[i].what);
		ok(rtf_body(str_of(cases[i].rtf), &out, &codepage) == cases[i].kind);
		eq_str(buf_view(&out), str_of(cases[i].want));
		ok(codepage == cases[i].codepage);
		buf_release(&out);
	}
	nesting_has_an_end();
	return tap_end();
}
