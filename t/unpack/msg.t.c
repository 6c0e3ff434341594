#include "t/tap.h"
#include "t/unpack/cfb.h"
#include "t/unpack/unpack.h"

/* "PQRS" as UTF-16 is the streams' usual text; here from ASCII. */
static struct str utf16(struct buf *b, const char *s)
{
	buf_clear(b);
	for (; *s; s++)
		buf_u16(b, (unsigned char)*s);
	return buf_view(b);
}

/* A properties stream ([MS-OXMSG] §2.4): `head` zeros, then tag and value of each. */
static struct str props(struct buf *b, size_t head, const uint64_t (*values)[2], size_t n)
{
	buf_clear(b);
	while (b->n < head)
		buf_putc(b, 0);
	for (size_t i = 0; i < n; i++) {
		buf_u32(b, (uint32_t)values[i][0]);
		buf_u32(b, 6);
		buf_u64(b, values[i][1]);
	}
	return buf_view(b);
}

/* 2024-05-01T00:00:00Z as a FILETIME: (1714521600 + 11644473600) * 10^7. */
#define MAY_1 UINT64_C(133589952000000000)

static void write_message(struct buf *out)
{
	static const uint64_t top[][2] = {{0x00390040, MAY_1}, {0x3fde0003, 65001}};
	static const uint64_t to[][2] = {{0x0c150003, 1}}, cc[][2] = {{0x0c150003, 2}};
	struct buf b[16] = {0};
	struct cfb_node nodes[] = {
		{"Root Entry", -1, true, STR("")},
		{"__properties_version1.0", 0, false, props(&b[0], 32, top, 2)},
		{"__substg1.0_001A001F", 0, false, utf16(&b[1], "IPM.Note")},
		{"__substg1.0_0037001F", 0, false,
			utf16(&b[2], "Minutes\r\nBcc: forged@example.org")},
		{"__substg1.0_0042001F", 0, false, utf16(&b[3], "Ada")},
		{"__substg1.0_5D02001F", 0, false, utf16(&b[4], "ada@example.org")},
		{"__substg1.0_1000001F", 0, false,
			utf16(&b[5], "Hello\r\nFrom here on\r\n>From too\r\n")},
		{"__substg1.0_10130102", 0, false, STR("<p>Hello</p>")},
		{"__recip_version1.0_#00000000", 0, true, STR("")},
		{"__properties_version1.0", 8, false, props(&b[6], 8, to, 1)},
		{"__substg1.0_3001001F", 8, false, utf16(&b[7], "Ben")},
		{"__substg1.0_39FE001F", 8, false, utf16(&b[8], "ben@example.org")},
		{"__recip_version1.0_#00000001", 0, true, STR("")},
		{"__properties_version1.0", 12, false, props(&b[9], 8, cc, 1)},
		{"__substg1.0_3001001F", 12, false, utf16(&b[10], "Cy")},
		{"__substg1.0_3003001F", 12, false, utf16(&b[11], "/o=x/cn=cy")},
		{"__attach_version1.0_#00000000", 0, true, STR("")},
		{"__properties_version1.0", 16, false, props(&b[12], 8, NULL, 0)},
		{"__substg1.0_3707001F", 16, false, utf16(&b[13], "a.bin")},
		{"__substg1.0_37010102", 16, false, STR("\x00\x01\x02")},
	};

	cfb_write(nodes, sizeof(nodes) / sizeof(nodes[0]), out);
	for (size_t i = 0; i < 16; i++)
		buf_release(&b[i]);
}

static const char want[] = "From spoor@localhost Wed May 01 00:00:00 2024\n"
			   "From: \"Ada\" <ada@example.org>\n"
			   "To: \"Ben\" <ben@example.org>\n"
			   "Cc: \"Cy\" <>\n"
			   "X-Spoor-Exchange-Address: Cc; Cy; /o=x/cn=cy\n"
			   "Date: Wed, 01 May 2024 00:00:00 +0000\n"
			   "Subject: =?UTF-8?B?TWludXRlcyAgQmNjOiBmb3JnZWRAZXhhbXBsZS5vcmc=?=\n"
			   "X-Spoor-Source: msg\n"
			   "X-Spoor-Message-Class: IPM.Note\n"
			   "MIME-Version: 1.0\n"
			   "Content-Type: multipart/mixed; boundary=\"=_B\"\n"
			   "\n"
			   "--=_B\n"
			   "Content-Type: multipart/alternative; boundary=\"=_B-a\"\n"
			   "\n"
			   "--=_B-a\n"
			   "Content-Type: text/plain; charset=utf-8\n"
			   "Content-Transfer-Encoding: 8bit\n"
			   "\n"
			   "Hello\n"
			   ">From here on\n"
			   ">>From too\n"
			   "\n"
			   "--=_B-a\n"
			   "Content-Type: text/html; charset=UTF-8\n"
			   "Content-Transfer-Encoding: 8bit\n"
			   "\n"
			   "<p>Hello</p>\n"
			   "\n"
			   "--=_B-a--\n"
			   "\n"
			   "--=_B\n"
			   "Content-Type: application/octet-stream\n"
			   "Content-Disposition: attachment;\n"
			   "\tfilename=\"a.bin\"\n"
			   "Content-Transfer-Encoding: base64\n"
			   "\n"
			   "AAEC\n"
			   "\n"
			   "--=_B--\n"
			   "\n";

/* The boundary is 32 digits of a hash: shown as B. */
static void hide_boundary(struct str s, struct buf *out)
{
	while (s.n) {
		size_t at = str_find(s, STR("=_"));
		buf_str(out, str_upto(s, at));
		s = str_from(s, at);
		if (s.n) {
			buf_str(out, STR("=_B"));
			s = str_from(s, 34);
		}
	}
}

static void a_message_is_a_mail(void)
{
	struct buf file = {0}, shown = {0}, room = {0};
	struct unpacked p;

	write_message(&file);
	unpack_this(buf_view(&file), unpack_msg, &p);
	ok(p.good);
	hide_boundary(buf_view(&p.out), &shown);
	eq_str(buf_view(&shown), str_of(want));
	eq_str(unpacked_flaws(&p, &room), STR(""));
	buf_release(&p.out);
	/* Cut anywhere it is no crash, and what is read is said to be damaged or is none. */
	for (size_t n = 0; n < file.n; n += 97) {
		unpack_this(str_upto(buf_view(&file), n), unpack_msg, &p);
		if (p.good && !p.flaws.n && !str_eq(buf_view(&p.out), STR("")))
			ok(str_find(buf_view(&p.out), STR("AAEC")) < p.out.n);
		buf_release(&p.out);
	}
	buf_release(&file);
	buf_release(&shown);
	buf_release(&room);
}

static void another_compound_file_is_none(void)
{
	struct cfb_node nodes[] = {
		{"Root Entry", -1, true, STR("")}, {"WordDocument", 0, false, STR("text")}};
	struct buf file = {0};
	struct unpacked p;

	cfb_write(nodes, 2, &file);
	unpack_this(buf_view(&file), unpack_msg, &p);
	ok(!p.good && p.out.n == 0);
	buf_release(&file);
	buf_release(&p.out);
}

int main(void)
{
	unpack_warm_up();
	a_message_is_a_mail();
	another_compound_file_is_none();
	return tap_end();
}
