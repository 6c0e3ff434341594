#include "box/packing.h"

#include "base/limits.h"

void pack_str(struct buf *out, struct str s)
{
	buf_varint(out, s.n);
	buf_str(out, s);
}

struct str unpack_str(struct scan *sc, size_t limit)
{
	uint64_t n = scan_varint(sc, "a length");

	if (n > limit) {
		scan_fail(sc, "a shorter text");
		return STR("");
	}
	return scan_take(sc, (size_t)n, "a text");
}

bool unpack_bool(struct scan *sc)
{
	uint8_t v = scan_u8(sc, "a truth value");

	if (v > 1)
		scan_fail(sc, "0 or 1");
	return v == 1;
}

size_t unpack_count(struct scan *sc, size_t size, uint64_t limit)
{
	uint64_t n = scan_varint(sc, "a count");

	if (n > limit || n > scan_left(sc) / size) {
		scan_fail(sc, "a smaller count");
		return 0;
	}
	return (size_t)n;
}

bool unpacked_all(const struct scan *sc)
{
	return scan_ok(sc) && scan_left(sc) == 0;
}

void pack_head(const struct batch_head *h, struct buf *out)
{
	buf_u64(out, h->source_offset);
	buf_u64(out, h->first_record);
	buf_putc(out, (char)h->framing);
	buf_putc(out, h->separator);
	pack_str(out, h->preamble);
	pack_str(out, h->decoding);
	pack_str(out, h->forced);
}

struct batch_head unpack_head(struct scan *sc)
{
	struct batch_head h = {
		.source_offset = scan_u64(sc, "an offset"),
		.first_record = scan_u64(sc, "a record number"),
		.framing = scan_u8(sc, "a framing"),
		.separator = (char)scan_u8(sc, "a separator"),
	};

	if (h.framing >= FRAMINGS)
		scan_fail(sc, "a known framing");
	h.preamble = unpack_str(sc, LIMIT_PREAMBLE_BYTES);
	h.decoding = unpack_str(sc, PACKED_NAME_MAX);
	h.forced = unpack_str(sc, PACKED_NAME_MAX);
	return h;
}

void pack_spans(const struct span *spans, size_t n, struct buf *out)
{
	uint64_t end = 0;

	buf_varint(out, n);
	for (size_t i = 0; i < n; i++) {
		buf_varint(out, spans[i].off - end);
		buf_varint(out, spans[i].len);
		end = (uint64_t)spans[i].off + spans[i].len;
	}
}

const struct span *unpack_spans(struct scan *sc, struct arena *a, size_t *ret_n)
{
	size_t n = unpack_count(sc, 2, LIMIT_RECORDS_PER_BATCH);
	struct span *spans = arena_array(a, n, sizeof(*spans));
	uint64_t end = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t gap = scan_varint(sc, "a distance"), len = scan_varint(sc, "a length");
		if (gap > UINT32_MAX || len > UINT32_MAX || end + gap + len > UINT32_MAX)
			scan_fail(sc, "a place below 4 GiB");
		spans[i] = (struct span){(uint32_t)(end + gap), (uint32_t)len};
		end += gap + len;
		if (!scan_ok(sc))
			break;
	}
	*ret_n = n;
	return spans;
}

void pack_places(const uint32_t *at, size_t n, struct buf *out)
{
	buf_varint(out, n);
	for (size_t i = 0; i < n; i++)
		buf_varint(out, at[i] - (i ? at[i - 1] : 0));
}

const uint32_t *unpack_places(struct scan *sc, struct arena *a, size_t last, size_t *ret_n)
{
	size_t n = unpack_count(sc, 1, LIMIT_RECORDS_PER_BATCH);
	uint32_t *places = arena_array(a, n, sizeof(*places));
	uint64_t at = 0;

	for (size_t i = 0; i < n && scan_ok(sc); i++) {
		uint64_t step = scan_varint(sc, "a place");
		if ((i && step == 0) || step > last - at) {
			scan_fail(sc, "a place behind the one before");
			break;
		}
		at += step;
		places[i] = (uint32_t)at;
	}
	*ret_n = n;
	return places;
}
