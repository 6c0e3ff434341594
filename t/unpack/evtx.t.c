/*
 * Event logs, written here from the published description of the format (libyal, "Windows XML
 * Event Log (EVTX)"): a file header, one chunk, records of binary XML without templates.
 */
#include <zlib.h>

#include "t/tap.h"
#include "t/unpack/unpack.h"

enum { FILE_HEADER = 4096, CHUNK = 65536, CHUNK_HEADER = 512 };

static void utf16(struct buf *b, const char *s)
{
	for (; *s; s++)
		buf_u16(b, (unsigned char)*s);
}

/* A name stands where it is used first; offsets count from the chunk's beginning. */
static void name(struct buf *chunk, const char *s)
{
	buf_u32(chunk, (uint32_t)chunk->n + 4);
	buf_u32(chunk, 0);
	uint32_t h = 0;
	for (const char *p = s; *p; p++)
		h = h * 65599 + (unsigned char)*p;
	buf_u16(chunk, (uint16_t)h);
	buf_u16(chunk, (uint16_t)strlen(s));
	utf16(chunk, s);
	buf_u16(chunk, 0);
}

static void put_u32(struct buf *b, size_t at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		b->p[at + (size_t)i] = (char)(v >> (8 * i));
}

static void value(struct buf *chunk, const char *s)
{
	buf_putc(chunk, 0x05);
	buf_putc(chunk, 0x01);
	buf_u16(chunk, (uint16_t)strlen(s));
	utf16(chunk, s);
}

/* Opens an element, with one attribute or none; returns where its size stands. */
static size_t element_open(struct buf *chunk, const char *n, const char *key, const char *v)
{
	buf_putc(chunk, key ? 0x41 : 0x01);
	buf_u16(chunk, 0xffff);
	size_t size_at = chunk->n;
	buf_u32(chunk, 0);
	name(chunk, n);
	if (key) {
		size_t list = chunk->n;
		buf_u32(chunk, 0);
		buf_putc(chunk, 0x06);
		name(chunk, key);
		value(chunk, v);
		put_u32(chunk, list, (uint32_t)(chunk->n - list - 4));
	}
	buf_putc(chunk, 0x02);
	return size_at;
}

static void element_close(struct buf *chunk, size_t size_at)
{
	buf_putc(chunk, 0x04);
	put_u32(chunk, size_at, (uint32_t)(chunk->n - size_at - 4));
}

static void element(struct buf *c, const char *n, const char *key, const char *k, const char *v)
{
	size_t at = element_open(c, n, key, k);

	value(c, v);
	element_close(c, at);
}

static void record(struct buf *c, unsigned number)
{
	char id[16];
	size_t begin = c->n;

	snprintf(id, sizeof(id), "%u", number);
	buf_str(c, (struct str){"**\0\0", 4});
	buf_u32(c, 0);
	buf_u64(c, number);
	buf_u64(c, UINT64_C(133589952000000000)); /* 2024-05-01 */
	buf_str(c, (struct str){"\x0f\x01\x01\x00", 4});
	size_t event = element_open(c, "Event", NULL, NULL);
	size_t system = element_open(c, "System", NULL, NULL);
	element(c, "EventID", "Qualifiers", "0", "4624");
	element(c, "EventRecordID", NULL, NULL, id);
	element(c, "Channel", NULL, NULL, "Security");
	element_close(c, system);
	size_t data = element_open(c, "EventData", NULL, NULL);
	element(c, "Data", "Name", "TargetUserName", "a<d>&a");
	element(c, "Data", "Name", "LogonType", "3");
	element_close(c, data);
	element_close(c, event);
	buf_putc(c, 0);
	buf_u32(c, (uint32_t)(c->n + 4 - begin));
	put_u32(c, begin + 4, (uint32_t)(c->n - begin));
}

static uint32_t crc(const char *p, size_t n, uint32_t before)
{
	return (uint32_t)crc32(before, (const unsigned char *)p, (unsigned)n);
}

static void finish_chunk(struct buf *c, unsigned records, size_t last)
{
	uint32_t free_at = (uint32_t)c->n;

	while (c->n < CHUNK)
		buf_putc(c, 0);
	memcpy(c->p, "ElfChnk\0", 8);
	put_u32(c, 8, 1);
	put_u32(c, 16, records);
	put_u32(c, 24, 1);
	put_u32(c, 32, records);
	put_u32(c, 40, 128);
	put_u32(c, 44, (uint32_t)last);
	put_u32(c, 48, free_at);
	put_u32(c, 52, crc(c->p + CHUNK_HEADER, free_at - CHUNK_HEADER, 0));
	put_u32(c, 124, crc(c->p + 128, CHUNK_HEADER - 128, crc(c->p, 120, 0)));
}

static void write_log(struct buf *out, unsigned records)
{
	struct buf c = {0};
	size_t last = 0;

	while (c.n < CHUNK_HEADER)
		buf_putc(&c, 0);
	for (unsigned i = 1; i <= records; i++) {
		last = c.n;
		record(&c, i);
	}
	finish_chunk(&c, records, last);
	buf_str(out, (struct str){"ElfFile\0", 8});
	buf_u64(out, 0);
	buf_u64(out, 0);
	buf_u64(out, records + 1);
	buf_u32(out, 128);
	buf_u16(out, 1);
	buf_u16(out, 3);
	buf_u16(out, FILE_HEADER);
	buf_u16(out, 1);
	while (out->n < FILE_HEADER)
		buf_putc(out, 0);
	put_u32(out, 124, crc(out->p, 120, 0));
	buf_str(out, buf_view(&c));
	buf_release(&c);
}

static void add_lines(struct buf *out, unsigned from, unsigned to)
{
	for (unsigned i = from; i <= to; i++) {
		buf_addf(out,
			"{\"Event\":{\"System\":{\"EventID\":{\"#attributes\":{"
			"\"Qualifiers\":\"0\"},\"#text\":\"4624\"},\"EventRecordID\":"
			"\"%u\",\"Channel\":\"Security\"},\"EventData\":{"
			"\"TargetUserName\":\"a<d>&a\",\"LogonType\":\"3\"}}}\n",
			i);
	}
}

static void records_become_lines(void)
{
	struct buf in = {0}, want = {0}, flaws = {0};
	struct unpacked p;

	write_log(&in, 20);
	add_lines(&want, 1, 20);
	unpack_this(buf_view(&in), unpack_evtx, &p);
	ok(p.good);
	eq_str(buf_view(&p.out), buf_view(&want));
	eq_str(unpacked_flaws(&p, &flaws), STR(""));
	buf_release(&p.out);
	/* Nothing of a log that is cut in its only chunk's header. */
	unpack_this(str_upto(buf_view(&in), FILE_HEADER + 100), unpack_evtx, &p);
	ok(!p.good || p.out.n == 0);
	buf_release(&p.out);
	buf_release(&in);
	buf_release(&want);
	buf_release(&flaws);
}

/* One record's element sizes and tokens overwritten: the others are there, and it is said. */
static void a_damaged_record_costs_itself(void)
{
	struct buf in = {0}, flaws = {0};
	struct unpacked p;
	size_t lines = 0;

	write_log(&in, 20);
	char *at = in.p + FILE_HEADER + CHUNK_HEADER;
	for (int i = 0; i < 9; i++)
		at += (unsigned char)at[4] | (unsigned char)at[5] << 8;
	memset(at + 28, 0xee, 40);
	unpack_this(buf_view(&in), unpack_evtx, &p);
	ok(p.good);
	struct str rest = buf_view(&p.out);
	while (rest.n) {
		struct str one = str_cut(&rest, '\n');
		lines += str_starts(one, STR("{\"Event\"")) &&
			 str_find(one, STR("LogonType")) < one.n;
	}
	ok(lines == 19);
	ok(unpacked_flaws(&p, &flaws).n > 0);
	buf_release(&p.out);
	buf_release(&in);
	buf_release(&flaws);
}

int main(void)
{
	records_become_lines();
	a_damaged_record_costs_itself();
	return tap_end();
}
