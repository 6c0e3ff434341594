#ifndef STORE_ADDRESSES_H
#define STORE_ADDRESSES_H

#include "base/buf.h"
#include "store/layout.h"

/* The address-ordered part: distinct addresses, IPv4 as ::ffff:0:0/96, in blocks of differences. */
struct address {
	unsigned __int128 v;
};

struct address address_of(struct str bytes); /* 4 or 16 bytes in network order */
void address_bytes(struct address a, uint8_t ret_b[16]);

/* all: struct address, in any order, with doubles; is sorted in place.  Returns how many. */
uint32_t addresses_write(struct buf *all, struct buf *out);

/* Reads block by block. */
struct addresses {
	const uint8_t *p;
	size_t len;
	uint32_t n;
};
/* The block that must hold the first address at or above a, if any does. */
uint32_t addresses_block_of(const struct addresses *ad, struct address a);
/* Returns how many the block has, 0 if it is damaged or there is none. */
unsigned addresses_block(
	const struct addresses *ad, uint32_t block, struct address ret[ADDRESS_BLOCK]);

#endif
