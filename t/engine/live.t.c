/*
 * What was joined is not joined again, and is right all the same: whatever comes in which order,
 * the sightings that were written down are those of all sources joined anew with all segments.
 */
#include "engine/live.h"

#include "engine/refresh.h"
#include "t/engine/madeintel.h"

static const struct made_event a_events[] = {{1, 11, 1000, "bela"}, {2, 12, 2000, "cara"},
	{3, 0, 3000, "cara"}, {4, 14, INT64_MIN, "dora"}, {5, 16, 5000, "anna"}};
/* The first two are copies of what a has; and one of the same id has other content. */
static const struct made_event b_events[] = {{1, 11, 1000, "bela"}, {2, 12, 2000, "cara"},
	{5, 17, 5000, "anna"}, {6, 18, 500, "bela"}, {7, 19, 7000, "emil"}};
static const struct made_event c_events[] = {{8, 20, 100, "cara"}, {9, 21, 9000, "fred"}};
static const struct made_source a_source = {"/in/a", a_events, 5, 2},
				b_source = {"/in/b", b_events, 5, 3},
				c_source = {"/in/c", c_events, 2, 0};
static const struct made_source *const sources[] = {&a_source, &b_source, &c_source};

static const struct made_intel x_list = {"x", "account: bela\naccount: anna\nevil.example\n"},
			       y_list = {"y", "account: cara\naccount: bela\n"},
			       x_newer = {"x", "account: zoe\naccount: anna\naccount: fred\n"};
static const struct made_intel *const lists[] = {&x_list, &y_list};

static bool is_right(struct folder *f)
{
	struct arena a = {0};
	struct str down = made_written_down(&a, f, false), anew = made_joined_anew(&a, f);
	bool same = str_eq(down, anew);

	if (!same)
		printf("# written down:\n" STR_FMT "# anew:\n" STR_FMT, STR_ARG(down),
			STR_ARG(anew));
	arena_release(&a);
	return same;
}

/* Step i of an order: 0 to 2 a source of logs, 3 and 4 a list. */
static bool step(struct folder *f, unsigned i, struct err *err)
{
	struct published p;

	if (i < 3)
		return made_publish(f, sources[i], &p, err) && made_look(f, SIGHTING_LIVE, err);
	return made_intel_add(f, lists[i - 3], err) && made_look(f, SIGHTING_RETRO, err);
}

static bool merge_all(struct folder *f, struct err *err)
{
	bool merged = true, done = true;

	while (done && merged)
		done = merge_pending(f, &merged, err);
	return done;
}

static void test_order(const unsigned order[5], unsigned merge_after, struct str *inout_want)
{
	struct arena a = {0};
	static struct arena kept;
	const char *path = made_case(&a);
	struct folder *f = NULL;
	struct err err = {0};
	bool good = folder_open(path, true, &f, &err);

	for (unsigned i = 0; good && i < 5; i++) {
		good = step(f, order[i], &err) && (i != merge_after || merge_all(f, &err)) &&
		       is_right(f);
	}
	/* Joining again writes nothing new. */
	good = good && made_look(f, SIGHTING_RETRO, &err) && is_right(f);
	struct str now = good ? made_written_down(&a, f, false) : STR("");
	if (inout_want->n == 0)
		*inout_want = arena_dup(&kept, now);
	if (!ok(good && str_eq(now, *inout_want)))
		printf("# order %u%u%u%u%u: %s\n", order[0], order[1], order[2], order[3], order[4],
			err.msg);
	folder_close(f);
	made_remove(&a, path);
	arena_release(&a);
}

static bool pairs_met(void *arg, int64_t source, int64_t segment)
{
	(void)source;
	(void)segment;
	++*(size_t *)arg;
	return true;
}

/* What is met in both versions was noticed when the older one met it. */
static void test_swap(void)
{
	struct arena a = {0};
	const char *path = made_case(&a);
	struct folder *f = NULL;
	struct published p;
	struct err err = {0};
	size_t pairs = 0;

	ok(folder_open(path, true, &f, &err) && made_publish(f, &a_source, &p, &err) &&
		made_intel_add(f, &x_list, &err) && made_look(f, SIGHTING_LIVE, &err));
	struct str before = made_written_down(&a, f, true);
	ok(str_find(before, STR("x | anna | anna")) < before.n &&
		str_find(before, STR("x | bela | bela")) < before.n);
	ok(casedb_joined_each(folder_db(f), pairs_met, &pairs, &err) && pairs == 3);
	ok(made_intel_add(f, &x_newer, &err) && made_look(f, SIGHTING_RETRO, &err));
	struct str after = made_written_down(&a, f, true);
	ok(str_find(after, STR("bela")) == after.n && str_find(after, STR("fred")) == after.n);
	/* The whole line: direction and time, too. */
	size_t at = str_find(before, STR("x | anna"));
	struct str line = str_from(before, at);
	line = str_upto(line, str_chr(line, '\n'));
	ok(line.n && str_find(after, line) < after.n);
	ok(is_right(f));
	ok(made_publish(f, &c_source, &p, &err) && made_look(f, SIGHTING_LIVE, &err) &&
		is_right(f));
	after = made_written_down(&a, f, true);
	ok(str_find(after, STR("fred")) < after.n);
	folder_close(f);
	made_remove(&a, path);
	arena_release(&a);
}

/* Values that go from history go from the sightings, and what was noticed of others stays. */
static void test_erased(void)
{
	struct arena a = {0};
	const char *path = made_case(&a);
	struct folder *f = NULL;
	struct published p[2];
	struct noticed noticed = {.arena = {0}};
	struct err err = {0};

	ok(folder_open(path, true, &f, &err) && made_publish_group(f, sources, 2, p, &err) &&
		made_intel_add(f, &x_list, &err) && made_intel_add(f, &y_list, &err) &&
		made_look(f, SIGHTING_LIVE, &err) && is_right(f));
	struct str before = made_written_down(&a, f, true);
	ok(noticed_take(f, &noticed, &err) && made_erase(f, sources, 2, "bela", &err) &&
		refresh(f, &a, &err) && noticed_give_back(f, &noticed, &err));
	struct str after = made_written_down(&a, f, true), left = after;
	ok(is_right(f) && after.n && str_find(after, STR("bela")) == after.n);
	/* Each line that is left was there before. */
	while (left.n) {
		size_t end = str_chr(left, '\n') + 1;
		ok(str_find(before, str_upto(left, end)) < before.n);
		left = str_from(left, end);
	}
	noticed_release(&noticed);
	folder_close(f);
	made_remove(&a, path);
	arena_release(&a);
}

/* A look that began before an erasure, and ends after it, writes down nothing that was erased. */
static void test_erased_meanwhile(void)
{
	struct arena a = {0};
	const char *path = made_case(&a);
	struct folder *f = NULL;
	struct snapshot *before = NULL;
	struct published p[2];
	struct err err = {0};
	uint64_t n = 0;

	ok(folder_open(path, true, &f, &err) && made_publish_group(f, sources, 2, p, &err) &&
		made_intel_add(f, &x_list, &err) && made_intel_add(f, &y_list, &err) &&
		snapshot_open(f, &before, &err));
	ok(made_erase(f, sources, 2, "bela", &err) && refresh(f, &a, &err) && is_right(f));
	ok(casedb_sighting_clear(folder_db(f), &err) &&
		sightings_update(f, before, SIGHTING_RETRO, &n, &err) && n > 0);
	struct str down = made_written_down(&a, f, true);
	ok(is_right(f) && str_find(down, STR("bela")) == down.n);
	ok(sightings_recount(f, before, &err) && is_right(f));
	snapshot_close(before);
	folder_close(f);
	made_remove(&a, path);
	arena_release(&a);
}

int main(void)
{
	static const unsigned orders[][5] = {{0, 1, 2, 3, 4}, {3, 4, 0, 1, 2}, {2, 3, 1, 4, 0},
		{4, 1, 0, 3, 2}, {1, 3, 2, 0, 4}};
	struct str want = STR("");

	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0);
	for (unsigned i = 0; i < 5; i++)
		test_order(orders[i], i, &want);
	ok(want.n > 0);
	test_swap();
	test_erased();
	test_erased_meanwhile();
	return tap_end();
}
