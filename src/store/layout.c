#include "store/layout.h"

#include "base/hash.h"

void seg_out_start(struct seg_out *o, struct buf *buf)
{
	*o = (struct seg_out){.buf = buf, .start = buf->n};
	buf_reserve(buf, SEGMENT_HEADER + FACTS_BYTES);
	memset(buf->p + buf->n, 0, SEGMENT_HEADER + FACTS_BYTES);
	buf->n += SEGMENT_HEADER + FACTS_BYTES;
	o->off[SEC_FACTS] = SEGMENT_HEADER;
	o->len[SEC_FACTS] = FACTS_BYTES;
}

void seg_out_begin(struct seg_out *o, enum seg_section s)
{
	while ((o->buf->n - o->start) % 8)
		buf_putc(o->buf, 0);
	o->off[s] = o->buf->n - o->start;
}

void seg_out_end(struct seg_out *o, enum seg_section s)
{
	o->len[s] = o->buf->n - o->start - o->off[s];
}

void seg_out_section(struct seg_out *o, enum seg_section s, const struct buf *content)
{
	seg_out_begin(o, s);
	buf_str(o->buf, buf_view(content));
	seg_out_end(o, s);
}

static void facts_put(char *p, const struct facts *f)
{
	const uint32_t narrow[] = {f->rows, f->untimed, f->entries, f->observables, f->buckets,
		f->addresses, f->streams, f->batches, f->columns, f->types};
	const uint64_t wide[] = {f->uses, f->action_uses, f->copies, f->flaws, (uint64_t)f->first,
		(uint64_t)f->last};

	for (size_t i = 0; i < 10; i++, p += 4)
		store_u32(p, narrow[i]);
	for (size_t i = 0; i < 6; i++, p += 8)
		store_u64(p, wide[i]);
}

void facts_get(const void *from, struct facts *f)
{
	const char *p = from;
	uint32_t *narrow[] = {&f->rows, &f->untimed, &f->entries, &f->observables, &f->buckets,
		&f->addresses, &f->streams, &f->batches, &f->columns, &f->types};
	uint64_t *wide[] = {&f->uses, &f->action_uses, &f->copies, &f->flaws};
	int64_t *times[] = {&f->first, &f->last};

	for (size_t i = 0; i < 10; i++, p += 4)
		*narrow[i] = load_u32(p);
	for (size_t i = 0; i < 4; i++, p += 8)
		*wide[i] = load_u64(p);
	for (size_t i = 0; i < 2; i++, p += 8)
		*times[i] = (int64_t)load_u64(p);
}

void seg_out_finish(struct seg_out *o, const struct facts *f)
{
	char *p = o->buf->p + o->start, *item = p + SEGMENT_TABLE;

	facts_put(p + SEGMENT_HEADER, f);
	memcpy(p, SEGMENT_MAGIC, 8);
	store_u32(p + 8, SEGMENT_VERSION);
	store_u32(p + 12, SECTIONS);
	store_u64(p + 16, o->buf->n - o->start);
	for (unsigned s = 0; s < SECTIONS; s++, item += SEGMENT_TABLE_ITEM) {
		store_u64(item, o->off[s]);
		store_u64(item + 8, o->len[s]);
		store_u64(item + 16, hash64(p + o->off[s], (size_t)o->len[s], s));
	}
	uint64_t sum = hash64(p, 24, 0);
	store_u64(p + 24, hash64(p + SEGMENT_TABLE, SEGMENT_HEADER - SEGMENT_TABLE, sum));
}

void bits_put(const uint64_t *v, size_t n, unsigned width, struct buf *out)
{
	size_t bytes = (size_t)bits_bytes(n, width);

	buf_reserve(out, bytes + 2 * BITS_SLACK);
	char *p = out->p + out->n;
	memset(p, 0, bytes + 2 * BITS_SLACK);
	for (size_t i = 0; i < n; i++) {
		uint64_t bit = (uint64_t)i * width;
		unsigned shift = bit & 7;
		char *at = p + (bit >> 3);
		store_u64(at, load_u64(at) | v[i] << shift);
		if (width + shift > 64)
			at[8] = (char)((uint8_t)at[8] | (uint8_t)(v[i] >> (64 - shift)));
	}
	out->n += bytes + BITS_SLACK;
}
