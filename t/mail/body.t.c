#include "mail/body.h"

#include <fcntl.h>

#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "mail/mime.h"
#include "t/tap.h"

static struct mail_body *body;
static struct flaw flaw_at[LIMIT_FLAWS_PER_RECORD];
static struct flaws flaws;
static struct buf out;

static void begin(void)
{
	flaws = (struct flaws){.at = flaw_at};
	mail_body_begin(body, &flaws);
}

static struct str end(void)
{
	struct jsonw w = jsonw_of(&out);

	buf_clear(&out);
	jsonw_open(&w, '{');
	mail_body_write(body, &w);
	jsonw_close(&w, '}');
	return buf_view(&out);
}

static struct str one(struct mail_part p)
{
	begin();
	mail_body_part(body, &p);
	return end();
}

/* Without "body", of which mail/words.t.c is the test. */
static struct str references(struct mail_part p)
{
	struct str s = one(p);
	size_t at = str_find(s, STR(",\"body\":"));

	return str_upto(s, at < s.n ? at : s.n - 1);
}

#define PART(kind, content)                                                                        \
	((struct mail_part){.path = STR("1"), .type = STR(kind), .bytes = STR(content)})
#define FILE_PART(kind, file, content)                                                             \
	((struct mail_part){                                                                       \
		.path = STR("2"), .type = STR(kind), .name = STR(file), .bytes = STR(content)})

static void test_members(void)
{
	eq_str(one(PART("text/plain", "")), STR("{}"));
	eq_str(one(PART("image/png", "http://e.example/")), STR("{}"));
	eq_str(references(PART("text/html", "<a href=http://e.example/>x</a><img "
					    "src=http://e.example/i width=1 height=0>")),
		STR("{\"links\":[{\"url\":\"http://e.example/\",\"element\":\"a\",\"part\":\"1\","
		    "\"text\":\"x\"}],\"remote\":[{\"url\":\"http://e.example/i\",\"element\":"
		    "\"img\",\"attribute\":\"src\",\"part\":\"1\",\"width\":1,\"height\":0,"
		    "\"hidden\":true}]"));
	struct str s = one(PART("text/plain", "All the best for you and your family."));
	ok(str_starts(s, STR("{\"body\":{\"simhash\":\"")));
	ok(str_ends(s, STR("\",\"language\":\"en\",\"words\":8}}")));
}

/* METHODS 1.8 (2): SafeLinks inside Proofpoint; the quoted-printable around it is gone already. */
static void test_rewriters(void)
{
	eq_str(references(PART("text/html",
		       "<a "
		       "href='https://urldefense.proofpoint.com/v2/"
		       "url?u=https-3A__eur01.safelinks.protection.outlook.com_-3Furl-3Dhttps-253A-"
		       "252F-252Fevil.example-252Fa-26data-3D05&d=x'>x</a>")),
		STR("{\"links\":[{\"url\":\"https://urldefense.proofpoint.com/v2/"
		    "url?u=https-3A__eur01.safelinks.protection.outlook.com_-3Furl-3Dhttps-253A-"
		    "252F-252Fevil.example-252Fa-26data-3D05&d=x\",\"element\":\"a\",\"part\":"
		    "\"1\",\"text\":\"x\",\"layers\":[{\"wrapper\":\"proofpoint-v2\",\"url\":"
		    "\"https://eur01.safelinks.protection.outlook.com/"
		    "?url=https%3A%2F%2Fevil.example%2Fa&data=05\"},{\"wrapper\":\"safelinks\","
		    "\"url\":\"https://evil.example/a\"}]}]"));
}

/* METHODS 1.8 (3): a report's defanged link has no "url", which is what is looked up. */
static void test_defanged(void)
{
	eq_str(references(PART("text/plain", "seen at hxxps[:]//evil[.]example.")),
		STR("{\"links\":[{\"defanged\":\"https://evil.example\",\"element\":\"text\","
		    "\"part\":\"1\",\"text\":\"hxxps[:]//evil[.]example.\"}]"));
}

#define LINK(element, part)                                                                        \
	"{\"links\":[{\"url\":\"http://e.example/ab\",\"element\":\"" element                      \
	"\",\"part\":\"" part "\"}]"
#define REMOTE(element, attribute)                                                                 \
	"{\"remote\":[{\"url\":\"http://e.example/ab\",\"element\":\"" element                     \
	"\",\"attribute\":\"" attribute "\",\"part\":\"2\"}]"

static void test_attachments(void)
{
	eq_str(references(FILE_PART("text/calendar", "a.ics",
		       "DESCRIPTION:a\\nhttp://e.examp\r\n le/ab\\n\r\n")),
		STR(LINK("text", "2")));
	eq_str(references(FILE_PART("text/calendar", "",
		       "X-ALT-DESC;FMTTYPE=text/html:<img src=\"http://e.examp\r\n le/ab\">\r\n")),
		STR(REMOTE("img", "src")));
	eq_str(references(FILE_PART(
		       "application/octet-stream", "A.HTML", "<img src=http://e.example/ab>")),
		STR(REMOTE("img", "src")));
	eq_str(references(FILE_PART("image/svg+xml", "a.svg",
		       "<?xml version='1.0'?><svg xmlns:xlink='http://www.w3.org/1999/xlink'>"
		       "<image xlink:href='http://e.example/ab'/></svg>")),
		STR(REMOTE("image", "xlink:href")));
	eq_str(references(FILE_PART("application/octet-stream", "a.eml",
		       "Subject: x\r\nContent-Type: text/plain\r\n"
		       "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
		       "http://e.example/=\r\nab\r\n")),
		STR(LINK("text", "2")));
	eq_str(references(FILE_PART("application/octet-stream", "a.eml",
		       "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
		       "Content-Disposition: attachment; filename=b.eml\r\n\r\nSubject: y\r\n\r\n"
		       "http://e.example/c\r\n--x--\r\n")),
		STR("{"));
	ok(flaws.n == 1 && flaw_at[0].code == FLAW_NESTED_TOO_DEEP);
	eq_str(one(FILE_PART("text/plain", "a.txt", "http://e.example/ab words that are none")),
		STR(LINK("text", "2") "}"));
}

static void test_charset(void)
{
	struct mail_part p = PART("text/html", "\x10\x11\x12");

	p.charset = STR("utf-7");
	p.bytes = STR("+ADw-img src+AD0-http://e.example/ab+AD4-");
	p.path = STR("2");
	eq_str(references(p), STR(REMOTE("img", "src")));
	p = PART("text/plain", "http://e.example/a \nb");
	p.flowed = p.delsp = true;
	eq_str(references(p), STR(LINK("text", "1")));
}

/* HTML says what the body is, whichever comes first; what is attached isn't the body. */
static void test_alternatives(void)
{
	struct mail_part plain = PART("text/plain", "one two three"),
			 html = PART("text/html", "<p>one two"),
			 file = FILE_PART("text/html", "x.html", "<p>one");
	struct str want = STR("\"words\":2}}");

	begin();
	mail_body_part(body, &plain);
	mail_body_part(body, &html);
	mail_body_part(body, &file);
	ok(str_ends(end(), want));
	begin();
	mail_body_part(body, &html);
	mail_body_part(body, &plain);
	ok(str_ends(end(), want));
	begin();
	mail_body_part(body, &file);
	eq_str(end(), STR("{}"));
}

static void test_limits(void)
{
	struct buf b = {0};
	struct mail_part p = PART("text/html", "");

	while (b.n < LIMIT_MAIL_PART_BYTES)
		buf_str(&b, STR("<b></b>                         "));
	buf_str(&b, STR("<img src=http://e.example/>"));
	p.bytes = buf_view(&b);
	eq_str(one(p), STR("{}"));
	ok(flaws.n == 1 && flaw_at[0].code == FLAW_VALUE_CUT);
	buf_release(&b);
}

/* With files as arguments: what each mail refers to, a line of JSON each, for links.t.py. */
static void print_mail(struct arena *a, struct charsets *c, const char *path)
{
	struct err err = {0};
	struct file_map map;

	if (!file_map(AT_FDCWD, path, &map, &err))
		BUG("%s", err.msg);
	begin();
	struct mail_reading r = {a, c, &flaws};
	struct mime mime = mime_read(&r, map.bytes, 0);
	for (uint32_t i = 0; i < mime.n_parts; i++) {
		const struct mime_part *m = &mime.parts[i];
		struct mail_part p = {.path = m->path,
			.type = m->type->value,
			.charset = params_get(m->type, STR("charset")),
			.name = params_get(m->disposition, STR("filename")),
			.bytes = mime_decode(&r, m)};
		if (m->message == MIME_NONE)
			mail_body_part(body, &p);
	}
	struct str json = end();
	printf(STR_FMT "\n", STR_ARG(json));
	arena_rewind(a, (struct arena_mark){0});
	file_unmap(&map);
}

static int print_mails(int n, char **paths)
{
	struct charsets *c = charsets_new();
	struct arena a = {0};

	for (int i = 0; i < n; i++)
		print_mail(&a, c, paths[i]);
	arena_release(&a);
	charsets_free(c);
	mail_body_free(body);
	buf_release(&out);
	return 0;
}

int main(int argc, char **argv)
{
	body = mail_body_new();
	if (argc > 1)
		return print_mails(argc - 1, argv + 1);
	test_members();
	test_rewriters();
	test_defanged();
	test_attachments();
	test_charset();
	test_alternatives();
	test_limits();
	mail_body_free(body);
	buf_release(&out);
	return tap_end();
}
