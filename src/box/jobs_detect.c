#include "base/limits.h"
#include "box/jobs.h"
#include "box/packing.h"

/* A head, and a count of records. */
enum { PART_BYTES_MIN = 22 };

void detect_job_pack(const struct detect_job *j, struct buf *out)
{
	pack_str(out, j->rules);
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
	pack_str(out, h->why);
}

bool detect_hit_next(struct str *inout, struct detect_hit *ret)
{
	struct scan sc = scan_of(*inout);
	struct detect_hit h = {scan_u32(&sc, "a record"), scan_u32(&sc, "a rule"), {0}};

	h.why = unpack_str(&sc, DETECT_WHY_MAX);
	if (!scan_ok(&sc))
		return false;
	*inout = str_from(*inout, scan_offset(&sc));
	*ret = h;
	return true;
}
