#include "store/addresses.h"

#include <stdlib.h>

#include "base/err.h"

struct address address_of(struct str bytes)
{
	struct address a = {0};

	for (size_t i = 0; i < bytes.n && i < 16; i++)
		a.v = a.v << 8 | (uint8_t)bytes.p[i];
	if (bytes.n == 4)
		a.v |= (unsigned __int128)0xFFFF << 32;
	return a;
}

void address_bytes(struct address a, uint8_t ret_b[16])
{
	for (unsigned i = 0; i < 16; i++)
		ret_b[i] = (uint8_t)(a.v >> (8 * (15 - i)));
}

static int by_value(const void *x, const void *y)
{
	const struct address *a = x, *b = y;

	return a->v < b->v ? -1 : a->v > b->v;
}

static void put_difference(unsigned __int128 d, struct buf *out)
{
	for (; d >= 0x80; d >>= 7)
		buf_putc(out, (char)(0x80 | (uint8_t)d));
	buf_putc(out, (char)d);
}

uint32_t addresses_write(struct buf *all, struct buf *out)
{
	struct address *a = (struct address *)(void *)all->p;
	size_t total = all->n / sizeof(*a), n = 0;
	struct buf tail = {0};
	uint8_t bytes[16];

	if (total)
		qsort(a, total, sizeof(*a), by_value);
	for (size_t i = 0; i < total; i++) {
		if (i > 0 && a[i].v == a[n - 1].v)
			continue;
		a[n++] = a[i];
	}
	for (size_t i = 0; i < n; i++) {
		if (i % ADDRESS_BLOCK == 0) {
			address_bytes(a[i], bytes);
			buf_add(out, bytes, 16);
			buf_u32(out, (uint32_t)tail.n);
		} else {
			put_difference(a[i].v - a[i - 1].v - 1, &tail);
		}
	}
	buf_str(out, buf_view(&tail));
	buf_release(&tail);
	return (uint32_t)n;
}

static uint32_t n_blocks(const struct addresses *ad)
{
	return (uint32_t)(((uint64_t)ad->n + ADDRESS_BLOCK - 1) / ADDRESS_BLOCK);
}

static struct address block_first(const struct addresses *ad, uint32_t block)
{
	const char *p = (const char *)ad->p + (size_t)block * ADDRESS_ITEM;

	return address_of((struct str){p, 16});
}

uint32_t addresses_block_of(const struct addresses *ad, struct address a)
{
	uint32_t lo = 0, hi = n_blocks(ad);

	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (block_first(ad, mid).v <= a.v)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

/* 19 groups of seven bits hold 128; the last has two. */
static const uint8_t *get_difference(const uint8_t *p, const uint8_t *end, unsigned __int128 *ret_d)
{
	unsigned __int128 d = 0;

	for (unsigned shift = 0; shift < 133 && p < end; shift += 7) {
		uint8_t c = *p++;
		if (shift == 126 && c > 3)
			return NULL;
		d |= (unsigned __int128)(c & 0x7F) << shift;
		if (c < 0x80) {
			*ret_d = d;
			return p;
		}
	}
	return NULL;
}

unsigned addresses_block(
	const struct addresses *ad, uint32_t block, struct address ret[ADDRESS_BLOCK])
{
	uint32_t blocks = n_blocks(ad);
	size_t index = (size_t)blocks * ADDRESS_ITEM;

	if (block >= blocks)
		return 0;
	unsigned n = block + 1 < blocks ? ADDRESS_BLOCK : ad->n - block * ADDRESS_BLOCK;
	uint32_t at = load_u32(ad->p + (size_t)block * ADDRESS_ITEM + 16);
	if (at > ad->len - index)
		return 0;
	const uint8_t *p = ad->p + index + at, *end = ad->p + ad->len;
	ret[0] = block_first(ad, block);
	for (unsigned i = 1; i < n; i++) {
		unsigned __int128 d;
		p = get_difference(p, end, &d);
		if (!p || d >= ~ret[i - 1].v)
			return 0;
		ret[i].v = ret[i - 1].v + d + 1;
	}
	return n;
}
