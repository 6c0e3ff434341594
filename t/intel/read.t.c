/*
 * Files of indicators as they come from outside.  With arguments it prints what was read of each,
 * one JSON object a line, for tests that hold other readings against it:
 *
 *	read.t FILE…
 */
#include "t/intel/data.h"

#include "text/jsonw.h"

static void member(struct jsonw *w, const char *key, struct str value)
{
	if (value.n)
		jsonw_member_str(w, key, value);
}

static void print_indicator(struct jsonw *w, const struct indicator *i)
{
	struct buf text = {0};

	jsonw_open(w, '{');
	jsonw_member_u64(w, "line", i->line);
	if (i->what == INDICATOR_VALUE) {
		jsonw_member_str(w, "kind", str_of(kind_name((enum kind)i->o.kind)));
		observable_text(i->o, &text);
	} else if (i->what == INDICATOR_NETWORK) {
		jsonw_member_str(w, "kind", STR("network"));
		describe(i, &text);
	} else {
		jsonw_member_str(w, "kind",
			i->what == INDICATOR_SUBSTRING ? STR("substring")
			: i->what == INDICATOR_REGEX   ? STR("regex")
						       : STR("pending"));
	}
	member(w, "value", buf_view(&text));
	member(w, "original", i->original);
	member(w, "why", i->why);
	member(w, "context", i->context);
	member(w, "actor", i->actor);
	member(w, "id", i->id);
	member(w, "marking", i->marking);
	if (when_known(i->valid_from))
		jsonw_member_when(w, "from", i->valid_from.us);
	if (when_known(i->valid_until))
		jsonw_member_when(w, "until", i->valid_until.us);
	jsonw_close(w, '}');
	buf_release(&text);
}

static void print_file(const char *path)
{
	struct buf file = {0}, out = {0};
	struct jsonw w = jsonw_of(&out);
	struct arena a = {0};
	struct err err = {0};
	struct intel in;

	if (!file_read(AT_FDCWD, path, LIMIT_INTEL_BYTES, &file, &err))
		BUG("%s", err.msg);
	intel_read(&a, buf_view(&file), str_of(path), &in);
	jsonw_open(&w, '{');
	jsonw_member_str(&w, "path", str_of(path));
	jsonw_member_str(&w, "kind", in.kind);
	member(&w, "title", in.title);
	jsonw_key(&w, "indicators");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < in.indicators.n; i++)
		print_indicator(&w, &in.indicators.at[i]);
	jsonw_close(&w, ']');
	jsonw_key(&w, "skipped");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < in.skipped.n; i++) {
		jsonw_open(&w, '{');
		jsonw_member_u64(&w, "line", in.skipped.at[i].line);
		jsonw_member_str(&w, "what", in.skipped.at[i].what);
		jsonw_member_str(&w, "why", in.skipped.at[i].why);
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	jsonw_line(&w);
	fwrite(out.p, 1, out.n, stdout);
	intel_release(&in);
	arena_release(&a);
	buf_release(&file);
	buf_release(&out);
}

/* Bytes, since some have zeros: what is good is taken, with its line. */
static const struct {
	const char *name;
	struct str bytes;
	const char *want;
} bad[] = {
	{"binary among lines",
		STR("evil.example\n\0\1\2\xff\n192.0.2.1\nevil2.example\n#a\n#b\n#c\n#d\n"
		    "#eeeeeeeeeeeeeeeeeee\n"),
		"1: domain evil.example\n3: ip 192.0.2.1\n4: domain evil2.example\n"
		"2! \\x00\\x01\\x02\\xff: no address, domain, URL, mail address or hash\n"},
	{"a program",
		STR("\x7f"
		    "ELF\2\1\1\nevil.example\n"),
		"1! x: not text\n"},
	{"an archive", STR("PK\3\4evil.example\n"), "1! x: not text\n"},
	{"zeros in a name",
		STR("# aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nevil\0.example\n192.0.2.1\n"),
		"3: ip 192.0.2.1\n"
		"2! evil\\x00.example: no address, domain, URL, mail address or hash\n"},
	{"Latin-1", STR("# caf\xe9\nevil.example # caf\xe9\n\xe9vil.example\n192.0.2.1\n"),
		"2: domain evil.example\n4: ip 192.0.2.1\n"
		"3! \\xe9vil.example: no address, domain, URL, mail address or hash\n"},
	{"CR alone, CRLF and LF", STR("# a\revil.example\r\n192.0.2.1\n\r192.0.2.2\r\r\n192.0.2.3"),
		"2: domain evil.example\n3: ip 192.0.2.1\n5: ip 192.0.2.2\n7: ip 192.0.2.3\n"},
	{"joined files, blanks of web pages",
		STR("evil.example\n\xef\xbb\xbf"
		    "192.0.2.1\n\xc2\xa0"
		    "192.0.2.2\xe2\x80\x8b\n"),
		"1: domain evil.example\n2: ip 192.0.2.1\n3: ip 192.0.2.2\n"},
	{"UTF-16 without a mark", STR("e\0v\0i\0l\0.\0c\0o\0m\0\n\0"), "1: domain evil.com\n"},
	{"UTF-16, the other way", STR("\0e\0v\0i\0l\0.\0c\0o\0m\0\n"), "1: domain evil.com\n"},
	{"UTF-16 that is cut in a letter",
		STR("\xff\xfe"
		    "e\0v\0i\0l\0.\0c\0o\0m\0\n\0"
		    "1"),
		"1: domain evil.com\n"},
	{"a table that is cut in a cell",
		STR("domain,note\nevil.example,\"a\nb\"\nevil2.example,\"c\nevil3.example,d\n"),
		"2: domain evil.example\n4: domain evil2.example\n5: domain evil3.example\n"
		"4! \": a quote that never ends: from here on each line is a row\n"},
	{"a table that is cut in a row", STR("note,domain\na,evil.example\nb,"),
		"2: domain evil.example\n3! b,: no value in the columns that have values\n"},
	{"a table in Latin-1", STR("domain;note\nevil.example;caf\xe9\n"),
		"2: domain evil.example\n"},
};

/* The text with its bytes that can't be seen as \xhh. */
static void show(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if ((c < ' ' && c != '\n') || c > '~')
			buf_addf(out, "\\x%02x", c);
		else
			buf_putc(out, s.p[i]);
	}
}

static void test_bad(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct arena a = {0};
		struct buf all = {0}, got = {0};
		struct intel in;

		intel_read(&a, bad[i].bytes, STR("x"), &in);
		describe_all(&in, &all);
		show(buf_view(&all), &got);
		tap_eq_str(buf_view(&got), str_of(bad[i].want), bad[i].name, __FILE__, __LINE__);
		intel_release(&in);
		buf_release(&all);
		buf_release(&got);
		arena_release(&a);
	}
}

/* Lines longer than anything: one word, and a million. */
static void test_long_lines(void)
{
	struct arena a = {0};
	struct buf text = {0};
	struct intel in;

	buf_str(&text, STR("evil.example\n"));
	for (size_t i = 0; i < 50u << 20; i++)
		buf_putc(&text, 'x');
	buf_str(&text, STR(".example\n192.0.2.1\n"));
	intel_read(&a, buf_view(&text), STR("x"), &in);
	ok(in.indicators.n == 2 && in.indicators.at[1].line == 3);
	ok(in.skipped.n == 1 && in.skipped.at[0].line == 2);
	intel_release(&in);
	arena_release(&a);
	buf_clear(&text);
	for (size_t i = 0; i < 100000; i++)
		buf_addf(&text, "10%zu.example, ", i);
	buf_str(&text, STR("\nevil.example\n"));
	intel_read(&a, buf_view(&text), STR("x"), &in);
	ok(in.indicators.n == 100001 && in.skipped.n == 0);
	ok(in.indicators.at[99999].line == 1 && in.indicators.at[100000].line == 2);
	intel_release(&in);
	arena_release(&a);
	buf_release(&text);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		print_file(argv[i]);
	if (argc > 1)
		return 0;
	test_bad();
	test_long_lines();
	return tap_end();
}
