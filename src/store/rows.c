#include "store/rows.h"

#include "base/bytes.h"

size_t rows_varint_size(const uint32_t *rows, size_t n)
{
	size_t size = varint_size(rows[0]);

	for (size_t i = 1; i < n; i++)
		size += varint_size(rows[i] - rows[i - 1] - 1);
	return size;
}

uint8_t *rows_put_varints(uint8_t *p, const uint32_t *rows, size_t n)
{
	p = put_varint(p, rows[0]);
	for (size_t i = 1; i < n; i++)
		p = put_varint(p, rows[i] - rows[i - 1] - 1);
	return p;
}

/* Rows i … that follow one another without a gap, i included. */
static size_t run_at(const uint32_t *rows, size_t n, size_t i)
{
	size_t k = 1;

	while (i + k < n && rows[i + k] == rows[i] + k)
		k++;
	return k;
}

/*
 * Gaps and runs: a varint whose lowest bit is 0 is a distance (doubled) of one row, 1 a run of
 * that many rows without a gap.  buf NULL: only counts.
 */
static size_t put_runs(const uint32_t *rows, size_t n, uint8_t *p)
{
	size_t size = 0;

	for (size_t i = 1; i < n;) {
		uint64_t gap = rows[i] - rows[i - 1] - 1;
		uint64_t v = gap << 1;
		size_t k = 1;
		if (gap == 0) {
			k = run_at(rows, n, i);
			v = (uint64_t)k << 1 | 1;
		}
		/* 33 bits: the top one is carried by a fifth byte of a varint. */
		size_t len = (bits_for(v) + 6) / 7;
		if (p) {
			for (size_t j = 0; j < len; j++)
				p[size + j] =
					(uint8_t)((v >> (7 * j) & 0x7F) | (j + 1 < len ? 0x80 : 0));
		}
		size += len;
		i += k;
	}
	return size;
}

static uint64_t rice_bits(const uint32_t *rows, size_t n, unsigned k)
{
	uint64_t bits = (uint64_t)(n - 1) * (k + 1);

	for (size_t i = 1; i < n; i++)
		bits += (rows[i] - rows[i - 1] - 1) >> k;
	return bits;
}

/* The cost is convex in k: walks down from the mean's logarithm, then up. */
static unsigned best_rice(const uint32_t *rows, size_t n, uint64_t *ret_bits)
{
	uint64_t mean = (rows[n - 1] - rows[0]) / (n - 1);
	unsigned k = bits_for(mean) - 1;
	uint64_t best = rice_bits(rows, n, k), other;

	while (k > 0 && (other = rice_bits(rows, n, k - 1)) < best) {
		best = other;
		k--;
	}
	*ret_bits = best;
	return k;
}

static void put_rice(const uint32_t *rows, size_t n, unsigned k, uint8_t *p)
{
	uint64_t word = 0;
	unsigned used = 0;

	for (size_t i = 1; i < n; i++) {
		uint32_t d = rows[i] - rows[i - 1] - 1, ones = d >> k;
		for (; ones >= 32; ones -= 32) {
			word |= (uint64_t)UINT32_MAX << used;
			store_u32(p, (uint32_t)word);
			p += 4;
			word >>= 32;
		}
		/* `ones` ones and a zero, then k bits: at most 63 bits with the 31 of before. */
		word |= (((uint64_t)1 << ones) - 1) << used;
		used += ones + 1;
		if (used >= 32) {
			store_u32(p, (uint32_t)word);
			p += 4;
			word >>= 32;
			used -= 32;
		}
		word |= (uint64_t)(d & (((uint64_t)1 << k) - 1)) << used;
		used += k;
		if (used >= 32) {
			store_u32(p, (uint32_t)word);
			p += 4;
			word >>= 32;
			used -= 32;
		}
	}
	for (; used > 0; used -= used < 8 ? used : 8) {
		*p++ = (uint8_t)word;
		word >>= 8;
	}
}

void rows_put_list(const uint32_t *rows, size_t n, struct buf *out)
{
	uint64_t bits = 0;
	unsigned k = n > 1 ? best_rice(rows, n, &bits) : 0;
	size_t rice = (size_t)(bits + 7) / 8, runs = put_runs(rows, n, NULL);
	size_t size = runs <= rice ? runs : rice;

	buf_reserve(out, size + 16);
	uint8_t *p = (uint8_t *)out->p + out->n;
	*p++ = runs <= rice ? ROWS_RUNS : (uint8_t)k;
	p = put_varint(p, (uint32_t)size);
	if (runs <= rice)
		put_runs(rows, n, p);
	else
		put_rice(rows, n, k, p);
	out->n = (size_t)(p + size - (uint8_t *)out->p);
}

void rows_read_one(struct rows_reader *r, uint32_t row, uint32_t limit)
{
	*r = (struct rows_reader){
		.left = 1, .limit = limit, .next = row, .coding = ROWS_VARINTS, .first = true};
}

void rows_read_varints(struct rows_reader *r, const uint8_t *p, size_t n, uint32_t limit)
{
	*r = (struct rows_reader){.p = p, .end = p + n, .limit = limit, .coding = ROWS_VARINTS};
	for (size_t i = 0; i < n; i++)
		r->left += p[i] < 0x80;
}

bool rows_read_list(
	struct rows_reader *r, const uint8_t *p, const uint8_t *end, uint32_t first, uint32_t count)
{
	uint32_t len, limit = r->limit;

	if (p >= end || *p > ROWS_RUNS || count == 0)
		return false;
	uint8_t coding = *p;
	p = get_varint(p + 1, end, &len);
	if (!p || len > (size_t)(end - p))
		return false;
	*r = (struct rows_reader){.p = p,
		.end = p + len,
		.left = count,
		.limit = limit,
		.next = first,
		.coding = coding,
		.first = true};
	return true;
}

static void refill(struct rows_reader *r)
{
	while (r->n_bits <= 56 && r->p < r->end) {
		r->bits |= (uint64_t)*r->p++ << r->n_bits;
		r->n_bits += 8;
	}
}

static bool next_rice(struct rows_reader *r, uint64_t *ret_d)
{
	uint64_t ones = 0;

	for (;;) {
		refill(r);
		unsigned run = ~r->bits ? (unsigned)__builtin_ctzll(~r->bits) : 64;
		if (run < r->n_bits) {
			ones += run;
			r->bits = run == 63 ? 0 : r->bits >> (run + 1);
			r->n_bits -= run + 1;
			break;
		}
		if (r->n_bits == 0)
			return false;
		ones += r->n_bits;
		r->bits = 0;
		r->n_bits = 0;
	}
	refill(r);
	if (r->n_bits < r->coding)
		return false;
	*ret_d = ones << r->coding | (r->bits & (((uint64_t)1 << r->coding) - 1));
	r->bits >>= r->coding;
	r->n_bits -= r->coding;
	return ones <= UINT32_MAX;
}

static bool next_runs(struct rows_reader *r, uint64_t *ret_d)
{
	uint64_t v = 0;

	if (r->run == 0) {
		for (unsigned shift = 0;; shift += 7) {
			if (shift >= 35 || r->p >= r->end)
				return false;
			uint8_t c = *r->p++;
			v |= (uint64_t)(c & 0x7F) << shift;
			if (c < 0x80)
				break;
		}
		if (!(v & 1)) {
			*ret_d = v >> 1;
			return true;
		}
		if (v >> 1 == 0 || v >> 1 > r->left)
			return false;
		r->run = (uint32_t)(v >> 1);
	}
	r->run--;
	*ret_d = 0;
	return true;
}

bool rows_next(struct rows_reader *r, uint32_t *ret_row)
{
	uint64_t d = 0;
	uint32_t v;

	if (r->left == 0)
		return false;
	if (r->first) {
		r->first = false;
	} else if (r->coding == ROWS_VARINTS) {
		r->p = get_varint(r->p, r->end, &v);
		if (!r->p)
			goto damaged;
		d = v;
	} else if (!(r->coding == ROWS_RUNS ? next_runs(r, &d) : next_rice(r, &d))) {
		goto damaged;
	}
	if (d >= r->limit || r->next >= r->limit - d)
		goto damaged;
	*ret_row = r->next + (uint32_t)d;
	r->next = *ret_row + 1;
	r->left--;
	return true;
damaged:
	r->left = 0;
	r->limit = 0;
	return false;
}

bool rows_sum(struct rows_reader *r, uint32_t *ret_count, uint32_t *ret_first, uint32_t *ret_last)
{
	uint32_t row, count = 0, first = 0;

	while (rows_next(r, &row)) {
		if (count++ == 0)
			first = row;
		if (r->run > r->left || r->run > r->limit - r->next)
			return false;
		count += r->run;
		r->next += r->run;
		r->left -= r->run;
		r->run = 0;
	}
	if (count == 0 || !rows_done(r))
		return false;
	*ret_count = count;
	*ret_first = first;
	*ret_last = r->next - 1;
	return true;
}

bool rows_done(const struct rows_reader *r)
{
	return r->limit != 0 && r->left == 0 && r->p == r->end && r->run == 0 && r->bits == 0;
}
