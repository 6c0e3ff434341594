#include "base/limits.h"
#include "box/jobs.h"
#include "box/packing.h"

void combine_hit_pack(const struct combine_hit *h, struct buf *out)
{
	buf_u64(out, (uint64_t)h->time);
	buf_u32(out, h->event);
	buf_u32(out, h->rule);
	buf_varint(out, h->part);
	pack_str(out, h->values);
}

bool combine_hit_next(struct str *inout, struct combine_hit *ret)
{
	struct scan sc = scan_of(*inout);
	struct combine_hit h = {.time = (int64_t)scan_u64(&sc, "a time")};
	h.event = scan_u32(&sc, "an event");
	h.rule = scan_u32(&sc, "a rule");
	uint64_t part = scan_varint(&sc, "a part");

	h.part = (uint32_t)part;
	h.values = unpack_str(&sc, DETECT_VALUES_MAX);
	if (!scan_ok(&sc) || part > UINT32_MAX)
		return false;
	*inout = str_from(*inout, scan_offset(&sc));
	*ret = h;
	return true;
}

void combine_found_pack(const struct combine_found *f, struct buf *out)
{
	buf_u32(out, f->rule);
	buf_varint(out, f->total);
	buf_varint(out, f->n);
	for (uint32_t i = 0; i < f->n; i++)
		buf_u32(out, f->events[i]);
	pack_str(out, f->why);
}

bool combine_found_next(struct str *inout, struct combine_found *ret)
{
	struct scan sc = scan_of(*inout);
	struct combine_found f = {.rule = scan_u32(&sc, "a rule")};
	f.total = scan_varint(&sc, "a count");
	uint64_t n = scan_varint(&sc, "a count");
	bool good = n <= COMBINE_EVENTS_MAX && n <= f.total && (n > 0 || f.total == 0);

	for (; good && f.n < n; f.n++) {
		f.events[f.n] = scan_u32(&sc, "an event");
		good = f.n == 0 || f.events[f.n] > f.events[f.n - 1];
	}
	if (!good)
		return false;
	f.why = unpack_str(&sc, COMBINE_WHY_MAX);
	if (!scan_ok(&sc))
		return false;
	*inout = str_from(*inout, scan_offset(&sc));
	*ret = f;
	return true;
}
