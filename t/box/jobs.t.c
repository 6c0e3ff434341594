/* Descriptions of jobs: what is packed comes out again, and nothing else does. */
#include "box/jobs.h"

#include <limits.h>

#include "base/limits.h"
#include "box/protocol.h"
#include "t/tap.h"

static const struct batch_head head = {
	.source_offset = UINT64_MAX - 1,
	.first_record = 7,
	.framing = FRAMING_CSV,
	.separator = ';',
	.preamble = {"a;b\n", 4},
	.decoding = {"gzip/utf-16le", 13},
	.forced = {"m365-ual", 8},
};

static void heads_are_equal(const struct batch_head *h)
{
	ok(h->source_offset == head.source_offset && h->first_record == head.first_record);
	ok(h->framing == head.framing && h->separator == head.separator);
	eq_str(h->preamble, head.preamble);
	eq_str(h->decoding, head.decoding);
	eq_str(h->forced, head.forced);
}

/* No shorter and no longer bytes are a job. */
static void only_whole(struct str packed, bool (*unpacks)(struct arena *, struct str))
{
	struct arena a = {0};
	struct buf longer = {0};
	size_t shorter = 0;

	for (size_t n = 0; n < packed.n; n++)
		shorter += unpacks(&a, str_upto(packed, n));
	ok(shorter == 0);
	buf_str(&longer, packed);
	buf_putc(&longer, 0);
	ok(!unpacks(&a, buf_view(&longer)));
	ok(unpacks(&a, packed));
	buf_release(&longer);
	arena_release(&a);
}

static bool parse_unpacks(struct arena *a, struct str s)
{
	struct parse_job j;

	return parse_job_unpack(a, s, &j);
}

static bool render_unpacks(struct arena *a, struct str s)
{
	struct render_job j;

	return render_job_unpack(a, s, &j);
}

static bool scan_unpacks(struct arena *a, struct str s)
{
	struct scan_job j;

	return scan_job_unpack(a, s, &j);
}

static bool detect_unpacks(struct arena *a, struct str s)
{
	struct detect_job j;

	return detect_job_unpack(a, s, &j);
}

static void detect_jobs(void)
{
	static const struct span one[] = {{0, 5}, {5, 2}}, two[] = {{7, 1}};
	static const uint32_t skip[] = {0, 2}, beyond[] = {4}, only[] = {0, 1, 9};
	const struct detect_part parts[] = {{head, one, 2}, {head, two, 1}};
	struct detect_job j = {STR("rules"), only, 3, parts, 2, skip, 2}, got;
	struct arena a = {0};
	struct buf b = {0};

	detect_job_pack(&j, &b);
	if (ok(detect_job_unpack(&a, buf_view(&b), &got))) {
		eq_str(got.rules, j.rules);
		ok(got.n_only == 3 && memcmp(got.only, only, sizeof(only)) == 0);
		ok(got.n_parts == 2 && got.parts[1].n_records == 1);
		heads_are_equal(&got.parts[1].head);
		ok(memcmp(got.parts[0].records, one, sizeof(one)) == 0);
		ok(memcmp(got.parts[1].records, two, sizeof(two)) == 0);
		ok(got.n_skip == 2 && memcmp(got.skip, skip, sizeof(skip)) == 0);
	}
	only_whole(buf_view(&b), detect_unpacks);
	j.skip = beyond;
	j.n_skip = 1;
	buf_clear(&b);
	detect_job_pack(&j, &b);
	ok(!detect_job_unpack(&a, buf_view(&b), &got)); /* a record that isn't there */

	struct buf values = {0}, long_one = {0};
	hit_value_pack(true, STR("a"), &values);
	hit_value_pack(false, STR("not seen"), &values);
	for (int i = 0; i < 300; i++)
		buf_putc(&long_one, 'x');
	hit_value_pack(true, buf_view(&long_one), &values);
	buf_putc(&long_one, 'y');
	hit_value_pack(true, buf_view(&long_one), &values);
	hit_value_pack(true, STR(""), &values);
	const struct detect_hit hit = {7, 3, 2, buf_view(&values), STR("it is so")};
	struct detect_hit got_hit = {0};
	buf_clear(&b);
	detect_hit_pack(&hit, &b);
	struct str rest = buf_view(&b);
	ok(detect_hit_next(&rest, &got_hit) && rest.n == 0);
	ok(got_hit.record == 7 && got_hit.rule == 3 && got_hit.part == 2);
	eq_str(got_hit.why, hit.why);
	struct str left = got_hit.values, value, other;
	bool there;
	ok(hit_value_next(&left, &there, &value) && there);
	eq_str(value, STR("a"));
	ok(hit_value_next(&left, &there, &value) && !there);
	ok(hit_value_next(&left, &there, &value) && there && value.n < 300);
	ok(hit_value_next(&left, &there, &other) && there && !str_eq(value, other));
	ok(hit_value_next(&left, &there, &value) && there && value.n == 0);
	ok(!hit_value_next(&left, &there, &value));
	ok(!detect_hit_next(&rest, &got_hit));
	rest = str_upto(buf_view(&b), b.n - 1);
	ok(!detect_hit_next(&rest, &got_hit));
	buf_release(&values);
	buf_release(&long_one);
	buf_release(&b);
	arena_release(&a);
}

static void parse_jobs(void)
{
	static const uint32_t skip[] = {0, 1, 400, LIMIT_RECORDS_PER_BATCH - 1};
	static const uint8_t why[] = {BOX_CRASHED, BOX_LOOPED, BOX_STARVED, BOX_FAILED};
	static const struct span spans[] = {{0, 5}, {5, 0}, {5, 1}, {UINT32_MAX - 9, 9}};
	const struct parse_job j = {.head = head,
		.zstd_level = 3,
		.skip = skip,
		.skip_why = why,
		.n_skip = 4,
		.skip_all = true,
		.want_batch = false,
		.spans = spans,
		.n_spans = 4};
	struct parse_job got;
	struct buf b = {0};
	struct arena a = {0};

	parse_job_pack(&j, &b);
	if (ok(parse_job_unpack(&a, buf_view(&b), &got))) {
		heads_are_equal(&got.head);
		ok(got.zstd_level == 3 && got.skip_all && !got.want_batch);
		ok(got.n_skip == 4 && memcmp(got.skip, skip, sizeof(skip)) == 0 &&
			memcmp(got.skip_why, why, sizeof(why)) == 0);
		ok(got.n_spans == 4 && memcmp(got.spans, spans, sizeof(spans)) == 0);
	}
	only_whole(buf_view(&b), parse_unpacks);
	buf_release(&b);
	arena_release(&a);
}

/* One wrong thing each. */
static void bad_parse_jobs(void)
{
	static const uint32_t twice[] = {5, 5}, high[] = {LIMIT_RECORDS_PER_BATCH};
	static const uint8_t fine[] = {BOX_CRASHED, BOX_CRASHED}, none[] = {BOX_OK},
			     unknown[] = {BOX_FAILED + 1};
	static const struct span overlap[] = {{0, 5}, {4, 1}}, far[] = {{UINT32_MAX, 1}};
	static char long_text[LIMIT_PREAMBLE_BYTES + 1];
	const struct parse_job bad[] = {
		{.zstd_level = 0},
		{.zstd_level = 23},
		{.zstd_level = -1},
		{.zstd_level = 1, .head = {.framing = FRAMINGS}},
		{.zstd_level = 1, .head = {.preamble = {long_text, sizeof(long_text)}}},
		{.zstd_level = 1, .head = {.forced = {long_text, sizeof(long_text)}}},
		{.zstd_level = 1, .skip = twice, .skip_why = fine, .n_skip = 2},
		{.zstd_level = 1, .skip = high, .skip_why = fine, .n_skip = 1},
		{.zstd_level = 1, .skip = twice, .skip_why = none, .n_skip = 1},
		{.zstd_level = 1, .skip = twice, .skip_why = unknown, .n_skip = 1},
		{.zstd_level = 1, .spans = overlap, .n_spans = 2},
		{.zstd_level = 1, .spans = far, .n_spans = 1},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct arena a = {0};
		struct buf b = {0};
		parse_job_pack(&bad[i], &b);
		printf("# case %zu\n", i);
		ok(!parse_unpacks(&a, buf_view(&b)));
		buf_release(&b);
		arena_release(&a);
	}
}

static void other_jobs(void)
{
	static const struct render_item items[] = {{.off = 1, .len = 2, .source_offset = 3},
		{.off = UINT32_MAX, .len = UINT32_MAX, .source_offset = UINT64_MAX, .conflict = 1}};
	static const struct span spans[] = {{3, 4}, {9, 1}};
	static const struct str values[] = {{"a", 1}, {"", 0}, {"x\0y", 3}};
	const struct render_job r = {
		.head = head, .source = STR("abc"), .items = items, .n_items = 2};
	static const uint32_t unread[] = {0, 2}, back[] = {1, 1}, beyond[] = {3};
	struct scan_job s = {.head = head,
		.records = spans,
		.n_records = 2,
		.values = values,
		.n_values = 3,
		.unread = unread,
		.n_unread = 2};
	struct arena a = {0};
	struct buf b = {0};
	struct render_job got_r;
	struct scan_job got_s;

	render_job_pack(&r, &b);
	if (ok(render_job_unpack(&a, buf_view(&b), &got_r))) {
		heads_are_equal(&got_r.head);
		eq_str(got_r.source, r.source);
		ok(got_r.n_items == 2 && memcmp(got_r.items, items, sizeof(items)) == 0);
	}
	only_whole(buf_view(&b), render_unpacks);
	buf_clear(&b);
	scan_job_pack(&s, &b);
	if (ok(scan_job_unpack(&a, buf_view(&b), &got_s))) {
		heads_are_equal(&got_s.head);
		ok(got_s.n_records == 2 && memcmp(got_s.records, spans, sizeof(spans)) == 0);
		ok(got_s.n_values == 3 && str_eq(got_s.values[0], values[0]) &&
			str_eq(got_s.values[1], values[1]) && str_eq(got_s.values[2], values[2]));
		ok(got_s.n_unread == 2 && memcmp(got_s.unread, unread, sizeof(unread)) == 0);
	}
	only_whole(buf_view(&b), scan_unpacks);
	s.unread = back;
	buf_clear(&b);
	scan_job_pack(&s, &b);
	ok(!scan_job_unpack(&a, buf_view(&b), &got_s));
	s.unread = beyond;
	s.n_unread = 1;
	buf_clear(&b);
	scan_job_pack(&s, &b);
	ok(!scan_job_unpack(&a, buf_view(&b), &got_s));
	buf_release(&b);
	arena_release(&a);
}

static void outputs(void)
{
	static const struct flaw flaws[] = {{FLAW_BOMB, 9}, {FLAW_CODES, 1}};
	const struct normalised one = {3, true, {KIND_DOMAIN, FORM_TEXT, STR("example.com")}};
	struct decode_out d = {STR("zstd/gzip"), flaws, 1}, got_d;
	struct normalised got_n;
	struct arena a = {0};
	struct buf b = {0};
	struct str batch, segment, rest;
	bool bad;

	parse_out_pack_head(2, 1, (buf_reserve(&b, 16), b.p));
	b.n = 16;
	buf_str(&b, STR("abc"));
	ok(parse_out_unpack(buf_view(&b), &batch, &segment));
	eq_str(batch, STR("ab"));
	eq_str(segment, STR("c"));
	buf_str(&b, STR("d"));
	ok(!parse_out_unpack(buf_view(&b), &batch, &segment));
	ok(!parse_out_unpack(STR("short"), &batch, &segment));
	parse_out_pack_head(UINT64_MAX, 6, b.p);
	ok(!parse_out_unpack(buf_view(&b), &batch, &segment));

	buf_clear(&b);
	decode_out_pack(&d, &b);
	ok(decode_out_unpack(&a, buf_view(&b), &got_d) && got_d.n_flaws == 1);
	eq_str(got_d.path, d.path);
	ok(got_d.flaws[0].code == FLAW_BOMB && got_d.flaws[0].offset == 9);
	buf_clear(&b);
	d.n_flaws = 2;
	decode_out_pack(&d, &b);
	ok(!decode_out_unpack(&a, buf_view(&b), &got_d)); /* a flaw that doesn't exist */

	buf_clear(&b);
	normalised_pack(&one, &b);
	rest = buf_view(&b);
	ok(normalised_next(&rest, &got_n, &bad) && got_n.line == 3 && got_n.sure);
	ok(observable_eq(got_n.o, one.o));
	ok(!normalised_next(&rest, &got_n, &bad) && !bad);
	rest = str_upto(buf_view(&b), b.n - 1);
	ok(!normalised_next(&rest, &got_n, &bad) && bad);

	const struct name_form name = {STR("weng ming"), STR("翁明"), true};
	struct name_form got_name = {0};
	buf_clear(&b);
	name_form_pack(&name, &b);
	rest = buf_view(&b);
	ok(name_form_next(&rest, &got_name) && got_name.derived && rest.n == 0);
	eq_str(got_name.latin, name.latin);
	eq_str(got_name.han, name.han);
	ok(!name_form_next(&rest, &got_name));
	rest = str_upto(buf_view(&b), b.n - 1);
	ok(!name_form_next(&rest, &got_name));
	buf_release(&b);
	arena_release(&a);
}

static void containers(void)
{
	const struct unpack_job j = {6, UINT64_C(1) << 40};
	struct unpack_job got = {0};
	struct buf b = {0};
	char frame[FRAME_HEAD], kind = 0;
	uint32_t n = 0;

	unpack_job_pack(&j, &b);
	ok(unpack_job_unpack(buf_view(&b), &got) && got.container == 6 && got.size == j.size);
	ok(!unpack_job_unpack(str_upto(buf_view(&b), b.n - 1), &got));
	buf_putc(&b, 0);
	ok(!unpack_job_unpack(buf_view(&b), &got)); /* bytes too many */
	buf_clear(&b);
	unpack_job_pack(&(struct unpack_job){6, UINT64_MAX}, &b);
	ok(!unpack_job_unpack(buf_view(&b), &got)); /* no file is that large */

	frame_head_pack(FRAME_DATA, FRAME_DATA_MAX, frame);
	ok(frame_head_unpack(frame, &kind, &n) && kind == FRAME_DATA && n == FRAME_DATA_MAX);
	frame_head_pack(FRAME_DATA, FRAME_DATA_MAX + 1, frame);
	ok(!frame_head_unpack(frame, &kind, &n));
	frame_head_pack(FRAME_NAME, FRAME_NAME_MAX + 1, frame);
	ok(!frame_head_unpack(frame, &kind, &n));
	frame_head_pack(FRAME_END, FLAW_CODES, frame);
	ok(frame_head_unpack(frame, &kind, &n));
	frame_head_pack(FRAME_END, FLAW_CODES + 1, frame);
	ok(!frame_head_unpack(frame, &kind, &n)); /* a flaw that doesn't exist */
	frame_head_pack('X', 0, frame);
	ok(!frame_head_unpack(frame, &kind, &n));
	buf_release(&b);
}

static void combine_jobs(void)
{
	const struct combine_hit hits[] = {{INT64_MIN, 0, 3, 0, STR("")}, {-5, 1, 4, 2, STR("v")}};
	const struct combine_found found = {7, 9, {1, 2, 4}, 3, STR("three of nine")};
	struct combine_found bad = found, got_found;
	struct combine_hit got;
	struct buf b = {0};

	combine_hit_pack(&hits[0], &b);
	combine_hit_pack(&hits[1], &b);
	struct str rest = buf_view(&b);
	ok(combine_hit_next(&rest, &got) && got.time == INT64_MIN && got.rule == 3);
	ok(combine_hit_next(&rest, &got) && got.time == -5 && got.event == 1 && got.part == 2);
	eq_str(got.values, STR("v"));
	ok(!combine_hit_next(&rest, &got));
	rest = str_upto(buf_view(&b), b.n - 1);
	ok(combine_hit_next(&rest, &got) && !combine_hit_next(&rest, &got));
	buf_clear(&b);
	combine_found_pack(&found, &b);
	rest = buf_view(&b);
	ok(combine_found_next(&rest, &got_found) && rest.n == 0);
	ok(got_found.rule == 7 && got_found.total == 9 && got_found.n == 3);
	ok(got_found.events[0] == 1 && got_found.events[2] == 4);
	eq_str(got_found.why, found.why);
	bad.events[2] = 2; /* twice the same */
	buf_clear(&b);
	combine_found_pack(&bad, &b);
	rest = buf_view(&b);
	ok(!combine_found_next(&rest, &got_found));
	bad = found;
	bad.total = 2; /* fewer than are listed */
	buf_clear(&b);
	combine_found_pack(&bad, &b);
	rest = buf_view(&b);
	ok(!combine_found_next(&rest, &got_found));
	bad.n = 0; /* some events, and none of them */
	buf_clear(&b);
	combine_found_pack(&bad, &b);
	rest = buf_view(&b);
	ok(!combine_found_next(&rest, &got_found));
	bad.total = 0; /* undecided */
	buf_clear(&b);
	combine_found_pack(&bad, &b);
	rest = buf_view(&b);
	ok(combine_found_next(&rest, &got_found) && got_found.total == 0 && rest.n == 0);
	buf_release(&b);
}

int main(void)
{
	containers();
	parse_jobs();
	detect_jobs();
	combine_jobs();
	bad_parse_jobs();
	other_jobs();
	outputs();
	return tap_end();
}
