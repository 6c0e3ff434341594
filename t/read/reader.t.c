#include "t/tap.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "read/cutter.h"
#include "read/reader.h"

static struct formats *formats;

#define UAL(id) "{\"Id\":\"" id "\",\"RecordType\":1,\"CreationTime\":\"2024-01-01T00:00:00\"}"
#define COLUMNS "#fields\tts\tuid\tid.orig_h\n#types\ttime\tstring\taddr\n"
#define ROW(uid) "1714521600.5\t" uid "\t192.0.2.1"

/*
 * want: each record as its length, '+' if it is an event, and its flaws.  Hostile or broken
 * bytes: nothing is lost, what can be read is, and what is wrong has its name.
 */
static const struct {
	const char *name;
	struct str source;
	const char *want;
} cases[] = {
	{"lines", STR(UAL("1") "\n" UAL("2") "\r\n\n  \n" UAL("3")), "62+ 62+ 62+"},
	{"a line that is no JSON", STR(UAL("1") "\nhello\n" UAL("2") "\n"),
		"62+ 5!unrecognised 62+"},
	{"a line cut off",
		STR(UAL("1") "\n{\"Id\":\"2\",\"RecordType\":1,\"CreationTime\":\"2024-01-01T00:00:"
			     "00"),
		"62+ 60+!truncated"},
	{"a NUL in a line",
		STR("{\"Id\":\"1\0\",\"RecordType\":1,\"CreationTime\":\"2024-01-01T00:00:00\"}"
		    "\n" UAL("2") "\n"),
		"63+!control-byte 62+"},
	{"bytes that are not UTF-8",
		STR("{\"Id\":\"1\xff\",\"RecordType\":1,\"CreationTime\":\"2024-01-01T00:00:00\"}"
		    "\n"),
		"63+!bad-utf8"},
	{"a key twice",
		STR("{\"Id\":\"1\",\"Id\":\"2\",\"RecordType\":1,\"CreationTime\":\"2024-01-01T00:"
		    "00:00\"}\n"),
		"71+!duplicate-key"},
	{"a number beyond all",
		STR("{\"Id\":\"1\",\"RecordType\":99999999999999999999999999,\"CreationTime\":"
		    "\"2024-01-01T00:00:00\"}\n"),
		"87+"},
	{"a lone surrogate",
		STR("{\"Id\":\"\\ud800\",\"RecordType\":1,\"CreationTime\":\"2024-01-01T00:00:00\"}"
		    "\n"),
		"67+!lone-surrogate"},
	{"no time", STR("{\"Id\":\"1\",\"RecordType\":1,\"CreationTime\":\"soon\"}\n"),
		"47+!bad-time!no-time"},
	{"two values in a line", STR(UAL("1") "\n" UAL("2") UAL("3") "\n"),
		"62+ 124+!trailing-bytes"},
	{"a document cut off",
		STR("{\"value\":[" UAL("1") ",\n" UAL("2") ",{\"Id\":\"3\",\"Record"),
		"62+ 62+ 17!truncated!unrecognised"},
	{"a value between records", STR("[" UAL("1") ",null,17,\"x\"," UAL("2") "]"),
		"62+ 4!unrecognised 2!unrecognised 3!unrecognised 62+"},

	{"a quote that never closes",
		STR("Operations,UserIds,AuditData,CreationDate\na,b,\"{\n"
		    "c,d,,1/2/2024 3:04:05 AM\n"),
		"6!unclosed-quote!column-count!truncated!unrecognised 24+"},
	{"a quote that closes too late",
		STR("Operations,UserIds,AuditData,CreationDate\n"
		    "a,\"b,,1/2/2024 3:04:05 AM\nc,\"d\",,1/2/2024 3:04:05 AM\ne,f,,1/2/2024 "
		    "3:04:05 AM\n"),
		"25!unclosed-quote!column-count!unrecognised 26+ 24+"},
	{"a column too few, one too many",
		STR("Operations,UserIds,AuditData,CreationDate\n"
		    "a,b,,1/2/2024 3:04:05 AM\nc,d,\ne,f,,1/2/2024 3:04:05 AM,more\n"),
		"24+ 4!column-count!unrecognised 29+!column-count"},
	{"a row of two lines",
		STR("Operations,UserIds,AuditData,CreationDate\n\"a\nb\",c,,1/2/2024 3:04:05 AM\n"),
		"28+"},
	{"half of the JSON in a cell",
		STR("Operations,UserIds,AuditData\na,b,\"{\"\"Id\"\":\"\"1\"\",\"\"RecordType\"\":"
		    "1,\"\"CreationTime\"\":\"\"2024-01-01T00:00:00\"\n"),
		"75+!truncated"},

	{"a Zeek log cut in a line", STR(COLUMNS ROW("C1") "\n1714521600.5\tC2"),
		"25+ 15+!truncated"},
	{"a Zeek log cut in its last cell", STR(COLUMNS ROW("C1") "\n" ROW("C2")), "25+ 25+"},
	{"cells missing and too many", STR(COLUMNS "1714521600.5\tC2\n" ROW("C3") "\t9\n"),
		"15+!column-count 27+!column-count"},
	{"no columns named", STR("#path\tconn\n" ROW("C1") "\n"), "25!no-header!unrecognised"},
	{"a separator of lists that is empty",
		STR("#set_separator\t\n#path\tdns\n#fields\tts\tuid\tquery\tanswers\n"
		    "#types\ttime\tstring\tstring\tvector[string]\n"
		    "1714521600.5\tC1\texample.org\ta,b\n"),
		"31+"},
	{"names that are the reader's",
		STR("{\"mail\":1,\"#mail\":\"mail\",\"kind\":\"mail\",\"sha256\":\"00\"}\n"
		    "{\"#line\":\"squid\",\"time\":\"1714521600.5\"}\n" UAL("1") "\n"),
		"53!unrecognised 39!unrecognised 62+"},
	{"columns that are the reader's", STR("kind,#mail,mail,sha256\nmail,mail,1,00\n"),
		"14!unrecognised"},
	{"only a header", STR(COLUMNS), ""},
	{"an empty source", STR(""), ""},
	{"blank lines", STR("\n\n \n"), ""},
};

static void print_records(struct str source, struct buf *out)
{
	struct cutter *c = cutter_new(str_upto(source, LIMIT_PREAMBLE_BYTES));
	struct reader *r = reader_new(formats);
	size_t n;

	for (; (n = cutter_cut(c, source, true)) > 0; source = str_from(source, n)) {
		struct batch_head head = {.decoding = STR(""), .forced = STR("")};
		struct record rec;
		cutter_head(c, &head);
		reader_begin(r, &head, str_upto(source, n));
		while (reader_next(r, &rec)) {
			buf_addf(out, "%s%u%s", out->n ? " " : "", rec.span.len,
				rec.has_event ? "+" : "");
			for (uint32_t i = 0; i < rec.flaws.n; i++)
				buf_addf(out, "!%s", flaw_name(rec.flaws.at[i].code));
		}
	}
	reader_free(r);
	cutter_free(c);
}

static bool skip_second(void *arg, uint32_t number)
{
	(void)arg;
	return number == 1;
}

static void count_progress(void *arg, uint32_t number)
{
	uint32_t *next = arg;

	ok(number == *next || number == *next + 1);
	*next = number;
}

/* A record that killed a parser is stepped over, and no other. */
static void check_skip(void)
{
	struct batch_head head = {.decoding = STR(""), .forced = STR("")};
	struct reader *r = reader_new(formats);
	struct record rec;
	uint32_t seen = 0;

	reader_skip(r, skip_second, NULL);
	reader_progress(r, count_progress, &seen);
	reader_begin(r, &head, STR(UAL("1") "\n" UAL("2") "\n" UAL("3") "\n"));
	ok(reader_next(r, &rec) && rec.number == 0 && rec.has_event);
	ok(reader_next(r, &rec) && rec.number == 1 && !rec.has_event && rec.span.len == 62);
	seen = 1;
	ok(reader_next(r, &rec) && rec.number == 2 && rec.has_event);
	ok(!reader_next(r, &rec));
	reader_free(r);
}

/* The same event from the record alone, as rendering does it. */
static void check_one(void)
{
	struct batch_head head = {
		.framing = FRAMING_ZEEK_TSV, .decoding = STR(""), .forced = STR("")};
	struct reader *r = reader_new(formats);
	struct str raw = STR(ROW("C1") "\n" ROW("C2") "\n");
	struct record rec, one;

	head.preamble = STR(COLUMNS);
	reader_begin(r, &head, raw);
	ok(reader_next(r, &rec) && reader_next(r, &rec) && rec.has_event);
	struct event_id id = rec.event.id;
	uint32_t values = rec.event.n_values;
	ok(reader_one(r, &head, str_upto(str_from(raw, rec.span.off), rec.span.len), &one));
	ok(memcmp(&one.event.id, &id, sizeof(id)) == 0 && one.event.n_values == values);
	reader_free(r);
}

/* 10,000 levels, and a value of more mapped parts than an event has room for. */
static void check_extremes(void)
{
	struct buf b = {0}, out = {0};

	buf_str(&b, STR("{\"Id\":\"1\",\"RecordType\":1,\"CreationTime\":\"2024-01-01T00:00:00\","
			"\"x\":"));
	for (int i = 0; i < 10000; i++)
		buf_str(&b, STR("[{\"a\":"));
	buf_str(&b, STR("1"));
	for (int i = 0; i < 10000; i++)
		buf_str(&b, STR("}]"));
	buf_str(&b, STR("}\n"));
	buf_str(&b, STR("{\"Id\":\"1\",\"RecordType\":1,\"CreationTime\":\"2024-01-01T00:00:00\","
			"\"x\":["));
	for (int i = 0; i < 5000; i++)
		buf_addf(&b, "\"value%d\",", i);
	buf_str(&b, STR("\"end\"]}\n" UAL("3") "\n"));
	print_records(buf_view(&b), &out);
	printf("# " STR_FMT "\n", STR_ARG(buf_view(&out)));
	ok(str_find(buf_view(&out), STR("+!too-deep")) < out.n);
	ok(str_find(buf_view(&out), STR("+!too-many-values 62+")) < out.n);
	buf_release(&b);
	buf_release(&out);
}

/* A line beyond the limit of a record is kept in pieces, and what follows is read. */
static void check_too_long(void)
{
	size_t n = LIMIT_RECORD_BYTES + 1000;
	struct buf b = {0}, out = {0};
	char want[100];

	buf_str(&b, STR(UAL("1") "\n"));
	buf_reserve(&b, n);
	memset(b.p + b.n, 'x', n);
	b.n += n;
	buf_str(&b, STR("\n" UAL("2") "\n"));
	print_records(buf_view(&b), &out);
	snprintf(want, sizeof(want), "62+ %u!too-long 1000!too-long 62+", LIMIT_RECORD_BYTES);
	eq_str(buf_view(&out), str_of(want));
	buf_release(&b);
	buf_release(&out);
}

int main(void)
{
	const char *const folders[] = {"formats"};
	struct err err = {0};

	if (!ok(formats_load(folders, 1, &formats, &err)))
		BUG("%s", err.msg);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b = {0};
		printf("# %s\n", cases[i].name);
		print_records(cases[i].source, &b);
		eq_str(buf_view(&b), str_of(cases[i].want));
		buf_release(&b);
	}
	check_skip();
	check_one();
	check_extremes();
	check_too_long();
	formats_free(formats);
	return tap_end();
}
