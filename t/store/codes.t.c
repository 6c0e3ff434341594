/* The small codes of a segment: decode undoes encode, and damage is seen. */
#include "store/addresses.h"
#include "store/chunk.h"
#include "store/layout.h"
#include "store/rows.h"
#include "store/sort.h"
#include "store/textcuts.h"
#include "store/textpack.h"
#include "t/store/world.h"

static size_t random_rows(struct prng *r, uint32_t *rows, uint32_t limit, unsigned shape)
{
	size_t n = 0;
	uint32_t at = prng_below(r, limit / 2 + 1), want = 1 + prng_below(r, 500);

	while (n < want && at < limit) {
		rows[n++] = at++;
		if (shape == 0)
			at += prng_below(r, 40);
		else if (shape == 1)
			at += prng_below(r, 20) ? 0 : prng_below(r, 100000);
		else if (shape == 2)
			at += prng_below(r, 0xFFFFF);
	}
	return n;
}

static bool same_rows(struct rows_reader *r, const uint32_t *rows, size_t n)
{
	struct rows_reader again = *r;
	uint32_t row, count, first, last;

	for (size_t i = 0; i < n; i++) {
		if (!rows_next(r, &row) || row != rows[i])
			return false;
	}
	return !rows_next(r, &row) && rows_done(r) && rows_sum(&again, &count, &first, &last) &&
	       count == n && first == rows[0] && last == rows[n - 1];
}

static void test_rows(void)
{
	static uint32_t rows[600];
	struct prng r = {1};
	bool lists = true, varints = true, limits = true, cut = true;
	uint32_t row;

	for (unsigned i = 0; i < 4000; i++) {
		uint32_t limit = i % 7 ? 1000000 : UINT32_MAX;
		size_t n = random_rows(&r, rows, limit, i % 4);
		struct buf list = {0};
		uint8_t inside[600 * 5];
		struct rows_reader rd = {.limit = limit};
		rows_put_list(rows, n, &list);
		const uint8_t *p = (const uint8_t *)list.p, *end = p + list.n;
		lists &= rows_read_list(&rd, p, end, rows[0], (uint32_t)n) &&
			 same_rows(&rd, rows, n);
		size_t len = (size_t)(rows_put_varints(inside, rows, n) - inside);
		varints &= len == rows_varint_size(rows, n);
		rows_read_varints(&rd, inside, len, limit);
		varints &= same_rows(&rd, rows, n);
		/* One row too few, and one byte too few. */
		rows_read_varints(&rd, inside, len, rows[n - 1]);
		while (rows_next(&rd, &row))
			limits &= row < rows[n - 1];
		limits &= !rows_done(&rd);
		rd.limit = limit;
		if (n > 1 && rows_read_list(&rd, p, end - 1, rows[0], (uint32_t)n))
			cut &= false;
		buf_release(&list);
	}
	ok(lists);
	ok(varints);
	ok(limits);
	ok(cut);
	/* In every row: a few bytes. */
	uint32_t *all = malloc(100000 * sizeof(*all));
	struct buf list = {0};
	for (uint32_t i = 0; i < 100000; i++)
		all[i] = i;
	rows_put_list(all, 100000, &list);
	ok(list.n < 8);
	buf_release(&list);
	free(all);
}

/* The rules of textcuts.h, a byte at a time. */
static struct cuts naive_cuts(struct str s)
{
	uint32_t n = (uint32_t)s.n, back = n > 64 ? n - 64 : 0, slashes = 0, at = n;
	struct cuts c = {{0, 0, 0}, {n, n, n}};

	for (uint32_t i = back; i < n; i++)
		at = s.p[i] == '@' ? i : at;
	if (at < n) {
		c.suffix[2] = at;
		for (uint32_t i = n; i-- > at;) {
			if (s.p[i] != '.')
				continue;
			c.suffix[1] = i;
			c.suffix[0] = c.suffix[0] == n ? i : c.suffix[0];
		}
		return c;
	}
	for (uint32_t i = n; i-- > back && c.suffix[1] == n;) {
		if (s.p[i] == '.' && c.suffix[0] == n)
			c.suffix[0] = i;
		else if (s.p[i] == '.')
			c.suffix[1] = i;
	}
	for (uint32_t i = 0; i < n && i < 64; i++) {
		if (s.p[i] == '/' && ++slashes == 3)
			c.prefix[1] = i + 1;
		if (s.p[i] == '/' || s.p[i] == '\\' || s.p[i] == ':' || s.p[i] == '=')
			c.prefix[2] = i + 1;
	}
	return c;
}

static void test_texts(void)
{
	static const char alphabet[] = "abcdef0123456789ABCDEFxyz@./:\\=-";
	struct textpack *tp = textpack_new();
	struct prng r = {2};
	struct buf texts[400] = {{0}}, table = {0};
	struct phrases ph;
	bool cuts = true, same = true;
	size_t plain = 0, packed = 0;

	for (unsigned i = 0; i < 400; i++) {
		uint32_t n = i < 300 ? prng_below(&r, 150) : prng_below(&r, 9000);
		for (uint32_t k = 0; k < n; k++)
			buf_putc(&texts[i], alphabet[prng_below(&r, i % 3 ? 16 : 32)]);
		if (i % 4 == 0)
			buf_addf(&texts[i],
				"01234567-89ab-cdef-0123-456789abcdef@mail.host%u.example", i % 3);
		if (i % 5 == 0)
			buf_addf(&texts[i], "ABCDEF01-89AB-CDEF-0123-456789ABCDEF");
		struct str s = buf_view(&texts[i]);
		struct cuts got = cuts_of(s), want = naive_cuts(s);
		cuts &= s.n < TEXT_MIN || memcmp(&got, &want, sizeof(got)) == 0;
		textpack_see(tp, s);
	}
	textpack_choose(tp);
	textpack_write(tp, &table);
	ok(phrases_open(buf_view(&table), &ph));
	ok(ph.n > 0);
	for (unsigned i = 0; i < 400; i++) {
		uint8_t *p = malloc(texts[i].n + 1);
		char room[TEXT_MAX];
		size_t n = textpack_pack(tp, buf_view(&texts[i]), p), len;
		plain += texts[i].n;
		packed += n ? n : texts[i].n;
		same &= n == 0 || (n < texts[i].n && text_unpack(&ph, p, n, room, &len) &&
					  str_eq((struct str){room, len}, buf_view(&texts[i])));
		free(p);
		buf_release(&texts[i]);
	}
	ok(cuts);
	ok(same);
	ok(packed < plain / 10 * 9);
	buf_release(&table);
	textpack_free(tp);
}

static void test_bad_texts(void)
{
	static const struct {
		const char *name;
		uint8_t p[4];
		size_t n;
	} cases[] = {{"literal without its bytes", {3, 'a', 'b'}, 3},
		{"digits without their bytes", {0x41, 1}, 2},
		{"phrase without its second byte", {0xC0}, 1},
		{"phrase that isn't there", {0xC0, 0}, 2},
		{"GUID without its bytes", {0xE0, 1, 2}, 3}, {"no such token", {0xFF}, 1}};
	struct phrases ph;
	char room[TEXT_MAX];
	size_t n;

	ok(phrases_open((struct str){"\0\0\0\0\0\0\0\0", 8}, &ph));
	ok(!phrases_open((struct str){"\1\0\0\0\0\0\0\0", 8}, &ph));
	ok(!phrases_open((struct str){"\xff\xff\xff\xff\0\0\0\0", 8}, &ph));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (!ok(!text_unpack(&ph, cases[i].p, cases[i].n, room, &n)))
			printf("# %s\n", cases[i].name);
	}
	/* 129 times 64 bytes are more than TEXT_MAX. */
	uint8_t *big = calloc(129, 65);
	for (unsigned i = 0; i < 129; i++)
		big[i * 65] = 63;
	ok(text_unpack(&ph, big, 128 * 65, room, &n) && n == TEXT_MAX);
	ok(!text_unpack(&ph, big, 129 * 65, room, &n));
	free(big);
}

static void test_chunks(void)
{
	static uint32_t v[ROW_BLOCK], got[ROW_BLOCK];
	struct chunk_writer w;
	struct chunk_reader rd;
	struct prng r = {3};
	bool same = true, one = true, refused = true;

	chunk_writer_init(&w);
	chunk_reader_init(&rd);
	for (unsigned i = 0; i < 300; i++) {
		size_t n = 1 + prng_below(&r, i % 3 ? 300 : ROW_BLOCK);
		uint32_t below = i % 5 == 0 ? 1 : i % 5 == 1 ? 5 : i % 5 == 2 ? 2000 : UINT32_MAX;
		struct buf out = {0};
		for (size_t k = 0; k < n; k++)
			v[k] = prng_below(&r, below) + (i % 4 == 0 ? (uint32_t)k : 0);
		chunk_put(&w, v, n, i % 2, &out);
		same &= chunk_get(&rd, buf_view(&out), n, got) && memcmp(v, got, n * 4) == 0;
		uint32_t x, at = prng_below(&r, (uint32_t)n);
		one &= !chunk_get_one(buf_view(&out), n, at, &x) || x == v[at];
		refused &= n == 1 || !chunk_get(&rd, str_upto(buf_view(&out), out.n - 1), n, got);
		buf_release(&out);
	}
	ok(same);
	ok(one);
	ok(refused);
	chunk_writer_release(&w);
	chunk_reader_release(&rd);
}

static void test_addresses(void)
{
	struct buf all = {0}, file = {0};
	struct prng r = {4};
	struct address block[ADDRESS_BLOCK], before = {0}, a;
	uint32_t n = 0;
	bool ascend = true, found = true;

	for (unsigned i = 0; i < 5000; i++) {
		char b[16];
		for (unsigned k = 0; k < 16; k++)
			b[k] = (char)(i % 3 && k < 12 ? 0 : prng_next(&r));
		a = address_of((struct str){b, i % 5 ? 16 : 4});
		buf_add(&all, &a, sizeof(a));
		buf_add(&all, &a, sizeof(a));
	}
	uint32_t total = addresses_write(&all, &file);
	struct addresses ad = {(const uint8_t *)file.p, file.n, total};
	for (uint32_t no = 0; n < total; no++) {
		unsigned have = addresses_block(&ad, no, block);
		for (unsigned i = 0; i < have; i++, n++) {
			ascend &= n == 0 || block[i].v > before.v;
			found &= addresses_block_of(&ad, block[i]) == no;
			before = block[i];
		}
		if (!have)
			break;
	}
	ok(n == total && total > 4000 && total <= 5000);
	ok(ascend);
	ok(found);
	buf_release(&all);
	buf_release(&file);
}

static void test_bits_and_sorts(void)
{
	static struct sort_pair p[3000], tmp[3000];
	struct prng r = {5};
	bool bits = true, sorted = true;

	for (unsigned width = 1; width <= 64; width++) {
		struct buf out = {0};
		uint64_t v[100];
		for (unsigned i = 0; i < 100; i++)
			v[i] = prng_next(&r) >> (64 - width);
		bits_put(v, 100, width, &out);
		for (unsigned i = 0; i < 100; i++)
			bits &= bits_get((const uint8_t *)out.p, i, width) == v[i];
		buf_release(&out);
	}
	for (unsigned round = 0; round < 20; round++) {
		size_t n = round * 150;
		for (size_t i = 0; i < n; i++)
			p[i] = (struct sort_pair){
				prng_below(&r, round % 2 ? 9 : UINT32_MAX) * UINT64_C(0x100000001),
				(uint32_t)i};
		sort_pairs(p, tmp, n);
		for (size_t i = 1; i < n; i++)
			sorted &= p[i - 1].key < p[i].key ||
				  (p[i - 1].key == p[i].key && p[i - 1].at < p[i].at);
	}
	ok(bits);
	ok(sorted);
}

int main(void)
{
	test_rows();
	test_texts();
	test_bad_texts();
	test_chunks();
	test_addresses();
	test_bits_and_sorts();
	return tap_end();
}
