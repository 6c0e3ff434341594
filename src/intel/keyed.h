#ifndef INTEL_KEYED_H
#define INTEL_KEYED_H

#include <stddef.h>
#include <stdint.h>

/*
 * A key and whose it is.  Twelve bytes, since there may be tens of millions: they are most of what
 * reading a list takes.
 */
struct keyed {
	uint32_t high, low; /* of the key */
	uint32_t ordinal;
};

static inline struct keyed keyed_of(uint64_t key, uint32_t ordinal)
{
	return (struct keyed){(uint32_t)(key >> 32), (uint32_t)key, ordinal};
}

static inline uint64_t keyed_key(struct keyed k)
{
	return (uint64_t)k.high << 32 | k.low;
}

/* By key, then ordinal; in place, in a time that no choice of keys makes worse than linear. */
void keyed_sort(struct keyed *at, size_t n);

#endif
