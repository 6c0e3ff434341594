/* Batches: what was put in comes out, record by record and whole; erasure leaves nothing. */
#include "store/batch.h"

#include "base/limits.h"
#include "base/vec.h"
#include "t/store/world.h"

struct sample {
	struct buf raw;
	VEC(struct span) records;
};

/* Lines of random length, some very long, some empty, with gaps between and around them. */
static void sample_make(struct sample *s, uint64_t seed, uint32_t n, uint32_t longest)
{
	struct prng r = {seed};

	for (uint32_t i = 0; i <= n; i++) {
		uint32_t gap = prng_below(&r, 3), len = prng_skewed(&r, longest + 1);
		for (uint32_t k = 0; k < gap; k++)
			buf_putc(&s->raw, '\n');
		if (i == n)
			break;
		*vec_push(&s->records) = (struct span){(uint32_t)s->raw.n, len};
		for (uint32_t k = 0; k < len; k++)
			buf_putc(&s->raw, k % 50 ? (char)('a' + prng_below(&r, 26)) : ' ');
	}
}

/* Lines of an audit log, more or less, which are packed; other bytes now and then. */
static void sample_make_ids(struct sample *s, uint64_t seed, uint32_t n)
{
	struct prng r = {seed};

	for (uint32_t i = 0; i < n; i++) {
		uint64_t a = prng_next(&r), b = prng_next(&r), c = prng_next(&r);
		size_t begin = s->raw.n;
		buf_addf(&s->raw,
			"{\"Id\":\"%08x-%04x-%04x-%04x-%012llx\",\"sha1\":\"%016llX%016llX%08X\"",
			(unsigned)(a >> 32), (unsigned)(a >> 16 & 0xFFFF), (unsigned)(a & 0xFFFF),
			(unsigned)(b >> 48), (unsigned long long)(b & 0xFFFFFFFFFFFF),
			(unsigned long long)c, (unsigned long long)(a ^ c), (unsigned)b);
		if (i % 100 == 0)
			buf_addf(&s->raw, "%c%c%c", 1, (int)(c & 0xFF), 1);
		buf_addf(&s->raw, ",\"n\":%u}", i);
		*vec_push(&s->records) =
			(struct span){(uint32_t)begin, (uint32_t)(s->raw.n - begin)};
		buf_putc(&s->raw, '\n');
	}
}

static void sample_release(struct sample *s)
{
	buf_release(&s->raw);
	vec_release(&s->records);
}

static const struct batch_head head = {.source_offset = UINT64_C(5000000000),
	.first_record = 77,
	.framing = FRAMING_CSV,
	.separator = ';',
	.preamble = {"a;b;c\0\n", 7},
	.decoding = {"gzip/utf-16le", 13},
	.forced = {"", 0}};

static struct batch *open_or_die(const struct buf *file)
{
	struct batch *b = NULL;
	struct err err = {0};

	if (!batch_open(buf_view(file), &b, &err)) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
	return b;
}

static bool same_head(const struct batch_head *a, const struct batch_head *b)
{
	return a->source_offset == b->source_offset && a->first_record == b->first_record &&
	       a->framing == b->framing && a->separator == b->separator &&
	       str_eq(a->preamble, b->preamble) && str_eq(a->decoding, b->decoding) &&
	       str_eq(a->forced, b->forced);
}

static bool same_records(struct batch *b, const struct sample *s)
{
	struct prng r = {9};
	struct buf one = {0};
	struct err err;
	bool good = batch_records(b) == s->records.n;

	for (size_t k = 0; k < 3 * s->records.n && good; k++) {
		uint32_t i =
			(uint32_t)(k < s->records.n ? k : prng_below(&r, (uint32_t)s->records.n));
		const struct span *want = &s->records.at[i];
		uint64_t offset;
		uint32_t len;
		bool erased;
		buf_clear(&one);
		good = batch_record(b, i, &one, &err) &&
		       str_eq(buf_view(&one), (struct str){s->raw.p + want->off, want->len}) &&
		       batch_record_at(b, i, &offset, &len, &erased) &&
		       offset == head.source_offset + want->off && len == want->len && !erased;
	}
	buf_release(&one);
	return good;
}

static void round_trip(const struct sample *s, int level)
{
	struct buf file = {0}, again = {0}, raw = {0};
	struct span *spans = calloc(s->records.n + 1, sizeof(*spans));
	struct err err;

	batch_build(&head, buf_view(&s->raw), s->records.at, s->records.n, level, &file);
	batch_build(&head, buf_view(&s->raw), s->records.at, s->records.n, level, &again);
	ok(str_eq(buf_view(&file), buf_view(&again)));
	struct batch *b = open_or_die(&file);
	ok(same_head(batch_head(b), &head));
	ok(same_records(b, s));
	ok(batch_raw(b, &raw, spans, &err));
	ok(str_eq(buf_view(&raw), buf_view(&s->raw)));
	ok(batch_raw_size(b) == s->raw.n);
	ok(s->records.n == 0 || memcmp(spans, s->records.at, s->records.n * sizeof(*spans)) == 0);
	ok(!batch_record(b, (uint32_t)s->records.n, &raw, &err) && err.code == ERR_CASE);
	batch_close(b);
	free(spans);
	buf_release(&file);
	buf_release(&again);
	buf_release(&raw);
}

static void test_round_trip(void)
{
	static const struct {
		uint32_t n, longest;
		int level;
	} cases[] = {{0, 0, 1}, {1, 0, 1}, {1, 10, 3}, {1000, 200, 1}, {5000, 3000, -1},
		{7, 3000000, 1}, {200, 600000, 1}};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sample s = {0};
		sample_make(&s, i + 1, cases[i].n, cases[i].longest);
		round_trip(&s, cases[i].level);
		sample_release(&s);
	}
}

/* Blocks that are packed, between such that are not; digits cost about half a byte each. */
static void test_packed(void)
{
	struct sample s = {0}, mixed = {0};
	struct buf file = {0};

	sample_make_ids(&s, 1, 1);
	round_trip(&s, 1);
	sample_release(&s);
	s = (struct sample){0};
	sample_make_ids(&s, 2, 30000);
	round_trip(&s, 1);
	batch_build(&head, buf_view(&s.raw), s.records.at, s.records.n, 1, &file);
	/* 36 bytes that look random in each record, else little that isn't in the one before. */
	printf("# %zu bytes for a record\n", file.n / s.records.n);
	ok(file.n / s.records.n < 46);
	sample_make(&mixed, 3, 20000, 700);
	sample_make_ids(&mixed, 4, 10000);
	sample_make(&mixed, 5, 1000, 700);
	round_trip(&mixed, 1);
	buf_release(&file);
	sample_release(&s);
	sample_release(&mixed);
}

/* Made by the program when its batches were of version 1. */
static const char version_1[] = "SPOORBAT\x01\x00\x00\x00\x03\x00\x00\x00"
				"\x01\x00\x00\x00\x0c\x00\x00\x00\x1a\x00\x00\x00\x11\x00\x00\x00"
				"\xa8\x00\x00\x00\x00\x00\x00\x00\x64\x00\x00\x00\x00\x00\x00\x00"
				"\x91\x34\x74\x98\xcf\x45\xde\x9c\xe8\x07\x07\x00\x00\x00\x04\x67"
				"\x7a\x69\x70\x00\x28\xb5\x2f\xfd\x20\x11\x89\x00\x00\x64\x4a\x59"
				"\xed\x57\x04\x05\xbd\x9c\x56\x00\x5a\x04\x5a\x02\x0e\x00\x28\xb5"
				"\x2f\xfd\x20\x64\x0d\x02\x00\x74\x03\x7b\x22\x49\x64\x22\x3a\x22"
				"\x30\x61\x31\x62\x32\x63\x33\x64\x2d\x34\x65\x35\x66\x2d\x36\x30"
				"\x37\x31\x2d\x38\x32\x39\x33\x2d\x61\x34\x62\x35\x63\x36\x64\x37"
				"\x65\x38\x66\x39\x22\x7d\x0a\x0a\x31\x7b\x22\x78\x22\x3a\x31\x7d"
				"\x02\x00\xc1\x13\x97\x99\x2a\x03";

static void test_version_1(void)
{
	static const struct str raw = STR("{\"Id\":\"0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9\"}\n\n"
					  "{\"Id\":\"1a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9\"}\n"
					  "{\"x\":1}");
	struct buf file = {0}, back = {0}, less = {0};
	const bool drop[4] = {false, true, false, false}, gaps[4] = {false};
	struct err err;

	buf_add(&file, version_1, sizeof(version_1) - 1);
	struct batch *b = open_or_die(&file);
	ok(batch_records(b) == 3 && batch_head(b)->source_offset == 1000 &&
		batch_head(b)->first_record == 7 && str_eq(batch_head(b)->decoding, STR("gzip")));
	ok(batch_raw(b, &back, NULL, &err));
	eq_str(buf_view(&back), raw);
	buf_clear(&back);
	ok(batch_record(b, 2, &back, &err));
	eq_str(buf_view(&back), STR("{\"x\":1}"));
	ok(batch_without(b, drop, gaps, 1, &less, &err));
	batch_close(b);
	b = open_or_die(&less);
	buf_clear(&back);
	ok(batch_raw(b, &back, NULL, &err));
	eq_str(buf_view(&back),
		STR("{\"Id\":\"0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9\"}\n\n\n{\"x\":1}"));
	batch_close(b);
	/* Those before and after these two are not. */
	for (unsigned i = 0; i < 4; i++) {
		file.p[8] = (char)("\x00\x03\xff\x81"[i]);
		ok(!batch_open(buf_view(&file), &b, &err) && err.code == ERR_CASE);
	}
	buf_release(&file);
	buf_release(&back);
	buf_release(&less);
}

/* Once, or twice with half of the records each time. */
static void erase(struct buf *file, const bool *drop, const bool *gaps, struct buf *out)
{
	struct batch *b = open_or_die(file);
	struct err err = {0};

	ok(batch_without(b, drop, gaps, 1, out, &err));
	batch_close(b);
}

static bool erasure_holds(struct batch *b, const struct sample *s, const bool *drop)
{
	struct buf one = {0}, raw = {0};
	struct err err;
	uint64_t offset;
	uint32_t len;
	bool erased, good = batch_records(b) == s->records.n && same_head(batch_head(b), &head);
	struct span *spans = calloc(s->records.n + 1, sizeof(*spans));

	good = good && batch_raw(b, &raw, spans, &err) && raw.n == batch_raw_size(b);
	for (uint32_t i = 0; i < s->records.n && good; i++) {
		struct str want = {s->raw.p + s->records.at[i].off, s->records.at[i].len};
		buf_clear(&one);
		good = batch_record(b, i, &one, &err) &&
		       batch_record_at(b, i, &offset, &len, &erased) && erased == drop[i] &&
		       offset == head.source_offset + s->records.at[i].off && len == want.n &&
		       str_eq(buf_view(&one), drop[i] ? (struct str){0} : want) &&
		       str_eq(buf_view(&one), (struct str){raw.p + spans[i].off, spans[i].len});
	}
	buf_release(&one);
	buf_release(&raw);
	free(spans);
	return good;
}

static void make(struct sample *s, unsigned round, uint32_t n)
{
	if (round % 2)
		sample_make_ids(s, round + 100, n);
	else
		sample_make(s, round + 100, n, 700);
}

static void test_erasure(void)
{
	for (unsigned round = 0; round < 6; round++) {
		struct sample s = {0}, same = {0};
		struct buf file = {0}, once = {0}, half = {0}, twice = {0}, other = {0};
		struct prng r = {round + 50};
		uint32_t n = round == 0 ? 0 : 1 + prng_below(&r, 2000);
		bool *drop = calloc(n + 1, 1), *gaps = calloc(n + 1, 1), *first = calloc(n + 1, 1);
		bool *none = calloc(n + 1, 1);
		make(&s, round, n);
		for (uint32_t i = 0; i < n; i++) {
			drop[i] = prng_below(&r, 3) == 0;
			first[i] = drop[i] && prng_below(&r, 2);
			gaps[i] = prng_below(&r, 4) == 0;
		}
		batch_build(&head, buf_view(&s.raw), s.records.at, n, 1, &file);
		erase(&file, drop, gaps, &once);
		struct batch *b = open_or_die(&once);
		ok(erasure_holds(b, &s, drop));
		batch_close(b);
		erase(&file, first, none, &half);
		erase(&half, drop, gaps, &twice);
		ok(str_eq(buf_view(&once), buf_view(&twice)));
		/* Other bytes in what was erased: not a bit of the result may differ. */
		make(&same, round, n);
		for (uint32_t i = 0; i < n; i++) {
			for (uint32_t k = 0; k < s.records.at[i].len && drop[i]; k++)
				same.raw.p[s.records.at[i].off + k] = '#';
		}
		buf_clear(&file);
		batch_build(&head, buf_view(&same.raw), s.records.at, n, 1, &file);
		erase(&file, drop, gaps, &other);
		ok(str_eq(buf_view(&once), buf_view(&other)));
		struct buf *bufs[] = {&file, &once, &half, &twice, &other};
		for (unsigned i = 0; i < 5; i++)
			buf_release(bufs[i]);
		sample_release(&s);
		sample_release(&same);
		free(drop);
		free(gaps);
		free(first);
		free(none);
	}
}

/* A file that was cut or of which one bit is wrong is refused, at once or when it is read. */
static void test_damage(const struct sample *s)
{
	struct buf file = {0};
	unsigned read = 0, refused = 0, different = 0;

	batch_build(&head, buf_view(&s->raw), s->records.at, s->records.n, 1, &file);
	for (size_t i = 0; i < file.n * 8 + file.n; i++) {
		struct str bad = buf_view(&file);
		struct batch *b = NULL;
		struct buf raw = {0};
		struct err err = {0};
		char *copy = malloc(file.n);
		memcpy(copy, file.p, file.n);
		bad.p = copy;
		if (i < file.n * 8)
			copy[i / 8] ^= (char)(1 << i % 8);
		else
			bad.n = i - file.n * 8;
		if (!batch_open(bad, &b, &err) || !batch_raw(b, &raw, NULL, &err))
			refused += err.code == ERR_CASE && err.msg[0];
		else if (str_eq(buf_view(&raw), buf_view(&s->raw)))
			read++;
		else
			different++;
		batch_close(b);
		buf_release(&raw);
		free(copy);
	}
	ok(different == 0);
	ok(read == 0 && refused == file.n * 9);
	buf_release(&file);
}

int main(void)
{
	test_round_trip();
	test_erasure();
	test_packed();
	test_version_1();
	struct sample text = {0}, ids = {0};
	sample_make(&text, 3, 60, 300);
	sample_make_ids(&ids, 4, 20);
	test_damage(&text);
	test_damage(&ids);
	sample_release(&text);
	sample_release(&ids);
	return tap_end();
}
