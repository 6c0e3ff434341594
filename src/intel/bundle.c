#include "intel/bundle.h"

#include <stdlib.h>

#include "base/hash.h"

void bundle_add(struct bundle *b, const struct place *p)
{
	*vec_push(&b->places) = *p;
}

static int place_cmp(const void *va, const void *vb)
{
	const struct place *a = va, *b = vb;

	if (a->member != b->member)
		return a->member < b->member ? -1 : 1;
	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	return (a->line > b->line) - (a->line < b->line);
}

void bundle_seal(struct bundle *b)
{
	size_t n = 0;

	if (b->places.n)
		qsort(b->places.at, b->places.n, sizeof(*b->places.at), place_cmp);
	for (size_t i = 0; i < b->places.n; i++) {
		const struct place *p = &b->places.at[i];
		/* A node and the edges that its object holds have one place. */
		if (n && place_cmp(&b->places.at[n - 1], p) == 0)
			continue;
		b->places.at[n++] = *p;
	}
	b->places.n = n;
	n = 0;
	for (size_t i = 0; i < b->places.n; i++) {
		if (b->places.at[i].length)
			b->places.at[n++] = b->places.at[i];
	}
	b->left_out = b->places.n - n;
	b->places.n = n;
}

void bundle_begin(struct bundle *b, struct buf *out, struct str seed, struct str kind)
{
	struct sha256 h = sha256_of3(STR("spoor bundle"), STR("\n"), seed);
	char hex[65];

	/* A UUID of version 8, which is free to be made of anything (RFC 9562 section 5.8). */
	h.b[6] = (uint8_t)((h.b[6] & 0x0f) | 0x80);
	h.b[8] = (uint8_t)((h.b[8] & 0x3f) | 0x80);
	sha256_hex(h, hex);
	b->out = out;
	b->written = 0;
	buf_addf(out, "{\"type\":\"bundle\",\"id\":\"bundle--%.8s-%.4s-%.4s-%.4s-%.12s\",", hex,
		hex + 8, hex + 12, hex + 16, hex + 20);
	/* Bundles of 2.0 have to say it (STIX 2.0 part 1 section 5), those of 2.1 must not. */
	if (str_eq(kind, STR("stix-2.0")))
		buf_str(out, STR("\"spec_version\":\"2.0\","));
	buf_str(out, STR("\"objects\":["));
}

void bundle_object(struct bundle *b, struct str bytes)
{
	buf_str(b->out, b->written++ ? STR(",\n") : STR("\n"));
	buf_str(b->out, bytes);
}

void bundle_end(struct bundle *b)
{
	buf_str(b->out, STR("\n]}\n"));
}

void bundle_release(struct bundle *b)
{
	vec_release(&b->places);
}
