#include "mail/simhash.h"

/* Bit k of the index, alone in byte k: eight votes in one addition. */
static uint64_t spread(unsigned byte)
{
	uint64_t v = byte;

	v = (v | v << 28) & 0x0000000f0000000fu;
	v = (v | v << 14) & 0x0003000300030003u;
	return (v | v << 7) & 0x0101010101010101u;
}

static void spill(struct simhash *s)
{
	for (unsigned bit = 0; bit < 64; bit++)
		s->votes[bit] += (uint32_t)(s->packed[bit / 8] >> bit % 8 * 8) & 0xff;
	memset(s->packed, 0, sizeof(s->packed));
	s->pending = 0;
}

void simhash_add(struct simhash *s, uint64_t feature)
{
	for (unsigned j = 0; j < 8; j++)
		s->packed[j] += spread(feature >> j * 8 & 0xff);
	s->n++;
	if (++s->pending == 255)
		spill(s);
}

uint64_t simhash_end(struct simhash *s)
{
	uint64_t h = 0;

	spill(s);
	for (unsigned bit = 0; bit < 64; bit++)
		h |= (uint64_t)(s->votes[bit] > s->n / 2) << bit;
	return h;
}
