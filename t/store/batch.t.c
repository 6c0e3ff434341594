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

static void test_round_trip(void)
{
	static const struct {
		uint32_t n, longest;
		int level;
	} cases[] = {{0, 0, 1}, {1, 0, 1}, {1, 10, 3}, {1000, 200, 1}, {5000, 3000, -1},
		{7, 3000000, 1}, {200, 600000, 1}};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sample s = {0};
		struct buf file = {0}, again = {0}, raw = {0};
		struct span *spans;
		struct err err;
		sample_make(&s, i + 1, cases[i].n, cases[i].longest);
		batch_build(
			&head, buf_view(&s.raw), s.records.at, s.records.n, cases[i].level, &file);
		batch_build(
			&head, buf_view(&s.raw), s.records.at, s.records.n, cases[i].level, &again);
		ok(str_eq(buf_view(&file), buf_view(&again)));
		struct batch *b = open_or_die(&file);
		spans = calloc(s.records.n + 1, sizeof(*spans));
		ok(same_head(batch_head(b), &head));
		ok(same_records(b, &s));
		ok(batch_raw(b, &raw, spans, &err));
		ok(str_eq(buf_view(&raw), buf_view(&s.raw)));
		ok(batch_raw_size(b) == s.raw.n);
		ok(s.records.n == 0 ||
			memcmp(spans, s.records.at, s.records.n * sizeof(*spans)) == 0);
		ok(!batch_record(b, (uint32_t)s.records.n, &raw, &err) && err.code == ERR_CASE);
		batch_close(b);
		free(spans);
		buf_release(&file);
		buf_release(&again);
		buf_release(&raw);
		sample_release(&s);
	}
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

static void test_erasure(void)
{
	for (unsigned round = 0; round < 6; round++) {
		struct sample s = {0}, same = {0};
		struct buf file = {0}, once = {0}, half = {0}, twice = {0}, other = {0};
		struct prng r = {round + 50};
		uint32_t n = round == 0 ? 0 : 1 + prng_below(&r, 2000);
		bool *drop = calloc(n + 1, 1), *gaps = calloc(n + 1, 1), *first = calloc(n + 1, 1);
		bool *none = calloc(n + 1, 1);
		sample_make(&s, round + 100, n, 700);
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
		sample_make(&same, round + 100, n, 700);
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
static void test_damage(void)
{
	struct sample s = {0};
	struct buf file = {0};
	unsigned read = 0, refused = 0, different = 0;

	sample_make(&s, 3, 60, 300);
	batch_build(&head, buf_view(&s.raw), s.records.at, s.records.n, 1, &file);
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
		else if (str_eq(buf_view(&raw), buf_view(&s.raw)))
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
	sample_release(&s);
}

int main(void)
{
	test_round_trip();
	test_erasure();
	test_damage();
	return tap_end();
}
