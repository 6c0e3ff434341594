/* Segments that were cut, flipped, or forged with right checksums: refused or answered, no more. */
#include "base/hash.h"
#include "store/layout.h"
#include "store/merge.h"
#include "t/store/answers.h"

/* Makes all checksums right again, as a hostile worker would. */
static void reseal(char *p)
{
	for (unsigned s = 0; s < SECTIONS; s++) {
		char *item = p + SEGMENT_TABLE + s * SEGMENT_TABLE_ITEM;
		store_u64(item + 16, hash64(p + load_u64(item), load_u64(item + 8), s));
	}
	store_u64(p + 24,
		hash64(p + SEGMENT_TABLE, SEGMENT_HEADER - SEGMENT_TABLE, hash64(p, 24, 0)));
}

/* Everything that can be asked; what it says is not looked at.  Returns whether it was opened. */
static bool ask_all(struct str file, const struct world *w, bool *ret_checked)
{
	struct segment *seg = NULL;
	struct err err = {0};
	struct joined *j = malloc(sizeof(*j));
	struct seg_row r;
	struct seg_info info;
	struct seg_stream stream;
	uint64_t columns[FIELDS], n = 0;
	uint32_t row, rows[8];

	*ret_checked = false;
	if (!segment_open(file, &seg, &err)) {
		free(j);
		return false;
	}
	*ret_checked = segment_check(seg, &err);
	segment_info(seg, &info);
	for (uint32_t i = 0; i < w->n_pool; i++) {
		size_t hits = segment_find(seg, w->pool[i], j->hits, 16);
		for (size_t h = 0; h < hits && h < 16; h++) {
			struct seg_uses u;
			uint32_t hidden[] = {1, 3, 5};
			segment_uses(seg, &j->hits[h].entry, (struct rowset){hidden, 3}, &u);
			segment_postings(seg, &j->hits[h].entry, 2, rows, 8);
		}
		struct probe p = {observable_key(w->pool[i]), 0, w->pool[i]};
		j->n = 0;
		segment_join(seg, &p, 1, join_hit, j);
	}
	struct range_probe all = {{0}, {0}, 0};
	memset(all.to, 0xFF, 16);
	j->n = 0;
	segment_join_ranges(seg, &all, 1, join_hit, j);
	struct seg_scan *sc = segment_scan(seg, INT64_MIN, INT64_MAX);
	for (unsigned i = 0; i < 10000 && seg_scan_next(sc, &row, &r, columns); i++)
		segment_find_id(seg, r.id, rows, 8);
	seg_scan_free(sc);
	segment_row(seg, info.rows / 2, &r);
	segment_stream(seg, 0, &stream);
	(void)segment_batch(seg, 0);
	segment_each_entry(seg, count_entries, &n);
	segment_each_flaw(seg, count_flaws, &n);
	struct merge_input in[] = {{seg, {0}, STR("x")}, {seg, {rows, 0}, STR("y")}};
	struct buf merged = {0};
	(void)!segment_merge(in, 2, &merged, &err);
	buf_release(&merged);
	segment_close(seg);
	free(j);
	return true;
}

static void test_flips(const struct world *w, const struct buf *file)
{
	unsigned opened = 0, checked = 0, sealed = 0;
	struct prng r = {4};

	for (unsigned i = 0; i < 3000; i++) {
		char *copy = malloc(file->n);
		struct str bad = {copy, file->n};
		bool good, seal = i % 2;
		memcpy(copy, file->p, file->n);
		for (uint32_t k = 0; k <= i % 3; k++) {
			uint32_t at = prng_below(&r, (uint32_t)file->n);
			copy[at] ^= (char)(1 << prng_below(&r, 8));
		}
		/* Not into the table itself: its offsets would lead reseal astray. */
		memcpy(copy, file->p, SEGMENT_HEADER);
		if (seal)
			reseal(copy);
		opened += ask_all(bad, w, &good);
		checked += good && !seal;
		sealed += good && seal;
		free(copy);
	}
	ok(opened > 0);
	/* Only padding between sections is not covered. */
	ok(checked < 100);
	printf("# %u opened, %u whole, %u changed with right checksums\n", opened, checked, sealed);
	for (size_t n = 0; n < file->n; n += 1 + n / 50) {
		char *copy = malloc(n + 1);
		bool good;
		memcpy(copy, file->p, n);
		if (ask_all((struct str){copy, n}, w, &good))
			ok(!"a file that was cut is refused");
		free(copy);
	}
}

static void test_header(const struct buf *file)
{
	struct segment *seg = NULL;
	struct err err = {0};
	char *copy = malloc(file->n);
	struct str bad = {copy, file->n};

	memcpy(copy, file->p, file->n);
	copy[8] = 9;
	ok(!segment_open(bad, &seg, &err) && str_find(str_of(err.msg), STR("version 9")) > 0);
	ok(err.code == ERR_CASE && !seg);
	copy[8] = 1;
	copy[0] = 'x';
	ok(!segment_open(bad, &seg, &err));
	eq_str(str_of(err.msg), STR("not a segment"));
	free(copy);
	ok(!segment_open((struct str){NULL, 0}, &seg, &err));
}

int main(void)
{
	struct segbuild *sb = segbuild_new();
	struct buf file = {0};
	struct world w;
	bool good;

	world_make(&w, 42, 400, 160, 42, 1000);
	world_build(&w, sb, &file);
	ok(ask_all(buf_view(&file), &w, &good) && good);
	test_header(&file);
	test_flips(&w, &file);
	buf_release(&file);
	arena_release(&w.a);
	segbuild_free(sb);
	return tap_end();
}
