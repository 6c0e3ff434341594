#include "mail/prose.h"

#include "base/limits.h"
#include "t/tap.h"

/* A bar between; "!" in front of a defanged one. */
static const struct {
	const char *in, *want;
} cases[] = {
	{"", ""},
	{"see http://e.example/a.", "http://e.example/a"},
	{"(http://e.example/a(b)) and https://f.example, or FTP://g.example/;",
		"http://e.example/a(b)|https://f.example|FTP://g.example/"},
	{"<http://e.example/a> \"http://e.example/b\"", "http://e.example/a|http://e.example/b"},
	{"<http://e.example/a\r\n   b\nc> d", "http://e.example/abc"},
	{"<http://e.example/a\nb <c>", "http://e.example/a"},
	{"http://e.example/a\nb", "http://e.example/a"},
	{"http://a.example/,http://b.example/", "http://a.example/,http://b.example/"},
	{"[http://a.example/]http://b.example/", "http://a.example/]http://b.example/"},
	{"url:http://e.example/", "http://e.example/"},
	{"xhttp://e.example/ x://y http:// ://", ""},
	{"www.e.com and (www.e.com/a), www.e.example", "http://www.e.com|http://www.e.com/a"},
	{"bit.ly/abc, and/or 1.2/3 e.g./x a.example/b x@bit.ly/a", "http://bit.ly/abc"},
	{"mailto:a@e.com", ""},
	{"hxxps[:]//evil[.]example/x", "!https://evil.example/x"},
	{"hxxp://evil.example/x.", "!http://evil.example/x"},
	{"http://evil[.]example/x and evil[.]example, evil(dot)example/y",
		"!http://evil.example/x|!evil.example|!evil.example/y"},
	{"a[0].b (x.y) {z} f(.)", ""},
};

static void test_cases(void)
{
	struct references refs = {0};
	struct arena a = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct flaw at[LIMIT_FLAWS_PER_RECORD];
		struct flaws flaws = {.at = at};
		struct buf b = {0};
		references_begin(&refs, &a, &flaws);
		prose_read(&refs, STR("1"), STR("text"), str_of(cases[i].in));
		for (size_t k = 0; k < refs.found.n; k++)
			buf_addf(&b, "%s%s" STR_FMT, k ? "|" : "",
				refs.found.at[k].defanged ? "!" : "",
				STR_ARG(refs.found.at[k].url));
		tap_eq_str(buf_view(&b), str_of(cases[i].want), cases[i].in, __FILE__, __LINE__);
		ok(flaws.n == 0);
		buf_release(&b);
	}
	references_release(&refs);
	arena_release(&a);
}

/* RFC 3676 §4 and its example; RFC 5545 §3.1. */
static void test_lines(void)
{
	struct arena a = {0};

	eq_str(prose_unflow(&a, STR("a \r\nb\r\nc\r\n"), false), STR("a b\nc"));
	eq_str(prose_unflow(&a, STR("http://e.example/a \nb\n"), true), STR("http://e.example/ab"));
	eq_str(prose_unflow(&a, STR(">> a \n>> b\n> c \nd\n"), false), STR("a b\nc \nd"));
	eq_str(prose_unflow(&a, STR(" From x\n >y\n"), false), STR("From x\n>y"));
	eq_str(prose_unflow(&a, STR("a \n-- \nb"), false), STR("a \n-- \nb"));
	eq_str(prose_unflow(&a, STR(""), false), STR(""));
	eq_str(prose_unfold(&a, STR("DESCRIPTION:http://e.exa\r\n mple/\r\nX:a\n\tb")),
		STR("DESCRIPTION:http://e.example/\nX:ab"));
	arena_release(&a);
}

int main(void)
{
	test_cases();
	test_lines();
	return tap_end();
}
