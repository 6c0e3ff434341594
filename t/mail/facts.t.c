/*
 * What mails are said to hold.  With arguments it prints the facts of files, one line of JSON and
 * the names of the flaws each, for tests that hold other parsers' answers against it:
 *
 *	facts.t [-o HOST]… FILE…
 */
#include "t/tap.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "mail/facts.h"
#include "text/json.h"

static struct mail *mail;

static void print_file(const char *path, const struct mail_options *o)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};
	struct buf raw = {0}, out = {0};
	struct err err = {0};

	if (!file_read(AT_FDCWD, path, 1 << 30, &raw, &err))
		BUG("%s", err.msg);
	mail_facts(mail, buf_view(&raw), o, &out, &flaws);
	buf_putc(&out, '\t');
	for (uint32_t i = 0; i < flaws.n; i++)
		buf_addf(&out, " %s@%u", flaw_name(flaws.at[i].code), flaws.at[i].offset);
	buf_putc(&out, '\n');
	fwrite(out.p, 1, out.n, stdout);
	buf_release(&raw);
	buf_release(&out);
}

static int print_files(int argc, char **argv)
{
	struct str hosts[16];
	struct mail_options o = {.own_hosts = hosts};
	int i = 1;

	for (; i + 1 < argc && strcmp(argv[i], "-o") == 0 && o.n_own < 16; i += 2)
		hosts[o.n_own++] = str_of(argv[i + 1]);
	for (; i < argc; i++)
		print_file(argv[i], &o);
	return 0;
}

/* A header field and a member that must be among the facts.  Examples of RFCs, unless it says so. */
static const struct {
	const char *field, *want;
} fields[] = {
	/* RFC 5322 A.1.1 to A.1.3 */
	{"From: John Doe <jdoe@machine.example>",
		"\"from\":[{\"address\":\"jdoe@machine.example\",\"name\":\"John Doe\"}]"},
	{"From: \"Joe Q. Public\" <john.q.public@example.com>",
		"{\"address\":\"john.q.public@example.com\",\"name\":\"Joe Q. Public\"}"},
	{"To: Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>",
		"\"to\":[{\"address\":\"mary@x.test\",\"name\":\"Mary Smith\"},"
		"{\"address\":\"jdoe@example.org\"},"
		"{\"address\":\"one@y.test\",\"name\":\"Who?\"}]"},
	{"Cc: <boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>",
		"\"cc\":[{\"address\":\"boss@nil.test\"},{\"address\":\"sysservices@example.net\","
		"\"name\":\"Giant; \\\"Big\\\" Box\"}]"},
	{"To: A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
		"\"to\":[{\"address\":\"c@a.test\",\"name\":\"Ed Jones\",\"group\":\"A Group\"},"
		"{\"address\":\"joe@where.test\",\"group\":\"A Group\"},"},
	/* A.5 and A.6.1: comments and blanks, a route */
	{"From: Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>",
		"\"address\":\"pete@silly.test\""},
	{"To: Chris Jones <c@(Chris's host.)public.example>, joe@example.org",
		"{\"address\":\"c@public.example\""},
	{"To: Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example",
		"\"to\":[{\"address\":\"mary@example.net\",\"name\":\"Mary Smith\"},"
		"{\"address\":\"jdoe@test.example\"}]"},
	/* Not of an RFC: what is met. */
	{"From: ada@parliament.example (Ada)",
		"{\"address\":\"ada@parliament.example\",\"name\":\"Ada\"}"},
	{"From: King, Ada <ada@parliament.example>", "\"name\":\"King, Ada\""},
	{"From: \"a@b.example\" <c@d.example>",
		"{\"address\":\"c@d.example\",\"name\":\"a@b.example\"}"},
	{"From: <a@b.example> <c@d.example>", "\"address\":\"c@d.example\""},
	{"From: \"Ada <ada@parliament.example>", "\"address\":\"ada@parliament.example\""},
	{"Reply-To: \"a b\"@c.example", "{\"address\":\"\\\"a b\\\"@c.example\"}"},
	/* RFC 2047 §8 */
	{"From: =?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>", "\"name\":\"Keith Moore\""},
	{"To: =?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?= <keld@dkuug.dk>",
		"\"name\":\"Keld J\xc3\xb8rn Simonsen\""},
	{"Subject: =?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\n"
	 " =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=",
		"\"subject\":\"If you can read this you understand the example.\""},
	{"Subject: =?ISO-8859-1?Q?a?= b", "\"subject\":\"a b\""},
	{"Subject: =?ISO-8859-1?Q?a?=\n\t =?ISO-8859-1?Q?b?=", "\"subject\":\"ab\""},
	{"Subject: =?ISO-8859-1?Q?a_b?=", "\"subject\":\"a b\""},
	{"Subject: =?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "\"subject\":\"a b\""},
	/* A character that is split, an unknown set, a word that ends nowhere */
	{"Subject: =?utf-8?B?w6Q=?= =?utf-8?Q?=C3?= =?utf-8?Q?=A4?=",
		"\"subject\":\"\xc3\xa4\xc3\xa4\""},
	{"Subject: =?x-none?Q?=C3=A4?=", "\"subject\":\"\xc3\xa4\""},
	{"Subject: =?utf-8?Q?a", "\"subject\":\"=?utf-8?Q?a\""},
	{"Subject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "\"subject\":\"\xe6\x97\xa5\xe6\x9c\xac\""},
	{"Subject: \xe4", "\"subject\":\"\xc3\xa4\""},
	/* RFC 5322 §3.3, §4.3, A.5, A.6.2 */
	{"Date: Fri, 21 Nov 1997 09:55:06 -0600", "\"date_utc\":\"1997-11-21T15:55:06Z\""},
	{"Date: Thu,\n\t13\n\t  Feb\n\t    1969\n\t23:32\n\t\t\t-0330 (Newfoundland Time)",
		"\"date_utc\":\"1969-02-14T03:02:00Z\""},
	{"Date: 21 Nov 97 09:55:06 GMT", "\"date_utc\":\"1997-11-21T09:55:06Z\""},
	{"Date: Fri, 21 Nov 97 09(comment):   55  :  06 -0600",
		"\"date_utc\":\"1997-11-21T15:55:06Z\""},
	{"Date: 1 Jan 49 00:00 EST", "\"date_utc\":\"2049-01-01T05:00:00Z\""},
	{"Date: 1 Jan 103 00:00 Z", "\"date_utc\":\"2003-01-01T00:00:00Z\""},
	/* ctime(3)'s order; RFC 3339 */
	{"Date: Tue Sep 24 10:00:01 2002 +0200", "\"date_utc\":\"2002-09-24T08:00:01Z\""},
	{"Date: 2024-05-01T10:00:00+02:00", "\"date_utc\":\"2024-05-01T08:00:00Z\""},
	/* RFC 5322 §3.6.4; brackets with blanks, none at all */
	{"Message-ID: <5678.21-Nov-1997@example.com>",
		"\"message_id\":\"5678.21-Nov-1997@example.com\""},
	{"References: <1234@local.machine.example> <3456@example.net>",
		"\"references\":[\"1234@local.machine.example\",\"3456@example.net\"]"},
	{"In-Reply-To: < a@b >", "\"in_reply_to\":[\"a@b\"]"},
	{"In-Reply-To: a@b", "\"in_reply_to\":[\"a@b\"]"},
	/* RFC 2231 §3 to §4.1 */
	{"Content-Type: application/x-stuff; "
	 "title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A;"
	 " name*0*=us-ascii'en'This%20is%20even%20more%20; name*1*=%2A%2A%2Afun%2A%2A%2A%20;"
	 " name*2=\"isn't it!\"",
		"\"name\":\"This is even more ***fun*** isn't it!\""},
	{"Content-Type: text/plain; charset=us-ascii (Plain text)", "\"charset\":\"us-ascii"},
	{"Content-Disposition: attachment; filename=genome.jpeg;",
		"\"disposition\":\"attachment\",\"name\":\"genome.jpeg\""},
	/* Names without quotes and with encoded words, as they are met */
	{"Content-Type: text/plain; name=a b.txt", "\"name\":\"a b.txt\""},
	{"Content-Type: text/plain; name=\"=?utf-8?Q?=C3=A4?=.txt\"", "\"name\":\"\xc3\xa4.txt\""},
	/* RFC 5321 §4.4 and what servers write */
	{"Received: from bar.com by foo.com ; Thu, 21 May 1998 05:33:29 -0700",
		"\"received\":[{\"from\":\"bar.com\",\"by\":\"foo.com\","
		"\"utc\":\"1998-05-21T12:33:29Z\"}]"},
	{"Received: from x.y.test\n   by example.net\n   via TCP\n   with ESMTP\n   id ABC12345\n"
	 "   for <mary@example.net>;  21 Nov 1997 10:05:43 -0600",
		"{\"from\":\"x.y.test\",\"by\":\"example.net\",\"with\":\"ESMTP\","
		"\"id\":\"ABC12345\",\"for\":\"mary@example.net\","},
	{"Received: from HELO (rdns.example [192.0.2.1]) by a.example", "\"ip\":\"192.0.2.1\""},
	{"Received: from unknown (HELO 198.51.100.9) (192.0.2.1) by a.example with SMTP",
		"\"ip\":\"192.0.2.1\""},
	{"Received: from [192.0.2.1] (helo=[198.51.100.9]) by a.example", "\"ip\":\"192.0.2.1\""},
	{"Received: from [198.51.100.9] (rdns.example. [IPv6:2001:db8::1]) by a.example",
		"\"ip\":\"2001:db8::1\""},
	{"Received: from x (198.51.100.9 [192.0.2.1]) by a.example", "\"ip\":\"192.0.2.1\""},
	{"Received: from A.example (2001:db8::2) by B.example (192.0.2.7) with Microsoft SMTP "
	 "Server (TLS) id 15.1.2; Mon, 1 Jan 2024 10:00:00 +0000",
		"{\"from\":\"A.example\",\"ip\":\"2001:db8::2\",\"by\":\"B.example\","
		"\"with\":\"Microsoft SMTP Server\",\"id\":\"15.1.2\","},
	{"Received: (qmail 77 invoked by uid 0); 1 Jan 2024 10:00:00 -0000", "\"received\":[{"},
};

static const char *first_line(const char *text)
{
	static char line[80];

	snprintf(line, sizeof(line), "%.*s", (int)strcspn(text, "\n"), text);
	return line;
}

static void test_fields(void)
{
	static const struct mail_options nobody;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct flaw room[LIMIT_FLAWS_PER_RECORD];
		struct flaws flaws = {.at = room};
		struct buf raw = {0}, out = {0};
		buf_addf(&raw, "%s\nX-End: 1\n\nbody\n", fields[i].field);
		mail_facts(mail, buf_view(&raw), &nobody, &out, &flaws);
		struct str want = str_of(fields[i].want);
		if (!tap_ok(str_find(buf_view(&out), want) < out.n, first_line(fields[i].field),
			    __FILE__, __LINE__))
			printf("#  got " STR_FMT "\n# want %s\n", STR_ARG(buf_view(&out)),
				fields[i].want);
		buf_release(&raw);
		buf_release(&out);
	}
}

#define OWN "Received: from a ([192.0.2.1]) by mx.example.org; Mon, 1 Jan 2024 10:00:00 +0000\n"
#define OTHER "Received: from b ([192.0.2.2]) by mx.evil.example; Mon, 1 Jan 2024 09:00:00 +0000\n"
#define FORGED "Received: from c ([192.0.2.3]) by mx.example.org; Mon, 1 Jan 2001 00:00:00 +0000\n"
#define ENDS "Received: from c by mx.badexample.org; Mon, 1 Jan 2001 00:00:00 +0000\n"

/* What is believed of whose hosts: example.org is ours. */
static const struct {
	const char *mail, *want, *never;
} trust[] = {
	{OWN OTHER "\n", "\"received_utc\":\"2024-01-01T10:00:00Z\"", "\"from\":\"b\",\"own\""},
	{OWN OTHER FORGED "\n", "\"last_hop\":{\"from\":\"a\"", "2001-01-01T00:00:00Z\",\"own\""},
	{OTHER FORGED "\n", "\"last_hop\":{\"from\":\"b\"", "received_utc"},
	{ENDS "\n", "\"received\"", "received_utc"},
	{"From: ada@example.org\nTo: b@evil.example\n\n", "\"direction\":\"outbound\"", "inbound"},
	{"From: ada@example.org\nTo: b@example.org\n\n", "\"direction\":\"internal\"", "inbound"},
	{OWN "From: ada@example.org\nTo: b@example.org\n\n", "\"direction\":\"inbound\"",
		"internal"},
	/* A stranger's mail with a mail in it, and one that plays a journal report. */
	{OWN "Content-Type: message/rfc822\n\n" FORGED "\nx\n", "\"attached\":[{",
		"\"received_utc\":\"2001"},
	{OWN "X-MS-Journal-Report:\nContent-Type: message/rfc822\n\n" FORGED "\nx\n",
		"\"kind\":\"mail\"", "\"received_utc\":\"2001"},
	{"X-MS-Journal-Report:\nContent-Type: message/rfc822\n\n" FORGED "\nx\n",
		"\"received_utc\":\"2001", "attached"},
};

static void test_trust(void)
{
	static const struct str own = {"example.org", 11};
	const struct mail_options o = {.own_hosts = &own, .n_own = 1};

	for (size_t i = 0; i < sizeof(trust) / sizeof(trust[0]); i++) {
		struct flaw room[LIMIT_FLAWS_PER_RECORD];
		struct flaws flaws = {.at = room};
		struct buf out = {0};
		mail_facts(mail, str_of(trust[i].mail), &o, &out, &flaws);
		struct str want = str_of(trust[i].want), never = str_of(trust[i].never);
		if (!tap_ok(str_find(buf_view(&out), want) < out.n &&
				    str_find(buf_view(&out), never) == out.n,
			    first_line(trust[i].mail), __FILE__, __LINE__))
			printf("#  got " STR_FMT "\n# want %s\n# not %s\n", STR_ARG(buf_view(&out)),
				trust[i].want, trust[i].never);
		buf_release(&out);
	}
}

static void hear(void *arg, const struct mail_bytes *b)
{
	struct buf *out = arg;

	buf_addf(out, "[" STR_FMT "|" STR_FMT "|", STR_ARG(b->path), STR_ARG(b->name));
	if (b->path.n)
		buf_str(out, b->bytes);
	else
		buf_addf(out, "%zu", b->bytes.n);
	buf_putc(out, ']');
}

/* Who listens is shown the mail, and each part as it is without its transfer encoding. */
static void test_shown(void)
{
	static const char text[] =
		"From x@example.org Mon Jan  1 00:00:00 2024\n"
		"From: a@example.org\nMIME-Version: 1.0\n"
		"Content-Type: multipart/mixed; boundary=b\n\n"
		"--b\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n"
		"gr=C3=BC=\nn\n"
		"--b\nContent-Type: application/zip; name=\"a.zip\"\n"
		"Content-Transfer-Encoding: base64\n\nUEsDBA==\n"
		"--b\nContent-Type: message/rfc822\n\n"
		"From: i@example.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; "
		"boundary=c\n\n"
		"--c\nContent-Disposition: attachment; filename=in.txt\n\ninner\n--c--\n"
		"--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
		/* "Subject: s\n\nhidden" */
		"U3ViamVjdDogcwoKaGlkZGVu\n"
		"--b--\n\n";
	static const struct mail_options nobody;
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct buf got = {0}, with = {0}, without = {0};
	struct flaws flaws = {.at = room};

	mail_facts(mail, str_of(text), &nobody, &without, &flaws);
	mail_listen(mail, hear, &got);
	mail_facts(mail, str_of(text), &nobody, &with, &flaws);
	mail_listen(mail, NULL, NULL);
	eq_str(buf_view(&with), buf_view(&without));
	struct str all = buf_view(&got);
	ok(str_starts(all, STR("[||")) && str_find(all, STR("[1||gr\xc3\xbcn]")) < all.n);
	ok(str_find(all, STR("[2|a.zip|PK\3\4]")) < all.n);
	ok(str_find(all, STR("[3.1|in.txt|inner]")) < all.n);
	ok(str_find(all, STR("[4||Subject: s\n\nhidden]")) < all.n);
	ok(str_find(all, STR("[4.1||hidden]")) < all.n);
	buf_release(&got);
	buf_release(&with);
	buf_release(&without);
}

int main(int argc, char **argv)
{
	mail = mail_new();
	if (argc > 1)
		return print_files(argc, argv);
	test_fields();
	test_trust();
	test_shown();
	mail_free(mail);
	return tap_end();
}
