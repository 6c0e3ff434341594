/*
 * Each write, fsync, rename and removal of publishing, merging and erasing fails once, or is where
 * the process is killed: n = 1, 2, … to the end.  Afterwards the case opens, fsck finds nothing,
 * and doing the work again completes it, with nothing lost or doubled.
 *
 * `faults.t work CASE` is the work, run in processes of their own: t/seam/io.c counts and fails.
 */
#include "t/engine/faults.h"

static const struct made_event a_events[] = {{1, 11, 1000, "canary"}, {2, 12, 2000, "bela"},
	{3, 0, 3000, "cara"}, {4, 14, INT64_MIN, "dora"}, {4, 15, 4000, "canary"},
	{5, 16, 5000, "anna"}, {6, 17, 5500, "anna"}};
static const struct made_event b_events[] = {
	{1, 0, 1000, "anon"}, {2, 0, 2000, "bela"}, {7, 19, 5600, "other"}};
static const struct made_event c_events[] = {{3, 20, 3000, "cara"}, {5, 16, 5000, "anna"}};
static const struct made_source a_source = {"/in/a", a_events, 7, 1},
				b_source = {"/in/b", b_events, 3, 2},
				c_source = {"/in/c", c_events, 2, 0};
static const struct made_source *const sources[] = {&a_source, &b_source, &c_source};
enum { SOURCES = 3 };

/* What is done already is not done again. */
static bool work(struct folder *f, struct err *err)
{
	struct published both[2], p;
	unsigned erasures = 0;
	bool merged = true;

	if (!made_publish_group(f, sources, 2, both, err))
		return false;
	while (merged)
		if (!merge_pending(f, &merged, err))
			return false;
	if (!casedb_erasure_each(folder_db(f), count_erasure, &erasures, err))
		return false;
	if (!erasures && !made_erase(f, sources, 2, "canary", err))
		return false;
	return made_publish(f, &c_source, &p, err);
}

static int init_main(const char *path)
{
	struct err err = {0};

	/* Failing once, then again: what is there of a case must be no hindrance. */
	if (folder_init(path, STR(""), &err) || folder_init(path, STR(""), &err))
		return 0;
	/* It failed after it was a case. */
	return err.code == ERR_USAGE ? 0 : 1;
}

static struct arena answers;
static struct str want;

static bool is_done(struct folder *f)
{
	struct str got = made_answers(&answers, f);

	if (!str_eq(got, want))
		printf("# got:\n" STR_FMT "# want:\n" STR_FMT, STR_ARG(got), STR_ARG(want));
	return str_eq(got, want);
}

static const struct faulty all = {work, is_done, 7};

static void test_init(const char *self, const struct fault *fault)
{
	struct arena a = {0};
	const char *beside = made_case(&a), *path = arena_printf(&a, "%s/../new", beside).p;
	unsigned long bad = 0, n = 1;
	int status = 1;

	for (; status && n < 1000; n++) {
		struct err err = {0};
		status = faulty_run(self, "init", path, fault, n, NULL);
		if (fault->number && status)
			bad++;
		if (!folder_init(path, STR(""), &err) && err.code != ERR_USAGE) {
			printf("# %s at call %lu of init: %s\n", fault->name, n, err.msg);
			bad++;
		}
		bad += !faulty_is_sound(&all, path, false);
		remove_tree(path);
		/* A failure that was met and mended looks like none: go on to the last call. */
		if (fault->number && n < 60)
			status = 1;
	}
	ok(bad == 0);
	made_remove(&a, beside);
	arena_release(&a);
}

int main(int argc, char **argv)
{
	if (argc == 3)
		return strcmp(argv[1], "init") == 0 ? init_main(argv[2])
						    : faulty_work(&all, argv[2]);
	faulty_begin();
	want = oracle_answers(&answers, sources, SOURCES, "canary");
	unsigned long calls = faulty_calls(&all, argv[0]);
	ok(calls > 100);
	for (size_t i = 0; i < FAULTS; i++)
		test_init(argv[0], &faults[i]);
	for (size_t i = 0; i < FAULTS; i++)
		faulty_all(&all, argv[0], &faults[i], calls);
	arena_release(&answers);
	return tap_end();
}
