/* Segments of random worlds against an oracle of arrays; damage; determinism. */
#include "t/store/answers.h"

static struct segment *open_or_die(const struct buf *file)
{
	struct segment *seg = NULL;
	struct err err = {0};

	if (!segment_open(buf_view(file), &seg, &err)) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
	return seg;
}

static void test_worlds(void)
{
	static const struct {
		uint32_t events, pool, ids;
	} cases[] = {{0, 10, 5}, {1, 10, 5}, {1, 8, 1}, {2, 20, 2}, {7, 100, 3}, {50, 60, 1000},
		{300, 100, 90}, {300, 1000, 100000}, {700, 40, 100000}, {2000, 500, 100000}};
	struct segbuild *sb = segbuild_new();

	for (unsigned i = 0; i < 3 * sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w;
		struct buf file = {0}, again = {0};
		unsigned c = i % (sizeof(cases) / sizeof(cases[0]));
		world_make(&w, 1000 + i, cases[c].events, cases[c].pool, 5000 + i, cases[c].ids);
		segbuild_reset(sb);
		world_build(&w, sb, &file);
		struct segbuild *other = segbuild_new();
		world_build(&w, other, &again);
		segbuild_free(other);
		ok(str_eq(buf_view(&file), buf_view(&again)));
		world_settle(&w);
		world_sort(&w);
		struct segment *seg = open_or_die(&file);
		const char *bad = answers(seg, &w, i);
		if (!ok(bad == NULL))
			printf("# world %u: %s\n", i, bad);
		segment_close(seg);
		buf_release(&file);
		buf_release(&again);
		arena_release(&w.a);
	}
	segbuild_free(sb);
}

int main(void)
{
	test_worlds();
	return tap_end();
}
