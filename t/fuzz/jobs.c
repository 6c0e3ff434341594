/*
 * The descriptions of jobs.  The law: what unpacks, packs again to bytes that unpack to the same
 * (packing is a fixed point after one turn), and names nothing outside its bounds.
 */
#include "t/fuzz/fuzz.h"

#include <stdlib.h>

#include "base/limits.h"
#include "box/jobs.h"
#include "box/protocol.h"

static void must(bool cond)
{
	if (!cond)
		abort();
}

static void spans_ascend(const struct span *s, size_t n)
{
	uint64_t end = 0;

	for (size_t i = 0; i < n; i++) {
		must(s[i].off >= end);
		end = (uint64_t)s[i].off + s[i].len;
		must(end <= UINT32_MAX);
	}
}

static void parse(struct arena *a, struct str in)
{
	struct parse_job j, again;
	struct buf once = {0}, twice = {0};

	if (!parse_job_unpack(a, in, &j))
		return;
	for (size_t i = 0; i < j.n_skip; i++) {
		must(j.skip[i] < LIMIT_RECORDS_PER_BATCH && (i == 0 || j.skip[i] > j.skip[i - 1]));
		must(j.skip_why[i] > BOX_OK && j.skip_why[i] <= BOX_FAILED);
	}
	if (j.spans)
		spans_ascend(j.spans, j.n_spans);
	parse_job_pack(&j, &once);
	must(parse_job_unpack(a, buf_view(&once), &again));
	parse_job_pack(&again, &twice);
	must(str_eq(buf_view(&once), buf_view(&twice)) && once.n <= in.n);
	buf_release(&once);
	buf_release(&twice);
}

static void render(struct arena *a, struct str in)
{
	struct render_job j, again;
	struct buf once = {0}, twice = {0};

	if (!render_job_unpack(a, in, &j))
		return;
	render_job_pack(&j, &once);
	must(render_job_unpack(a, buf_view(&once), &again));
	render_job_pack(&again, &twice);
	must(str_eq(buf_view(&once), buf_view(&twice)) && once.n <= in.n);
	buf_release(&once);
	buf_release(&twice);
}

static void scan(struct arena *a, struct str in)
{
	struct scan_job j, again;
	struct buf once = {0}, twice = {0};

	if (!scan_job_unpack(a, in, &j))
		return;
	spans_ascend(j.records, j.n_records);
	scan_job_pack(&j, &once);
	must(scan_job_unpack(a, buf_view(&once), &again));
	scan_job_pack(&again, &twice);
	must(str_eq(buf_view(&once), buf_view(&twice)) && once.n <= in.n);
	buf_release(&once);
	buf_release(&twice);
}

static void detect(struct arena *a, struct str in)
{
	struct detect_job j, again;
	struct buf once = {0}, twice = {0};
	uint64_t records = 0;

	if (!detect_job_unpack(a, in, &j))
		return;
	for (size_t i = 0; i < j.n_parts; i++) {
		const struct detect_part *p = &j.parts[i];
		spans_ascend(p->records, p->n_records);
		records += p->n_records;
	}
	for (size_t i = 0; i < j.n_skip; i++)
		must(j.skip[i] <= records && (i == 0 || j.skip[i] > j.skip[i - 1]));
	detect_job_pack(&j, &once);
	must(detect_job_unpack(a, buf_view(&once), &again));
	detect_job_pack(&again, &twice);
	must(str_eq(buf_view(&once), buf_view(&twice)) && once.n <= in.n);
	buf_release(&once);
	buf_release(&twice);
}

static void hits(struct str in)
{
	struct str rest = in;
	struct detect_hit h;

	while (detect_hit_next(&rest, &h)) {
		must(h.why.n <= DETECT_WHY_MAX && (!h.why.n || h.why.p >= in.p));
		must(rest.n < in.n);
		struct str values = h.values, value;
		bool there;
		while (hit_value_next(&values, &there, &value))
			must(values.n < h.values.n && (there || !value.n));
	}
}

static void combines(struct str in)
{
	struct str rest = in;
	struct combine_hit h;
	struct combine_found f;

	while (combine_hit_next(&rest, &h))
		must(rest.n < in.n && h.values.n <= DETECT_VALUES_MAX);
	rest = in;
	while (combine_found_next(&rest, &f)) {
		must(f.n <= COMBINE_EVENTS_MAX && f.n <= f.total && (f.n > 0 || !f.total));
		must(f.why.n <= COMBINE_WHY_MAX);
	}
}

static void outputs(struct arena *a, struct str in)
{
	struct str batch, segment, rest = in;
	struct decode_out d;
	struct normalised n;
	struct buf again = {0};
	bool bad = false;

	if (parse_out_unpack(in, &batch, &segment))
		must(batch.n + segment.n + 16 == in.n);
	if (decode_out_unpack(a, in, &d)) {
		decode_out_pack(&d, &again);
		must(str_eq(buf_view(&again), in));
	}
	struct unpack_job u;
	if (unpack_job_unpack(in, &u)) {
		buf_clear(&again);
		unpack_job_pack(&u, &again);
		must(str_eq(buf_view(&again), in));
	}
	while (normalised_next(&rest, &n, &bad))
		must(n.o.kind < KINDS && n.o.v.p >= in.p && n.o.v.n <= in.n);
	must(bad || rest.n == 0);
	struct name_form f;
	rest = in;
	buf_clear(&again);
	while (name_form_next(&rest, &f))
		name_form_pack(&f, &again);
	must(str_eq(buf_view(&again), str_upto(in, in.n - rest.n)));
	buf_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct str in = {(const char *)data + 1, size ? size - 1 : 0};

	if (!size)
		return 0;
	switch (data[0] & 7) {
	case 0:
		parse(&a, in);
		break;
	case 1:
		render(&a, in);
		break;
	case 2:
		scan(&a, in);
		break;
	case 4:
		detect(&a, in);
		break;
	case 5:
		hits(in);
		combines(in);
		break;
	default:
		outputs(&a, in);
		break;
	}
	arena_release(&a);
	return 0;
}
