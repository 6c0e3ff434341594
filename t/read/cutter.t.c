#include "t/tap.h"

#include "base/buf.h"
#include "base/limits.h"
#include "read/cutter.h"
#include "read/sniff.h"

static const struct {
	const char *head;
	enum framing_kind framing;
	char separator;
	size_t header; /* bytes */
} heads[] = {
	{"{\"a\":1}\n{\"a\":2}\n", FRAMING_LINES, 0, 0},
	{"{\"a\":1}", FRAMING_LINES, 0, 0},
	{"  {\"a\":1}\r\n{\"a\":2}\r\n", FRAMING_LINES, 0, 0},
	{"{\"a\":\"cut off in the first li", FRAMING_LINES, 0, 0},
	{"{\"a\":{[\n{\"a\":1}\n", FRAMING_LINES, 0, 0},
	{"{\"a\":{[\n  {\"a\":1}\n", FRAMING_JSON, 0, 0},
	{"{\n \"a\":1\n}\n", FRAMING_JSON, 0, 0},
	{"[\n", FRAMING_JSON, 0, 0},
	{"{\"Records\":[{\"a\":1}]}", FRAMING_JSON, 0, 0},
	{"{\"a\":1}{\"a\":2}\n", FRAMING_JSON, 0, 0},
	{"{\"data\":[{\"a\":1}]}", FRAMING_JSON, 0, 0},
	{"{\"data\":[{\"a\":1}]}\n{\"data\":[{\"a\":1}]}\n", FRAMING_LINES, 0, 0},
	{"#Software: IIS\r\n#Fields: date time c-ip\r\n", FRAMING_W3C, 0, 0},
	{"#Version: 1.0\n#fields: a,b\n1,2\n", FRAMING_W3C, 0, 0},
	{"a,b\n#Software: X\n#Fields: a,b\n1,2\n", FRAMING_W3C, 0, 4},
	{"a,b\n#Fields: a,c\n1,2\n", FRAMING_CSV, ',', 4},
	{"#Fields:\n1 2\n", FRAMING_LINES, 0, 0},
	{"#Software: IIS\n1 2\n#Fields: a b\n", FRAMING_LINES, 0, 0},
	{"#separator \\x09\n#fields\ta\tb\n1\t2\n", FRAMING_ZEEK_TSV, '\t', 0},
	{"### a comment\n#path\tconn\n", FRAMING_ZEEK_TSV, '\t', 0},
	{"a,b,c\n1,2,3\n", FRAMING_CSV, ',', 6},
	{"a;b;c\r\n1,5;2;3\r\n", FRAMING_CSV, ';', 7},
	{"a\tb\n1\t2\n", FRAMING_CSV, '\t', 4},
	{"a|b\n1|2\n", FRAMING_CSV, '|', 4},
	{"\"a,x\",\"b\ny\"\n1,2\n", FRAMING_CSV, ',', 12},
	{"# said by hand\nsep=;\na;b\n1;2\n", FRAMING_CSV, ';', 25},
	{"AuditData\n\"{\"\"a\"\":1}\"\n", FRAMING_CSV, ',', 10},
	{"a,b\n", FRAMING_CSV, ',', 4},
	{"Jan 1 12:00:00 host sshd[1]: hello\nJan 1 12:00:01 host x\n", FRAMING_LINES, 0, 0},
	{"Hello, world\nno more\n", FRAMING_LINES, 0, 0},
	{"1,2,3\n4,5,6\n", FRAMING_LINES, 0, 0},
	{"From a@b.example Mon Jan  1 10:00:00 2024\nTo: x\n\nx\n", FRAMING_MBOX, 0, 0},
	{"From - Mon Jan 01 10:00:00 2024\r\nTo: x\r\n", FRAMING_MBOX, 0, 0},
	{"From a@b.example Mon Jan  1 10:00:00 2024\n\n", FRAMING_MBOX, 0, 0},
	{"From a@b.example Mon Jan  1 10:00:00 2024\nno header\n", FRAMING_LINES, 0, 0},
	{"From now on, at 10:00, no more of 2024\nTo: x\n\n", FRAMING_LINES, 0, 0},
	{"Received: from a\n\tby b\nX-Y: z\n", FRAMING_MAIL, 0, 0},
	{"\xef\xbb\xbfSubject: x\n\n", FRAMING_MAIL, 0, 0},
	{"From\n : a@b.example\nTo: x\n\n", FRAMING_LINES, 0, 0},
	{"X-A: 1\nFrom\n : a@b.example\nTo: x\n\n", FRAMING_MAIL, 0, 0},
	{"Content-Type: text/plain\r\n\r\nx", FRAMING_MAIL, 0, 0},
	{"X-A: 1\nX-B: 2\n\nx", FRAMING_LINES, 0, 0},
	{"Date: 2024\nno more\nof it\n", FRAMING_LINES, 0, 0},
	{"2024-01-01T10:00:00Z host a: b\nTo: x\n\n", FRAMING_LINES, 0, 0},
	{"", FRAMING_LINES, 0, 0},
	{"\n\n", FRAMING_LINES, 0, 0},
	{"# only a comment\n", FRAMING_LINES, 0, 0},
};

static void check_sniff(void)
{
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct sniffed s = sniff(str_of(heads[i].head));
		printf("# '%s'\n", heads[i].head[0] == '#' ? "(comment)" : "");
		bool same = s.framing == heads[i].framing && s.header == heads[i].header &&
			    (s.framing != FRAMING_CSV || s.separator == heads[i].separator);
		if (!ok(same))
			printf("# %zu: framing %d, separator %d, header %zu\n", i, s.framing,
				s.separator, s.header);
	}
}

/* The batches as "at:n preamble" joined by blanks. */
static void cuts(struct str source, size_t batch, struct buf *out)
{
	struct cutter *c = cutter_new(str_upto(source, LIMIT_PREAMBLE_BYTES));
	size_t n;

	cutter_batch_bytes(c, batch);
	for (; (n = cutter_cut(c, source, true)) > 0; source = str_from(source, n)) {
		struct batch_head h;
		cutter_head(c, &h);
		buf_addf(out, "%s%lu:%zu=", out->n ? " " : "", (unsigned long)h.source_offset, n);
		for (size_t i = 0; i < h.preamble.n; i++)
			buf_putc(out, h.preamble.p[i] == '\n' ? '$' : h.preamble.p[i]);
	}
	cutter_free(c);
}

#define MAIL_A "From a Mon Jan  1 10:00:00 2024\nTo: x\n\nFrom now on\n"
#define MAIL_B "From b Tue Jan  2 10:00:00 2024\nTo: y\n\n>From\n\n"

static const struct {
	const char *source;
	size_t batch;
	const char *want;
} cases[] = {
	{"aaaa\nbbbb\ncccc\n", 4, "0:5= 5:5= 10:5="},
	{"aaaa\nbbbb\ncccc\n", 6, "0:10= 10:5="},
	{"aaaa\nbbbb\ncc", 100, "0:12="},
	{"x,y\n1,\"a\nb\"\n2,c\n3,d\n", 14, "0:12=x,y$ 12:8=x,y$"},
	{"[{\"a\":1},{\"a\":2},{\"a\":3}]", 10, "0:16=tt---0: 16:9=at---0:"},
	{"{\"Records\":[{\"a\":1},{\"a\":2}],\"x\":1}", 15,
		"0:19=tt---0:Records 19:16=atw--0:Records"},
	/* A header's change ends a batch; the same header again does not. */
	{"#separator \\x09\n#path\ta\n#fields\tx\n1\n2\n#close\tt\n#separator "
	 "\\x09\n#path\tb\n#fields\tx\n3\n",
		1000,
		"0:63=#separator \\x09$#path\ta$#fields\tx$ 63:20=#separator "
		"\\x09$#path\tb$#fields\tx$"},
	{"#separator \\x09\n#fields\tx\n1\n#close\tt\n#separator \\x09\n#fields\tx\n2\n", 1000,
		"0:65=#separator \\x09$#fields\tx$"},
	/* W3C: the same, and the row of names before the header has that header. */
	{"#Date: 1\n#Fields: a\n1\n#Date: 1\n2\n#Date: 2\n#Fields: a\n3\n", 1000,
		"0:33=#Fields: a$#Date: 1$ 33:22=#Fields: a$#Date: 2$"},
	{"a\n#Date: 1\n#Fields: a\n1\n", 1000, "0:24=#Fields: a$#Date: 1$"},
	{"a\n#Date: 1\n#Fields: a\n1\n", 1,
		"0:2=#Fields: a$#Date: 1$ 2:9=#Fields: a$#Date: 1$ "
		"11:11=#Fields: a$#Date: 1$ 22:2=#Fields: a$#Date: 1$"},
	/* An mbox is cut in front of a mail. */
	{MAIL_A MAIL_B MAIL_A, 5, "0:51= 51:46= 97:51="},
	{MAIL_A MAIL_B MAIL_A, 51, "0:51= 51:97="},
	{MAIL_A MAIL_B MAIL_A, 52, "0:97= 97:51="},
	{"To: x\nCc: y\n\n" MAIL_B, 5, "0:59="},
	{"#separator \\x09\n#fields\tx\n1\n2\n3\n", 29,
		"0:30=#separator \\x09$#fields\tx$ 30:2=#separator \\x09$#fields\tx$"},
};

/* At the real limits: a line of 100 MiB comes in slices that say that they go on. */
static void check_long_line(void)
{
	size_t n = 100u << 20, cut, sum = 0;
	struct buf b = {0};
	struct batch_head h;

	buf_str(&b, STR("{\"a\":1}\n"));
	buf_reserve(&b, n);
	memset(b.p + b.n, 'x', n);
	b.n += n;
	buf_str(&b, STR("\n{\"a\":2}\n"));
	struct str source = buf_view(&b);
	struct cutter *c = cutter_new(str_upto(source, LIMIT_PREAMBLE_BYTES));
	ok(cutter_cut(c, str_upto(source, LIMIT_BATCH_BYTES + 5), false) == 0);
	for (int i = 0; (cut = cutter_cut(c, str_from(source, sum), true)) > 0; i++) {
		sum += cut;
		cutter_head(c, &h);
		ok(cut <= LIMIT_SLICE_BYTES);
		ok(str_starts(h.preamble, STR(PREAMBLE_INSIDE)) == (i > 0));
	}
	ok(sum == source.n);
	cutter_free(c);
	buf_release(&b);
}

/* More line ends than a batch may have records. */
static void check_many_lines(void)
{
	size_t n = LIMIT_RECORDS_PER_BATCH + 10;
	struct buf b = {0};

	buf_reserve(&b, n);
	memset(b.p, '\n', n);
	b.n = n;
	struct cutter *c = cutter_new(str_upto(buf_view(&b), LIMIT_PREAMBLE_BYTES));
	ok(cutter_cut(c, buf_view(&b), true) == LIMIT_RECORDS_PER_BATCH);
	ok(cutter_cut(c, str_from(buf_view(&b), LIMIT_RECORDS_PER_BATCH), true) == 10);
	ok(cutter_cut(c, STR(""), true) == 0);
	cutter_free(c);
	buf_release(&b);
}

int main(void)
{
	check_sniff();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b = {0};
		cuts(str_of(cases[i].source), cases[i].batch, &b);
		eq_str(buf_view(&b), str_of(cases[i].want));
		buf_release(&b);
	}
	check_long_line();
	check_many_lines();
	return tap_end();
}
