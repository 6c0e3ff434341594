#include "unpack/tnef.h"
#include "t/tap.h"
#include "t/unpack/unpack.h"

/* An attribute of [MS-OXTNEF] §2.1.3: level, id, length, value, checksum. */
static void attribute(struct buf *out, int level, uint32_t id, struct str v)
{
	uint16_t sum = 0;

	buf_putc(out, (char)level);
	buf_u32(out, id);
	buf_u32(out, (uint32_t)v.n);
	buf_str(out, v);
	for (size_t i = 0; i < v.n; i++)
		sum = (uint16_t)(sum + (unsigned char)v.p[i]);
	buf_u16(out, sum);
}

static void begin(struct buf *out)
{
	buf_u32(out, 0x223e9f78);
	buf_u16(out, 1);
}

/* A property of variable size, padded to four bytes. */
static void property(struct buf *out, uint16_t id, uint16_t type, struct str v)
{
	buf_u16(out, type);
	buf_u16(out, id);
	buf_u32(out, 1);
	buf_u32(out, (uint32_t)v.n);
	buf_str(out, v);
	while (out->n % 4)
		buf_putc(out, 0);
}

/* A property with a name of its own, which nobody asked for, and one of several values. */
static void odd_properties(struct buf *out)
{
	buf_u16(out, 0x0003);
	buf_u16(out, 0x8001);
	buf_str(out, STR("0123456789abcdef"));
	buf_u32(out, 1);
	buf_u32(out, 6);
	buf_str(out, (struct str){"n\0a\0\0\0\0\0", 8});
	buf_u32(out, 7);
	buf_u16(out, 0x1003);
	buf_u16(out, 0x6001);
	buf_u32(out, 2);
	buf_u32(out, 1);
	buf_u32(out, 2);
}

static void write_inner(struct buf *out)
{
	struct buf p = {0};

	begin(out);
	buf_u32(&p, 1);
	property(&p, 0x0037, 0x001e, STR("inner\0"));
	attribute(out, 1, 0x00069003, buf_view(&p));
	buf_release(&p);
}

/* A message that holds nothing but an attached message with this text. */
static void write_attached(struct buf *out, struct str text)
{
	struct buf p = {0}, object = {0};

	begin(out);
	buf_str(&object, STR("0123456789abcdef"));
	begin(&object);
	buf_u32(&p, 1);
	property(&p, 0x1000, 0x001e, text);
	attribute(&object, 1, 0x00069003, buf_view(&p));
	buf_clear(&p);
	buf_u32(&p, 1);
	property(&p, 0x3701, 0x000d, buf_view(&object));
	attribute(out, 2, 0x00069005, buf_view(&p));
	buf_release(&p);
	buf_release(&object);
}

/* The boundary of what is written for it, into 64 bytes. */
static struct str boundary_around(struct str text, char room[64])
{
	struct buf in = {0};
	struct unpacked p;

	write_attached(&in, text);
	unpack_this(buf_view(&in), unpack_tnef, &p);
	struct str s = buf_view(&p.out);
	s = str_from(s, str_find(s, STR("boundary=\"")));
	s = str_upto(str_from(s, 10), 34);
	ok(p.good && s.n == 34);
	memcpy(room, s.p, s.n);
	buf_release(&p.out);
	buf_release(&in);
	return (struct str){room, s.n};
}

/* Or its writer would end the message around it, and hide what is attached behind it. */
static void an_attached_text_is_no_boundary(void)
{
	char room[64], again[64], text[128];
	struct str b = boundary_around(STR("hello\n"), room);

	for (int i = 0; i < 3; i++) {
		int n = snprintf(text, sizeof(text), "hello\n--" STR_FMT "--\n", STR_ARG(b));
		struct str now = boundary_around((struct str){text, (size_t)n}, again);
		ok(!str_eq(now, b));
		memcpy(room, again, sizeof(room));
	}
}

static void write_tnef(struct buf *out)
{
	struct buf p = {0}, object = {0};

	begin(out);
	attribute(out, 1, 0x00018004, (struct str){"old subject", 12});
	buf_u32(&p, 5);
	property(&p, 0x0037, 0x001f, (struct str){"S\0\xfc\0b\0\0\0", 8});
	odd_properties(&p);
	property(&p, 0x1013, 0x0102, STR("<p>x</p>"));
	property(&p, 0x0065, 0x001e, STR("ada@example.org"));
	attribute(out, 1, 0x00069003, buf_view(&p));
	buf_clear(&p);
	buf_u32(&p, 1);
	buf_u32(&p, 2);
	property(&p, 0x3001, 0x001e, STR("Ben"));
	buf_u16(&p, 3);
	buf_u16(&p, 0x0c15);
	buf_u32(&p, 1);
	attribute(out, 1, 0x00069004, buf_view(&p));
	attribute(out, 2, 0x00069002, STR("12345678901234"));
	attribute(out, 2, 0x00018010, (struct str){"..\\a.txt", 9});
	attribute(out, 2, 0x0006800f, STR("abc"));
	attribute(out, 2, 0x00069002, STR("12345678901234"));
	buf_str(&object, STR("\x07\x03\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"));
	write_inner(&object);
	buf_clear(&p);
	buf_u32(&p, 1);
	property(&p, 0x3701, 0x000d, buf_view(&object));
	attribute(out, 2, 0x00069005, buf_view(&p));
	buf_release(&p);
	buf_release(&object);
}

static void all_is_read(void)
{
	struct buf in = {0}, room = {0};
	struct unpacked p;
	static const char *const wanted[] = {"From: <ada@example.org>\n", "To: \"Ben\" <>\n",
		"Subject: =?UTF-8?B?U8O8Yg==?=\n", "X-Spoor-Source: tnef\n", "<p>x</p>\n",
		"filename=\"..\\\\a.txt\"\n", "\nYWJj\n",
		"Content-Type: message/rfc822\nContent-Disposition: attachment\n\nSubject: "
		"inner\n"};

	write_tnef(&in);
	unpack_this(buf_view(&in), unpack_tnef, &p);
	ok(p.good);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (!ok(str_find(buf_view(&p.out), str_of(wanted[i])) < p.out.n))
			printf("# no %s", wanted[i]);
	eq_str(unpacked_flaws(&p, &room), STR(""));
	buf_release(&p.out);
	/* A flipped bit in a value: the checksum says so, and the rest is kept. */
	in.p[20] = (char)(in.p[20] ^ 1);
	unpack_this(buf_view(&in), unpack_tnef, &p);
	ok(p.good && str_find(buf_view(&p.out), STR("\nYWJj\n")) < p.out.n);
	eq_str(unpacked_flaws(&p, &room), STR("damaged"));
	buf_release(&p.out);
	buf_release(&in);
	buf_release(&room);
}

/* Cut at any byte: what is in front of the cut is kept, and the cut is said. */
static void a_cut_is_a_flaw(void)
{
	struct buf in = {0};
	bool good = true;

	write_tnef(&in);
	for (size_t n = 0; n < in.n; n++) {
		struct unpacked p;
		unpack_this(str_upto(buf_view(&in), n), unpack_tnef, &p);
		good &= p.good == (n >= 4);
		/* At the end of an attribute nobody can tell. */
		if (p.good && !p.flaws.n)
			good &= n == 6 || in.p[n] == 1 || in.p[n] == 2;
		buf_release(&p.out);
	}
	ok(good);
	buf_release(&in);
}

/* An attached item in an attached item, deeper than anybody nests them. */
static void nesting_has_an_end(void)
{
	struct buf in = {0}, outer = {0}, p = {0}, room = {0};
	struct unpacked got;

	write_inner(&in);
	for (int i = 0; i < 20; i++) {
		struct buf object = {0};
		buf_str(&object, STR("0123456789abcdef"));
		buf_str(&object, buf_view(&in));
		buf_clear(&p);
		buf_u32(&p, 1);
		property(&p, 0x3701, 0x000d, buf_view(&object));
		buf_clear(&outer);
		begin(&outer);
		attribute(&outer, 2, 0x00069005, buf_view(&p));
		buf_clear(&in);
		buf_str(&in, buf_view(&outer));
		buf_release(&object);
	}
	unpack_this(buf_view(&in), unpack_tnef, &got);
	ok(got.good);
	eq_str(unpacked_flaws(&got, &room), STR("nested-too-deep"));
	buf_release(&got.out);
	buf_release(&in);
	buf_release(&outer);
	buf_release(&p);
	buf_release(&room);
}

/* What is too large for a record is named, counted and hashed. */
static void large_data_is_left_out(void)
{
	struct buf in = {0}, data = {0}, room = {0};
	struct unpacked p;

	begin(&in);
	while (data.n < MAPI_ITEM_BYTES + 1)
		buf_putc(&data, 'x');
	attribute(&in, 2, 0x00069002, STR("12345678901234"));
	attribute(&in, 2, 0x0006800f, buf_view(&data));
	attribute(&in, 2, 0x00069002, STR("12345678901234"));
	attribute(&in, 2, 0x0006800f, STR("abc"));
	unpack_this(buf_view(&in), unpack_tnef, &p);
	eq_str(unpacked_flaws(&p, &room), STR("left-out"));
	ok(str_find(buf_view(&p.out), STR("X-Spoor-Left-Out: size=8388609; sha256=")) < p.out.n);
	ok(str_find(buf_view(&p.out), STR("\nYWJj\n")) < p.out.n && p.out.n < 2000);
	buf_release(&p.out);
	buf_release(&in);
	buf_release(&data);
	buf_release(&room);
}

int main(void)
{
	all_is_read();
	an_attached_text_is_no_boundary();
	a_cut_is_a_flaw();
	nesting_has_an_end();
	large_data_is_left_out();
	return tap_end();
}
