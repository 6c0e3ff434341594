#include "intel/keyed.h"

/* Below it, moving one by one is faster than counting. */
enum { SMALL = 48, DIGITS = 12 };

static unsigned digit(const struct keyed *k, unsigned d)
{
	uint32_t word = d < 4 ? k->high : d < 8 ? k->low : k->ordinal;

	return word >> (24 - 8 * (d & 3)) & 0xff;
}

static int less(const struct keyed *a, const struct keyed *b)
{
	if (a->high != b->high)
		return a->high < b->high;
	return a->low != b->low ? a->low < b->low : a->ordinal < b->ordinal;
}

static void sort_small(struct keyed *at, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct keyed k = at[i];
		size_t j = i;
		for (; j && less(&k, &at[j - 1]); j--)
			at[j] = at[j - 1];
		at[j] = k;
	}
}

/* McIlroy, Bostic, McIlroy, "Engineering Radix Sort" (1993): the American flag sort. */
static void sort_from(struct keyed *at, size_t n, unsigned d)
{
	size_t end[256] = {0}, next[256], sum = 0;

	for (; d < DIGITS && n > SMALL; d++) {
		size_t same = 0;
		unsigned first = digit(&at[0], d);
		while (same < n && digit(&at[same], d) == first)
			same++;
		if (same < n)
			break;
	}
	if (n <= SMALL || d == DIGITS) {
		sort_small(at, d == DIGITS ? 0 : n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		end[digit(&at[i], d)]++;
	for (unsigned b = 0; b < 256; b++) {
		next[b] = sum;
		sum += end[b];
		end[b] = sum;
	}
	for (unsigned b = 0; b < 256; b++) {
		while (next[b] < end[b]) {
			struct keyed k = at[next[b]];
			for (unsigned to = digit(&k, d); to != b; to = digit(&k, d)) {
				struct keyed out = at[next[to]];
				at[next[to]++] = k;
				k = out;
			}
			at[next[b]++] = k;
		}
	}
	for (unsigned b = 0; b < 256; b++) {
		size_t from = b ? end[b - 1] : 0;
		if (end[b] - from > 1)
			sort_from(at + from, end[b] - from, d + 1);
	}
}

void keyed_sort(struct keyed *at, size_t n)
{
	sort_from(at, n, 0);
}
