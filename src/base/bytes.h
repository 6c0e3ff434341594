#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Little-endian integers and varints at unaligned places of our files. */

static inline uint16_t load_u16(const void *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return le16toh(v);
}

static inline uint32_t load_u32(const void *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return le32toh(v);
}

static inline uint64_t load_u64(const void *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return le64toh(v);
}

static inline void store_u16(void *p, uint16_t v)
{
	v = htole16(v);
	memcpy(p, &v, sizeof(v));
}

static inline void store_u32(void *p, uint32_t v)
{
	v = htole32(v);
	memcpy(p, &v, sizeof(v));
}

static inline void store_u64(void *p, uint64_t v)
{
	v = htole64(v);
	memcpy(p, &v, sizeof(v));
}

/* The first half of an event id as a number, so that numbers sort as ids do. */
static inline uint64_t load_be64(const void *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return be64toh(v);
}

/* Unsigned integers of 1 to 4 bytes. */
static inline uint32_t load_wide(const uint8_t *p, unsigned width)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < width; i++)
		v |= (uint32_t)p[i] << (8 * i);
	return v;
}

static inline uint8_t *put_wide(uint8_t *p, uint32_t v, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		*p++ = (uint8_t)(v >> (8 * i));
	return p;
}

/* How many bytes, and how many bits, the numbers up to max need (at least one). */
static inline unsigned bytes_for(uint32_t max)
{
	return max > 0xFFFFFF ? 4 : max > 0xFFFF ? 3 : max > 0xFF ? 2 : 1;
}

static inline unsigned bits_for(uint64_t max)
{
	return max ? 64 - (unsigned)__builtin_clzll(max) : 1;
}

/* LEB128 of 32 bits: at most 5 bytes.  NULL if it doesn't end before `end`. */
static inline const uint8_t *get_varint(const uint8_t *p, const uint8_t *end, uint32_t *ret_v)
{
	if (p < end && *p < 0x80) {
		*ret_v = *p;
		return p + 1;
	}
	uint64_t v = 0;
	for (unsigned shift = 0; shift < 35 && p < end; shift += 7) {
		uint8_t c = *p++;
		v |= (uint64_t)(c & 0x7F) << shift;
		if (c < 0x80) {
			if (v > UINT32_MAX)
				return NULL;
			*ret_v = (uint32_t)v;
			return p;
		}
	}
	return NULL;
}

/* Room for 5 bytes is the caller's business. */
static inline uint8_t *put_varint(uint8_t *p, uint32_t v)
{
	while (v >= 0x80) {
		*p++ = (uint8_t)(v | 0x80);
		v >>= 7;
	}
	*p++ = (uint8_t)v;
	return p;
}

static inline unsigned varint_size(uint32_t v)
{
	return (bits_for(v) + 6) / 7;
}

/* High half of a 64 by 64 bit product: maps a hash to 0 … n-1 in its own order. */
static inline uint64_t mul_high(uint64_t a, uint64_t n, uint64_t *ret_low)
{
	unsigned __int128 m = (unsigned __int128)a * n;

	*ret_low = (uint64_t)m;
	return (uint64_t)(m >> 64);
}

#endif
