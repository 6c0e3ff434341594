/* Globs against the definition of one, over all small patterns and texts. */
#include "t/tap.h"

#include "rule/glob.h"

/* The definition: slow, and right at a glance.  Texts of ASCII. */
static bool defined(const struct glob *g, size_t i, struct str s)
{
	if (i == g->n)
		return s.n == 0;
	if (g->at[i] == GLOB_ANY)
		return defined(g, i + 1, s) || (s.n && defined(g, i, str_from(s, 1)));
	if (!s.n)
		return false;
	bool fits = g->at[i] == GLOB_ONE || (g->at[i] == GLOB_DASH && strchr("-/", s.p[0])) ||
		    (g->at[i] == GLOB_BYTE && ascii_lower(s.p[0]) == g->b[i]);
	return fits && defined(g, i + 1, str_from(s, 1));
}

/* The text of that number over an alphabet, "" first. */
static struct str numbered(unsigned n, const char *letters, char room[16])
{
	size_t base = strlen(letters), len = 0;

	for (; n; n = (unsigned)((n - 1) / base))
		room[len++] = letters[(n - 1) % base];
	return (struct str){room, len};
}

static void test_all_small(void)
{
	struct arena a = {0};
	unsigned differ = 0, fit = 0, n = 0;

	for (unsigned p = 0; p < 4000; p++) {
		char room[16], text[16];
		struct arena_mark mark = arena_mark(&a);
		struct glob g = glob_read(&a, numbered(p, "ab*?-", room));
		if (p % 2)
			glob_windash(&g);
		glob_lower(&g);
		for (unsigned t = 0; t < 400; t++) {
			struct str s = numbered(t, "aB/", text);
			bool want = defined(&g, 0, s);
			differ += glob_fits(&g, s) != want;
			fit += want;
			n++;
		}
		arena_rewind(&a, mark);
	}
	printf("# %u of %u fit\n", fit, n);
	ok(differ == 0 && fit > n / 100);
	arena_release(&a);
}

/* Bytes that are no UTF-8 are characters of one byte each; nothing of a character is one. */
static void test_bytes(void)
{
	static const struct {
		const char *glob, *text;
		bool fits;
	} cases[] = {
		{"a?c",
			"a\xff"
			"c",
			true},
		{"a?c",
			"a\xc3\xa9"
			"c",
			true},
		{"a?c",
			"a\xc3"
			"c",
			true},
		{"a?c",
			"a\xe2\x80"
			"c",
			false}, /* what is left of one character is two bytes that are none */
		{"a\?\?c",
			"a\xe2\x80"
			"c",
			true},
		{"\?\?", "\xf0\x9f\x98\x80", false},
		{"?", "\xf0\x9f\x98\x80", true},
		{"*\xc3\xa9", "\xc3\xa9\xc3\xa9", true},
		{"\xc3*\xa9", "\xc3\xa9", true},
	};
	struct arena a = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct glob g = glob_read(&a, str_of(cases[i].glob));
		bool is = glob_fits(&g, str_of(cases[i].text));
		tap_ok(is == cases[i].fits, "bytes", cases[i].glob, (int)i);
	}
	arena_release(&a);
}

static void test_ends(void)
{
	struct arena a = {0};
	struct glob g = glob_read(&a, STR("a**b*")), empty = glob_read(&a, STR(""));

	glob_open_end(&a, &g);
	eq_str(glob_text(&g), STR("a*b*"));
	glob_open_start(&a, &g);
	eq_str(glob_text(&g), STR("*a*b*"));
	ok(g.at[0] == GLOB_ANY && g.at[1] == GLOB_BYTE && glob_has_wildcards(&g));
	ok(glob_fits(&empty, STR("")) && !glob_fits(&empty, STR("x")));
	glob_open_start(&a, &empty);
	glob_open_end(&a, &empty);
	ok(empty.n == 1 && glob_fits(&empty, STR("")) && glob_fits(&empty, STR("x")));
	g = glob_literal(&a, STR("*?\\"));
	ok(!glob_has_wildcards(&g) && glob_fits(&g, STR("*?\\")) && !glob_fits(&g, STR("ab\\")));
	arena_release(&a);
}

int main(void)
{
	test_all_small();
	test_bytes();
	test_ends();
	return tap_end();
}
