#include <stdio.h>
#include <stdlib.h>

#include "t/tap.h"
#include "t/text/csv_law.h"

/*
 * rows: fields between '|', rows between '/', as read and unquoted; a quoted field in <…>.
 * flaws: name@offset in the whole text.
 */
static const struct {
	const char *name;
	char separator;
	struct str text;
	struct str rows;
	const char *flaws;
} cases[] = {
	{"nothing", ',', STR(""), STR(""), ""},
	/* RFC 4180 section 2, rules 1 to 7. */
	{"rule 1", ',', STR("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n"), STR("aaa|bbb|ccc/zzz|yyy|xxx/"), ""},
	{"rule 2", ',', STR("aaa,bbb\r\nzzz,yyy"), STR("aaa|bbb/zzz|yyy/"), ""},
	{"rule 4", ',', STR("a, b ,c\n"), STR("a| b |c/"), ""},
	{"rule 5", ',', STR("\"aaa\",bbb,\"c\"\r\n"), STR("<aaa>|bbb|<c>/"), ""},
	{"rule 6", ',', STR("\"aaa\",\"b\r\nb,b\",ccc\r\nz\r\n"), STR("<aaa>|<b\r\nb,b>|ccc/z/"),
		""},
	{"rule 7", ',', STR("\"aaa\",\"b\"\"bb\",\"\"\"\"\n"), STR("<aaa>|<b\"bb>|<\">/"), ""},
	{"empty fields", ',', STR(",,\n\"\",\n"), STR("||/<>|/"), ""},
	{"empty lines", ',', STR("\n\r\n\ra"), STR("///a/"), ""},
	{"line ends", ',', STR("a\nb\rc\r\nd"), STR("a/b/c/d/"), ""},
	{"two CR", ',', STR("a\r\r\nb"), STR("a//b/"), ""},
	{"CR LF and LF", ',', STR("a\r\n\nb"), STR("a//b/"), ""},
	{"ends in separator", ',', STR("a,"), STR("a|/"), ""},
	{"ends in CR", ',', STR("a\r"), STR("a/"), ""},
	{"tabs", '\t', STR("a\tb,c\t\"d\te\"\n"), STR("a|b,c|<d\te>/"), ""},
	{"semicolons", ';', STR("a;b,c;\"d;e\"\n"), STR("a|b,c|<d;e>/"), ""},
	{"JSON column", ',', STR("1,\"{\"\"a\"\":\"\"b\"\"}\",2\n"), STR("1|<{\"a\":\"b\"}>|2/"),
		""},
	{"NUL and high bytes", ',', STR("a\0b,\"\xff\0\",\xfe\n"), STR("a\0b|<\xff\0>|\xfe/"), ""},
	{"quotes far in", ',',
		STR("\"0123456789abcdef0123456789abcde\"\"f\",0123456789abcdef0,x\n"),
		STR("<0123456789abcdef0123456789abcde\"f>|0123456789abcdef0|x/"), ""},
	/* What RFC 4180 does not allow. */
	{"quote inside", ',', STR("a\"b,c\n"), STR("a\"b|c/"), "stray-quote@1"},
	{"quotes inside", ',', STR("a\"b\"\"c\n\"d\"\n"), STR("a\"b\"\"c/<d>/"),
		"stray-quote@1 stray-quote@3 stray-quote@4"},
	{"line end after quote inside", ',', STR("5\" disk\nb\n"), STR("5\" disk/b/"),
		"stray-quote@1"},
	{"blank before quote", ',', STR("a, \"b\"\n"), STR("a| \"b\"/"),
		"stray-quote@3 stray-quote@5"},
	{"text behind quote", ',', STR("\"a\"b,c\n"), STR("<a\"b>|c/"), "stray-quote@2"},
	{"blank behind quote", ',', STR("\"a\" ,c\n"), STR("<a\" >|c/"), "stray-quote@2"},
	{"quoted again", ',', STR("\"a\"b\"c,\n\",d\n"), STR("<a\"b\"c,\n>|d/"), "stray-quote@2"},
	{"NUL behind quote", ',', STR("\"a\"\0,c\n"), STR("<a\"\0>|c/"), "stray-quote@2"},
	{"unclosed", ',', STR("a,\"b\nc,d\n"), STR("a|<b\nc,d\n>/"), "unclosed-quote@2"},
	{"unclosed at once", ',', STR("\""), STR("<>/"), "unclosed-quote@0"},
	{"unclosed after pair", ',', STR("\"\"\""), STR("<\">/"), "unclosed-quote@0"},
	{"unclosed again", ',', STR("\"a\"b\"c\n"), STR("<a\"b\"c\n>/"),
		"stray-quote@2 unclosed-quote@7"},
	{"separator is NUL", '\0', STR("a\0b\n"), STR("a|b/"), ""},
};

static void render(struct buf *out, const struct csv_row *row, struct str text)
{
	for (uint32_t i = 0; i < row->n; i++) {
		const struct csv_field *f = &row->at[i];
		char *room = malloc(f->len + 1u);
		struct str s = csv_span(text, f);
		buf_str(out, i ? STR("|") : STR(""));
		buf_str(out, f->quoted ? STR("<") : STR(""));
		buf_str(out, f->doubled ? csv_unquote(s, room) : s);
		buf_str(out, f->quoted ? STR(">") : STR(""));
		free(room);
	}
	buf_putc(out, '/');
}

static void test_case(size_t i)
{
	struct flaw at[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = at};
	struct buf rows = {0}, told = {0};
	struct csv_row row = {0};
	char *copy = malloc(cases[i].text.n + 1);
	struct str rest = {copy, cases[i].text.n};
	const char *broken = NULL;
	bool stray;

	memcpy(copy, cases[i].text.p, cases[i].text.n);
	while (rest.n && !broken) {
		size_t used = csv_tokenise(
			&row, rest, cases[i].separator, &flaws, (size_t)(rest.p - copy));
		broken = csv_law(&row, rest, cases[i].separator, used, &stray);
		render(&rows, &row, rest);
		rest = str_from(rest, used);
	}
	for (uint32_t k = 0; k < flaws.n; k++)
		buf_addf(&told, "%s%s@%u", k ? " " : "", flaw_name(at[k].code), at[k].offset);
	bool good = !broken && str_eq(buf_view(&rows), cases[i].rows) &&
		    str_eq(buf_view(&told), str_of(cases[i].flaws));
	if (!tap_ok(good, cases[i].name, __FILE__, __LINE__))
		printf("# law: %s\n#  got " STR_FMT "   " STR_FMT "\n", broken ? broken : "held",
			STR_ARG(buf_view(&rows)), STR_ARG(buf_view(&told)));
	csv_row_release(&row);
	buf_release(&rows);
	buf_release(&told);
	free(copy);
}

static void test_columns(void)
{
	struct flaw at[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = at};
	struct csv_row row = {0};
	struct buf text = {0};

	for (unsigned i = 1; i < LIMIT_CSV_COLUMNS; i++)
		buf_putc(&text, ',');
	ok(csv_tokenise(&row, buf_view(&text), ',', &flaws, 0) == text.n);
	ok(row.n == LIMIT_CSV_COLUMNS && flaws.n == 0);
	buf_str(&text, STR(",,x\ny"));
	ok(csv_tokenise(&row, buf_view(&text), ',', &flaws, 0) == text.n - 1);
	ok(row.n == LIMIT_CSV_COLUMNS && flaws.n == 1 && at[0].code == FLAW_COLUMN_COUNT);
	ok(at[0].offset == LIMIT_CSV_COLUMNS);
	csv_row_release(&row);
	buf_release(&text);
}

static void test_cuts(void)
{
	static const struct {
		struct str text;
		bool quoted;
		size_t last, first;
		bool quoted_after;
	} cuts[] = {
		{STR(""), false, 0, 0, false},
		{STR(""), true, 0, 0, true},
		{STR("abc"), false, 0, 0, false},
		{STR("a\nb\nc"), false, 4, 2, false},
		{STR("a\nb\nc\n"), false, 6, 2, false},
		{STR("a\r\nb\r\n"), false, 6, 3, false},
		{STR("a\rb\r"), false, 2, 2, false}, /* LF may follow the last CR */
		{STR("a\r"), false, 0, 0, false},
		{STR("a\n\"b\nc"), false, 2, 2, true},
		{STR("\"b\nc\"\nd"), false, 6, 6, false},
		{STR("b\nc\"\nd"), true, 5, 5, false},
		{STR("b\nc\nd"), true, 0, 0, true},
		{STR("\"\"\n\"\n\"\"\n\"\n"), false, 10, 3, false},
		{STR("x\n0123456789abcdef0123456789abcdef"), false, 2, 2, false},
		{STR("x\n0123\"6789abcdef0123456789ab\ndef"), false, 2, 2, true},
	};

	for (size_t i = 0; i < sizeof(cuts) / sizeof(*cuts); i++) {
		bool last = cuts[i].quoted, first = cuts[i].quoted;
		ok(csv_last_row_end(cuts[i].text, &last) == cuts[i].last);
		ok(last == cuts[i].quoted_after);
		ok(csv_first_row_end(cuts[i].text, &first) == cuts[i].first);
		ok(first == (cuts[i].first ? false : cuts[i].quoted_after));
	}
}

/* Against the plain count on pseudo-random texts of all lengths, in one piece and in two. */
static void test_cuts_random(void)
{
	static const char bytes[] = "\"\"\n\r,aaaa";
	static char text[5000];
	uint64_t seed = 42;
	bool good = true;

	for (size_t n = 0; n < sizeof(text); n = n < 300 ? n + 1 : n + 517) {
		for (size_t i = 0; i < n; i++) {
			/* Knuth's MMIX generator. */
			seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
			text[i] = bytes[(seed >> 33) % (sizeof(bytes) - 1)];
		}
		for (int quoted = 0; quoted < 2; quoted++) {
			struct str all = {text, n};
			bool a = quoted, b = quoted, c = quoted;
			good &= csv_last_row_end(all, &a) == law_row_end(all, &b, false) && a == b;
			csv_last_row_end(str_upto(all, n / 3), &c);
			csv_last_row_end(str_from(all, n / 3), &c);
			good &= c == a;
		}
	}
	ok(good);
}

static void test_quote(void)
{
	static const struct {
		struct str in, want;
	} quoted[] = {
		{STR(""), STR("")},
		{STR("a b"), STR("a b")},
		{STR("a,b"), STR("\"a,b\"")},
		{STR("a\"b"), STR("\"a\"\"b\"")},
		{STR("a\nb"), STR("\"a\nb\"")},
		{STR("a\rb"), STR("\"a\rb\"")},
		{STR("a;b\t\0"), STR("a;b\t\0")},
	};

	for (size_t i = 0; i < sizeof(quoted) / sizeof(*quoted); i++) {
		struct buf out = {0};
		csv_quote(&out, quoted[i].in, ',');
		eq_str(buf_view(&out), quoted[i].want);
		buf_release(&out);
	}
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		test_case(i);
	test_columns();
	test_cuts();
	test_cuts_random();
	test_quote();
	return tap_end();
}
