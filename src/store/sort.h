#ifndef STORE_SORT_H
#define STORE_SORT_H

#include <stddef.h>
#include <stdint.h>

/* A number to sort by, and whose it is. */
struct sort_pair {
	uint64_t key;
	uint32_t at;
};

/* Stable, by key; tmp has room for n.  Eight counting passes, those with one digit left out. */
void sort_pairs(struct sort_pair *p, struct sort_pair *tmp, size_t n);
/*
 * For keys that are hashes: counts by the highest SORT_PREFIX bytes only, and sorts the runs
 * that are equal there, short unless forged, by `cmp`.
 */
enum { SORT_PREFIX = 5 };
void sort_hashed(struct sort_pair *p, struct sort_pair *tmp, size_t n,
	int (*cmp)(const void *, const void *, void *), void *arg);
/* Ascending; tmp has room for n. */
void sort_u64(uint64_t *p, uint64_t *tmp, size_t n);
void sort_u32(uint32_t *p, uint32_t *tmp, size_t n);

#endif
