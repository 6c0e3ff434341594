#include "mail/simhash.h"

/* Bit k of the index alone in byte k: four votes in one addition. */
static const uint32_t spread[16] = {0x00000000, 0x00000001, 0x00000100, 0x00000101, 0x00010000,
	0x00010001, 0x00010100, 0x00010101, 0x01000000, 0x01000001, 0x01000100, 0x01000101,
	0x01010000, 0x01010001, 0x01010100, 0x01010101};

static void spill(struct simhash *s)
{
	for (unsigned bit = 0; bit < 64; bit++)
		s->votes[bit] += (uint32_t)(s->packed[bit / 4] >> bit % 4 * 8) & 0xff;
	memset(s->packed, 0, sizeof(s->packed));
	s->pending = 0;
}

void simhash_add(struct simhash *s, uint64_t feature)
{
	for (unsigned j = 0; j < 16; j++)
		s->packed[j] += spread[feature >> j * 4 & 0xf];
	s->n++;
	if (++s->pending == 255)
		spill(s);
}

void simhash_join(struct simhash *s, struct simhash *other)
{
	spill(other);
	for (unsigned bit = 0; bit < 64; bit++)
		s->votes[bit] += other->votes[bit];
	s->n += other->n;
}

uint64_t simhash_end(struct simhash *s)
{
	uint64_t h = 0;

	spill(s);
	for (unsigned bit = 0; bit < 64; bit++)
		h |= (uint64_t)(s->votes[bit] > s->n / 2) << bit;
	return h;
}
