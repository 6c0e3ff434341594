/*
 * The first byte says what the rest is.  0: a segment file; nothing that is asked reads outside
 * of it, and if it validates all answers agree and it can be merged.  1: a description of
 * events; what is built from it validates.
 */
#include <stdlib.h>

#include "store/merge.h"
#include "t/fuzz/fuzz.h"
#include "t/fuzz/nosum.h"

struct asking {
	const struct segment *seg;
	bool valid;
	uint64_t uses, n, merged;
};

static bool met(void *arg, uint32_t ref, const struct seg_hit *hit)
{
	(void)hit;
	*(uint32_t *)arg += ref;
	return *(uint32_t *)arg < 1000;
}

static bool ask_entry(void *arg, const struct seg_entry *e)
{
	struct asking *a = arg;
	struct seg_hit hits[4];
	struct seg_entry again;
	struct seg_uses u;
	uint32_t rows[64], hidden[] = {0, 2, 3}, found = 0;

	size_t n = segment_find(a->seg, e->o, hits, 4);
	bool same = segment_entry(a->seg, e->place, &again);
	segment_uses(a->seg, e, (struct rowset){hidden, 3}, &u);
	uint32_t shown = u.count;
	segment_uses(a->seg, e, (struct rowset){0}, &u);
	size_t k = segment_postings(a->seg, e, 0, rows, 64);
	struct probe p = {observable_key(e->o), 1, e->o};
	segment_join(a->seg, &p, 1, met, &found);
	if (a->valid) {
		LAW(n >= 1 && hits[0].how == HOW_EXACT && observable_eq(hits[0].entry.o, e->o));
		LAW(same && observable_eq(again.o, e->o) && again.count == e->count);
		LAW(u.count == e->count && shown <= e->count && e->count > 0);
		LAW(k == (e->count < 64 ? e->count : 64) && rows[0] == u.first_row);
		LAW(found == n || found == 1000);
		if (e->o.kind != KIND_ACTION)
			a->uses += e->count;
	}
	return ++a->n < 300;
}

static bool any_flaw(void *arg, uint32_t batch, uint32_t record, struct flaw f)
{
	(void)batch;
	(void)record;
	(void)f;
	return ++*(uint64_t *)arg < 5000;
}

static void merge_twice(const struct segment *seg, bool valid)
{
	struct merge_input in[] = {{seg, {0}, STR("a")}, {seg, {0}, STR("b")}};
	struct seg_info info, before;
	struct buf file = {0};
	struct segment *merged;
	struct err err;

	bool good = segment_merge(in, 2, &file, &err);
	LAW(good || !valid);
	if (valid) {
		LAW(segment_open(buf_view(&file), &merged, &err));
		LAW(segment_check(merged, &err));
		segment_info(seg, &before);
		segment_info(merged, &info);
		LAW(info.rows == 2 * before.rows && info.entries == before.entries);
		LAW(info.observables == 2 * before.observables);
		segment_close(merged);
	}
	buf_release(&file);
}

static void ask(struct str file, bool must_be_valid)
{
	struct asking a = {0};
	struct segment *seg;
	struct seg_info info;
	struct seg_row r;
	struct err err;
	uint64_t columns[FIELDS], flaws = 0;
	uint32_t row, rows = 0, n = 0;

	bool opened = segment_open(file, &seg, &err);
	LAW(opened || !must_be_valid);
	if (!opened)
		return;
	a.seg = seg;
	a.valid = segment_check(seg, &err);
	LAW(a.valid || !must_be_valid);
	segment_info(seg, &info);
	segment_each_entry(seg, ask_entry, &a);
	LAW(!a.valid || a.n >= 300 || a.uses == info.observables);
	struct range_probe all = {{0}, {0}, 1};
	memset(all.to, 0xFF, 16);
	segment_join_ranges(seg, &all, 1, met, &n);
	struct seg_scan *sc = segment_scan(seg, INT64_MIN, INT64_MAX);
	while (rows < 10000 && seg_scan_next(sc, &row, &r, columns)) {
		LAW(row == rows++);
		uint32_t same[4];
		size_t k = segment_find_id(seg, r.id, same, 4);
		LAW(k > 0 || !a.valid);
	}
	seg_scan_free(sc);
	LAW(!a.valid || rows == (info.rows < 10000 ? info.rows : 10000));
	segment_row(seg, info.rows / 2, &r);
	segment_each_flaw(seg, any_flaw, &flaws);
	/* Slow, so not for every input. */
	if (info.rows < 10000 && file.n % 4 == 0)
		merge_twice(seg, a.valid);
	segment_close(seg);
}

/* Six bytes an observable, a zero ends an event. */
static void build(struct str in)
{
	struct segbuild *sb = segbuild_new();
	struct buf file = {0};
	uint32_t entries[64], columns[FIELDS], n = 0, record = 0;
	struct seg_row row = {0};

	segbuild_stream(sb, STR("f"), STR("1"), STR(""));
	for (unsigned c = 0; c < FIELDS; c++)
		columns[c] = SEG_NO_ENTRY;
	while (in.n >= 6) {
		const uint8_t *p = (const uint8_t *)in.p;
		struct observable o = {p[0] % KINDS, p[1] % (FORM_NET + 1), {in.p + 2, p[2] % 24}};
		bool fresh;
		o.v = str_upto(o.v, in.n - 2);
		entries[n++] = segbuild_intern(sb, o, observable_key(o), &fresh);
		if (p[3] & 1) {
			o.v = str_from(o.v, p[3] % 5);
			o.kind = p[4] % KINDS;
			segbuild_alias(sb, entries[n - 1], o, p[5] % HOWS);
		}
		columns[p[4] % seg_columns()] = entries[n - 1];
		if (p[5] % 4 == 0 || n == 64) {
			row.record = record++;
			row.time = p[1] % 3 ? p[2] * INT64_C(999983) : INT64_MIN;
			row.content = p[3] % 4;
			row.id.b[p[4] % 16] = p[5];
			segbuild_event(sb, &row, entries, n, columns);
			segbuild_flaw(sb, record, (struct flaw){p[4] % FLAW_CODES, p[3]});
			n = 0;
		}
		in = str_from(in, 6);
	}
	segbuild_finish(sb, &file);
	ask(buf_view(&file), true);
	buf_release(&file);
	segbuild_free(sb);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size};

	if (!size)
		return 0;
	if (data[0] & 1)
		build(str_from(in, 1));
	else
		ask(str_from(in, 1), false);
	return 0;
}
