#include "base/limits.h"
#include "box/jobs.h"
#include "box/packing.h"

/* A head, and a count of records. */
enum { PART_BYTES_MIN = 22 };

void detect_job_pack(const struct detect_job *j, struct buf *out)
{
	pack_str(out, j->rules);
	pack_places(j->only, j->n_only, out);
	buf_varint(out, j->n_parts);
	for (size_t i = 0; i < j->n_parts; i++) {
		pack_head(&j->parts[i].head, out);
		pack_spans(j->parts[i].records, j->parts[i].n_records, out);
	}
	pack_places(j->skip, j->n_skip, out);
}

bool detect_job_unpack(struct arena *a, struct str packed, struct detect_job *ret)
{
	struct scan sc = scan_of(packed);
	struct detect_job j = {.rules = unpack_str(&sc, LIMIT_RULES_BYTES)};
	size_t records = 0;

	j.only = unpack_places(&sc, a, LIMIT_RULES_BYTES, &j.n_only);
	j.n_parts = unpack_count(&sc, PART_BYTES_MIN, LIMIT_RECORDS_PER_BATCH);
	struct detect_part *parts = arena_array(a, j.n_parts, sizeof(*parts));
	for (size_t i = 0; i < j.n_parts && scan_ok(&sc); i++) {
		parts[i].head = unpack_head(&sc);
		parts[i].records = unpack_spans(&sc, a, &parts[i].n_records);
		records += parts[i].n_records;
	}
	if (!scan_ok(&sc) || records >= UINT32_MAX / 2)
		return false;
	j.parts = parts;
	j.skip = unpack_places(&sc, a, records, &j.n_skip);
	if (!unpacked_all(&sc))
		return false;
	*ret = j;
	return true;
}

void detect_hit_pack(const struct detect_hit *h, struct buf *out)
{
	buf_u32(out, h->record);
	buf_u32(out, h->rule);
	buf_varint(out, h->part);
	pack_str(out, h->values);
	pack_str(out, h->why);
}

bool detect_hit_next(struct str *inout, struct detect_hit *ret)
{
	struct scan sc = scan_of(*inout);
	struct detect_hit h = {scan_u32(&sc, "a record"), scan_u32(&sc, "a rule"), 0, {0}, {0}};
	uint64_t part = scan_varint(&sc, "a part");

	h.part = (uint32_t)part;
	h.values = unpack_str(&sc, DETECT_VALUES_MAX);
	h.why = unpack_str(&sc, DETECT_WHY_MAX);
	if (!scan_ok(&sc) || part > UINT32_MAX)
		return false;
	*inout = str_from(*inout, scan_offset(&sc));
	*ret = h;
	return true;
}

/* Most values are shorter; of a longer one so much is kept as one reads. */
enum { VALUE_MAX = 256, VALUE_KEPT = 200 };

void hit_value_pack(bool there, struct str value, struct buf *out)
{
	struct buf cut = {0};

	if (there && value.n > VALUE_MAX) {
		char hex[65];
		sha256_hex(sha256_of(value), hex);
		buf_str(&cut, str_upto(value, VALUE_KEPT));
		buf_addf(&cut, "… (%.32s)", hex);
		value = buf_view(&cut);
	}
	buf_varint(out, there ? value.n + 1 : 0);
	if (there)
		buf_str(out, value);
	buf_release(&cut);
}

bool hit_value_next(struct str *inout, bool *ret_there, struct str *ret_value)
{
	struct scan sc = scan_of(*inout);
	uint64_t n = inout->n ? scan_varint(&sc, "a value") : UINT64_MAX;

	if (!scan_ok(&sc) || n > VALUE_MAX + 1)
		return false;
	*ret_there = n > 0;
	*ret_value = n ? scan_take(&sc, (size_t)n - 1, "a value") : STR("");
	if (!scan_ok(&sc))
		return false;
	*inout = str_from(*inout, scan_offset(&sc));
	return true;
}
