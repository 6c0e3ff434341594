#include "store/chunk.h"

#include <stdlib.h>

#include "base/err.h"
#include "store/layout.h"
#include "store/sort.h"

/* The first byte: how it is coded, plus ZSTD where the planes are compressed. */
enum {
	CONSTANT, /* varint */
	PLANES,   /* width; that many planes of bytes, the lowest first */
	DELTA,    /* the same, of the zigzag differences to the value before (0 before the first) */
	TABLE,    /* varint of distinct values less one, these ascending as varint differences;
		     width, planes of their numbers */
	ZSTD = 0x80,
	PLANES_MAX = 4 * ROW_BLOCK,
};

void chunk_writer_init(struct chunk_writer *w)
{
	w->cctx = ZSTD_createCCtx();
	w->sorted = malloc(ROW_BLOCK * sizeof(*w->sorted));
	w->tmp = malloc(ROW_BLOCK * sizeof(*w->tmp));
	w->planes = malloc(PLANES_MAX);
	w->packed = malloc(ZSTD_COMPRESSBOUND(PLANES_MAX));
	if (!w->cctx || !w->sorted || !w->tmp || !w->planes || !w->packed)
		BUG("out of memory");
	/* The blocks are short: a small window keeps the context small and quick to reset. */
	ZSTD_CCtx_setParameter(w->cctx, ZSTD_c_compressionLevel, 1);
	ZSTD_CCtx_setParameter(w->cctx, ZSTD_c_windowLog, 15);
	ZSTD_CCtx_setParameter(w->cctx, ZSTD_c_contentSizeFlag, 0);
}

void chunk_writer_release(struct chunk_writer *w)
{
	ZSTD_freeCCtx(w->cctx);
	free(w->sorted);
	free(w->tmp);
	free(w->planes);
	free(w->packed);
}

/* Appends the first byte, `middle`, the width and the planes, compressed if that is shorter. */
static void put_planes(struct chunk_writer *w, unsigned coding, const struct buf *middle,
	size_t planes_len, struct buf *out)
{
	size_t n = ZSTD_compress2(
		w->cctx, w->packed, ZSTD_COMPRESSBOUND(PLANES_MAX), w->planes, planes_len);
	bool packed = !ZSTD_isError(n) && n < planes_len;

	buf_putc(out, (char)(coding | (packed ? ZSTD : 0)));
	buf_str(out, buf_view(middle));
	buf_add(out, packed ? w->packed : w->planes, packed ? n : planes_len);
}

static void split(const uint32_t *v, size_t n, unsigned width, uint8_t *planes)
{
	for (unsigned b = 0; b < width; b++) {
		for (size_t i = 0; i < n; i++)
			planes[b * n + i] = (uint8_t)(v[i] >> (8 * b));
	}
}

static void put_numbers(
	struct chunk_writer *w, unsigned coding, const uint32_t *v, size_t n, struct buf *out)
{
	uint32_t all = 0;
	char width;
	struct buf middle = {&width, 1, 1};

	for (size_t i = 0; i < n; i++)
		all |= v[i];
	width = (char)bytes_for(all);
	split(v, n, (unsigned)width, w->planes);
	put_planes(w, coding, &middle, (size_t)width * n, out);
}

/* The numbers of values in a table of the distinct ones: a hash table of twice their number. */
static void put_table(
	struct chunk_writer *w, const uint32_t *v, size_t n, size_t distinct, struct buf *out)
{
	struct buf middle = {0};
	uint32_t before = 0;
	unsigned width = distinct > 256 ? 2 : 1;

	buf_varint(&middle, distinct - 1);
	for (size_t i = 0; i < distinct; i++) {
		buf_varint(&middle, w->sorted[i] - before);
		before = w->sorted[i];
	}
	buf_putc(&middle, (char)width);
	for (size_t i = 0; i < n; i++) {
		size_t lo = 0, len = distinct;
		while (len > 1) {
			size_t half = len / 2;
			lo = w->sorted[lo + half] <= v[i] ? lo + half : lo;
			len -= half;
		}
		w->tmp[i] = (uint32_t)lo;
	}
	split(w->tmp, n, width, w->planes);
	put_planes(w, TABLE, &middle, width * n, out);
	buf_release(&middle);
}

void chunk_put(struct chunk_writer *w, const uint32_t *v, size_t n, bool ascending, struct buf *out)
{
	size_t distinct = 1;
	bool constant = true;

	for (size_t i = 1; i < n && constant; i++)
		constant = v[i] == v[0];
	if (constant) {
		buf_putc(out, CONSTANT);
		buf_varint(out, v[0]);
		return;
	}
	if (ascending) {
		uint32_t before = 0;
		for (size_t i = 0; i < n; i++) {
			int32_t d = (int32_t)(v[i] - before);
			w->tmp[i] = (uint32_t)d << 1 ^ (uint32_t)(d >> 31);
			before = v[i];
		}
		put_numbers(w, DELTA, w->tmp, n, out);
		return;
	}
	memcpy(w->sorted, v, n * sizeof(*v));
	sort_u32(w->sorted, w->tmp, n);
	for (size_t i = 1; i < n; i++) {
		if (w->sorted[i] != w->sorted[distinct - 1])
			w->sorted[distinct++] = w->sorted[i];
	}
	if (distinct <= n / 2)
		put_table(w, v, n, distinct, out);
	else
		put_numbers(w, PLANES, v, n, out);
}

void chunk_reader_init(struct chunk_reader *r)
{
	r->dctx = ZSTD_createDCtx();
	r->planes = malloc(PLANES_MAX);
	r->values = malloc(ROW_BLOCK * sizeof(*r->values));
	if (!r->dctx || !r->planes || !r->values)
		BUG("out of memory");
}

void chunk_reader_release(struct chunk_reader *r)
{
	ZSTD_freeDCtx(r->dctx);
	free(r->planes);
	free(r->values);
	*r = (struct chunk_reader){0};
}

static bool get_planes(struct chunk_reader *r, const uint8_t *p, const uint8_t *end, size_t n,
	bool packed, uint32_t *ret_v)
{
	if (p >= end || *p < 1 || *p > 4)
		return false;
	size_t width = *p++, len = width * n;
	const uint8_t *planes = p;
	if (packed) {
		size_t got = ZSTD_decompressDCtx(r->dctx, r->planes, len, p, (size_t)(end - p));
		if (ZSTD_isError(got) || got != len)
			return false;
		planes = r->planes;
	} else if ((size_t)(end - p) != len) {
		return false;
	}
	for (size_t i = 0; i < n; i++)
		ret_v[i] = planes[i];
	for (size_t b = 1; b < width; b++) {
		for (size_t i = 0; i < n; i++)
			ret_v[i] |= (uint32_t)planes[b * n + i] << (8 * b);
	}
	return true;
}

static bool get_table(struct chunk_reader *r, const uint8_t *p, const uint8_t *end, size_t n,
	bool packed, uint32_t *ret_v)
{
	uint32_t distinct, v = 0, d;

	p = get_varint(p, end, &distinct);
	if (!p || distinct >= n)
		return false;
	for (uint32_t i = 0; i <= distinct; i++) {
		p = get_varint(p, end, &d);
		if (!p)
			return false;
		v += d;
		r->values[i] = v;
	}
	if (!get_planes(r, p, end, n, packed, ret_v))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (ret_v[i] > distinct)
			return false;
		ret_v[i] = r->values[ret_v[i]];
	}
	return true;
}

bool chunk_get(struct chunk_reader *r, struct str chunk, size_t n, uint32_t *ret_v)
{
	const uint8_t *p = (const uint8_t *)chunk.p, *end = p + chunk.n;
	uint32_t v = 0;

	if (n == 0 || n > ROW_BLOCK || p == end)
		return false;
	unsigned coding = *p & ~ZSTD;
	bool packed = *p++ & ZSTD;
	switch (coding) {
	case CONSTANT:
		if (packed || get_varint(p, end, &v) != end)
			return false;
		for (size_t i = 0; i < n; i++)
			ret_v[i] = v;
		return true;
	case PLANES:
		return get_planes(r, p, end, n, packed, ret_v);
	case DELTA:
		if (!get_planes(r, p, end, n, packed, ret_v))
			return false;
		for (size_t i = 0; i < n; i++) {
			v += ret_v[i] >> 1 ^ (0 - (ret_v[i] & 1));
			ret_v[i] = v;
		}
		return true;
	case TABLE:
		return get_table(r, p, end, n, packed, ret_v);
	default:
		return false;
	}
}

bool chunk_get_one(struct str chunk, size_t n, size_t i, uint32_t *ret_v)
{
	const uint8_t *p = (const uint8_t *)chunk.p, *end = p + chunk.n;

	if (i >= n || chunk.n < 2)
		return false;
	if (*p == CONSTANT)
		return get_varint(p + 1, end, ret_v) == end;
	unsigned width = p[1];
	if (*p != PLANES || width < 1 || width > 4 || chunk.n != 2 + width * n)
		return false;
	*ret_v = 0;
	for (unsigned b = 0; b < width; b++)
		*ret_v |= (uint32_t)p[2 + b * n + i] << (8 * b);
	return true;
}
