#include "store/sort.h"

#include <stdlib.h>
#include <string.h>

enum { SMALL = 48 };

static void radix_pairs(struct sort_pair *p, struct sort_pair *tmp, size_t n, unsigned first)
{
	size_t count[8][256] = {{0}};
	struct sort_pair *from = p, *to = tmp;

	for (size_t i = 0; i < n; i++) {
		for (unsigned d = first; d < 8; d++)
			count[d][p[i].key >> (8 * d) & 255]++;
	}
	for (unsigned d = first; d < 8; d++) {
		size_t sum = 0;
		if (count[d][p[0].key >> (8 * d) & 255] == n)
			continue;
		for (unsigned v = 0; v < 256; v++) {
			size_t c = count[d][v];
			count[d][v] = sum;
			sum += c;
		}
		for (size_t i = 0; i < n; i++)
			to[count[d][from[i].key >> (8 * d) & 255]++] = from[i];
		struct sort_pair *swap = from;
		from = to;
		to = swap;
	}
	if (from != p)
		memcpy(p, from, n * sizeof(*p));
}

void sort_pairs(struct sort_pair *p, struct sort_pair *tmp, size_t n)
{
	if (n > SMALL) {
		radix_pairs(p, tmp, n, 0);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		struct sort_pair x = p[i];
		size_t j = i;
		for (; j > 0 && p[j - 1].key > x.key; j--)
			p[j] = p[j - 1];
		p[j] = x;
	}
}

void sort_hashed(struct sort_pair *p, struct sort_pair *tmp, size_t n,
	int (*cmp)(const void *, const void *, void *), void *arg)
{
	const unsigned low = 8 - SORT_PREFIX;

	if (n > SMALL)
		radix_pairs(p, tmp, n, low);
	else
		sort_pairs(p, tmp, n);
	for (size_t i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && p[k].key >> (8 * low) == p[i].key >> (8 * low); k++)
			;
		if (k - i > 1)
			qsort_r(p + i, k - i, sizeof(*p), cmp, arg);
	}
}

static void radix_u64(uint64_t *p, uint64_t *tmp, size_t n)
{
	size_t count[8][256] = {{0}};
	uint64_t *from = p, *to = tmp;

	for (size_t i = 0; i < n; i++) {
		for (unsigned d = 0; d < 8; d++)
			count[d][p[i] >> (8 * d) & 255]++;
	}
	for (unsigned d = 0; d < 8; d++) {
		size_t sum = 0;
		if (count[d][p[0] >> (8 * d) & 255] == n)
			continue;
		for (unsigned v = 0; v < 256; v++) {
			size_t c = count[d][v];
			count[d][v] = sum;
			sum += c;
		}
		for (size_t i = 0; i < n; i++)
			to[count[d][from[i] >> (8 * d) & 255]++] = from[i];
		uint64_t *swap = from;
		from = to;
		to = swap;
	}
	if (from != p)
		memcpy(p, from, n * sizeof(*p));
}

void sort_u64(uint64_t *p, uint64_t *tmp, size_t n)
{
	if (n > SMALL) {
		radix_u64(p, tmp, n);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		uint64_t x = p[i];
		size_t j = i;
		for (; j > 0 && p[j - 1] > x; j--)
			p[j] = p[j - 1];
		p[j] = x;
	}
}

static void radix_u32(uint32_t *p, uint32_t *tmp, size_t n)
{
	size_t count[4][256] = {{0}};
	uint32_t *from = p, *to = tmp;

	for (size_t i = 0; i < n; i++) {
		for (unsigned d = 0; d < 4; d++)
			count[d][p[i] >> (8 * d) & 255]++;
	}
	for (unsigned d = 0; d < 4; d++) {
		size_t sum = 0;
		if (count[d][p[0] >> (8 * d) & 255] == n)
			continue;
		for (unsigned v = 0; v < 256; v++) {
			size_t c = count[d][v];
			count[d][v] = sum;
			sum += c;
		}
		for (size_t i = 0; i < n; i++)
			to[count[d][from[i] >> (8 * d) & 255]++] = from[i];
		uint32_t *swap = from;
		from = to;
		to = swap;
	}
	if (from != p)
		memcpy(p, from, n * sizeof(*p));
}

void sort_u32(uint32_t *p, uint32_t *tmp, size_t n)
{
	if (n > SMALL) {
		radix_u32(p, tmp, n);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		uint32_t x = p[i];
		size_t j = i;
		for (; j > 0 && p[j - 1] > x; j--)
			p[j] = p[j - 1];
		p[j] = x;
	}
}
