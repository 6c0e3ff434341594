/* Publishing and merging give the same answers in any order, and those of a naive oracle. */
#include "t/engine/case.h"

#include "base/file.h"
#include "engine/names.h"

static const struct made_event a_events[] = {{1, 11, 1000, "anna"}, {2, 12, 2000, "bela"},
	{3, 0, 3000, "cara"}, {3, 13, 3000, "cara"}, {4, 14, INT64_MIN, "dora"},
	{4, 15, 4000, "dora"}, {5, 16, 5000, "anna"}};
static const struct made_event b_events[] = {
	{1, 11, 1000, "anna"}, {2, 0, 2000, "bela"}, {6, 0, 6000, "emil"}, {7, 17, 7000, "anna"}};
static const struct made_event c_events[] = {{6, 0, 6000, "emil"}, {2, 99, 2000, "mallory"},
	{6, 18, 6000, "emil"}, {5, 16, 5000, "anna"}, {8, 19, 8000, "fred"}};
static const struct made_event d_events[] = {{6, 0, 6000, "emil"}, {1, 0, 1000, "anna"},
	{7, 17, 7000, "anna"}, {4, 14, INT64_MIN, "dora"}};
static const struct made_source sources[] = {
	{"a", a_events, 7, 3}, {"b", b_events, 4, 0}, {"c", c_events, 5, 2}, {"d", d_events, 4, 1}};
enum { SOURCES = 4 };

static struct arena arena;

/* Publishes in the order of the digits, checking the oracle after each. */
static bool in_order(const char *order, struct str *ret_answers)
{
	const char *path = made_case(&arena);
	const struct made_source *so_far[SOURCES];
	struct folder *f;
	struct err err;
	uint64_t events = 0;
	bool good = true;

	if (!folder_open(path, true, &f, &err)) {
		printf("# %s\n", err.msg);
		return false;
	}
	for (size_t i = 0; i < SOURCES; i++) {
		struct published p;
		so_far[i] = &sources[order[i] - '0'];
		if (!made_publish(f, so_far[i], &p, &err)) {
			printf("# %s\n", err.msg);
			return false;
		}
		struct str got = made_answers(&arena, f),
			   want = oracle_answers(&arena, so_far, i + 1, NULL);
		size_t lines = 0;
		for (size_t k = 0; k < want.n; k++)
			lines += want.p[k] == '\n';
		events += p.new_events;
		if (!str_eq(got, want) || events != lines || p.records != so_far[i]->n) {
			printf("# order %s, after %zu: %llu events, want %zu\n# got:\n" STR_FMT
			       "# want:\n" STR_FMT,
				order, i + 1, (unsigned long long)events, lines, STR_ARG(got),
				STR_ARG(want));
			good = false;
		}
	}
	*ret_answers = made_answers(&arena, f);
	folder_close(f);
	made_remove(&arena, path);
	return good;
}

static void test_orders(void)
{
	static const char *const orders[] = {"0123", "0132", "0213", "0231", "0312", "0321", "1023",
		"1032", "1203", "1230", "1302", "1320", "2013", "2031", "2103", "2130", "2301",
		"2310", "3012", "3021", "3102", "3120", "3201", "3210"};
	struct str first = {0}, now;

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		bool good = in_order(orders[i], &now);
		if (i == 0)
			first = now;
		if (!tap_ok(good && str_eq(first, now), "any order gives the oracle's answers",
			    __FILE__, __LINE__))
			printf("# order %s\n", orders[i]);
	}
}

static bool same_counts(const struct published *a, const struct published *b)
{
	return a->known == b->known && a->records == b->records && a->events == b->events &&
	       a->copies == b->copies && a->conflicts == b->conflicts &&
	       a->observables == b->observables && a->flaws == b->flaws &&
	       a->new_events == b->new_events;
}

/* The first `alone` in one publication each, the others together: the counts of each are those
 * that it has when all are published one by one, and the answers the oracle's. */
static void test_groups(void)
{
	static const struct made_source *const orders[][SOURCES] = {
		{&sources[0], &sources[1], &sources[2], &sources[3]},
		{&sources[3], &sources[2], &sources[1], &sources[0]},
		{&sources[2], &sources[0], &sources[3], &sources[1]},
		{&sources[1], &sources[3], &sources[0], &sources[2]}};

	for (size_t o = 0; o < sizeof(orders) / sizeof(orders[0]); o++) {
		struct published want[SOURCES];
		for (size_t together = 1; together <= SOURCES; together++) {
			size_t alone = SOURCES - together;
			const char *path = made_case(&arena);
			struct published got[SOURCES];
			struct folder *f;
			struct err err = {0};
			bool good = folder_open(path, true, &f, &err);
			for (size_t i = 0; good && i < alone; i++)
				good = made_publish(f, orders[o][i], &got[i], &err);
			good = good && made_publish_group(
					       f, orders[o] + alone, together, got + alone, &err);
			if (together == 1)
				memcpy(want, got, sizeof(want));
			for (size_t i = 0; i < SOURCES; i++)
				good = good && same_counts(&want[i], &got[i]);
			ok(good);
			eq_str(made_answers(&arena, f),
				oracle_answers(&arena, orders[o], SOURCES, NULL));
			folder_close(f);
			made_remove(&arena, path);
		}
	}
}

/* One whose name collides with that of a source in the case: the others are published. */
static void test_one_fails(void)
{
	const char *path = made_case(&arena);
	struct publishing group[3];
	struct published p;
	struct folder *f;
	struct err err = {0};

	ok(folder_open(path, true, &f, &err));
	ok(made_publish(f, &sources[0], &p, &err));
	for (size_t i = 0; i < 3; i++)
		ok(made_stage(f, &sources[1 + i], &group[i], &err));
	group[1].facts.sha256 = made_hash(&sources[0]);
	group[1].facts.sha256.b[31] ^= 1;
	ok(!publish_sources(f, group, 3, &err));
	ok(str_find(str_of(err.msg), STR("collide")) < strlen(err.msg));
	ok(group[0].done && !group[1].done && group[2].done);
	const struct made_source *const in[] = {&sources[0], &sources[1], &sources[3]};
	eq_str(made_answers(&arena, f), oracle_answers(&arena, in, 3, NULL));
	/* Known ones, alone and beside a fresh one. */
	struct published again[2];
	const struct made_source *const mixed[] = {&sources[1], &sources[2]};
	ok(made_publish_group(f, mixed, 2, again, &err) && again[0].known && !again[1].known);
	ok(made_publish_group(f, mixed, 2, again, &err) && again[0].known && again[1].known);
	const struct made_source *const all[] = {
		&sources[0], &sources[1], &sources[2], &sources[3]};
	eq_str(made_answers(&arena, f), oracle_answers(&arena, all, SOURCES, NULL));
	folder_close(f);
	made_remove(&arena, path);
}

static void test_again(void)
{
	const char *path = made_case(&arena);
	struct published p;
	struct folder *f;
	struct err err = {0};

	ok(folder_open(path, true, &f, &err));
	ok(made_publish(f, &sources[0], &p, &err) && !p.known && p.records == 7);
	struct str before = made_answers(&arena, f);
	ok(made_publish(f, &sources[0], &p, &err) && p.known && p.records == 0);
	eq_str(made_answers(&arena, f), before);
	/* An empty source is a source too. */
	struct made_source empty = {"empty", NULL, 0, 0};
	ok(made_publish(f, &empty, &p, &err) && !p.known && p.records == 0);
	ok(made_publish(f, &empty, &p, &err) && p.known);
	folder_close(f);
	ok(folder_open(path, false, &f, &err));
	eq_str(made_answers(&arena, f), before);
	folder_close(f);
	made_remove(&arena, path);
}

/* Many sources with events of a few ids, merged now and then: the oracle's answers throughout. */
static void test_merging(void)
{
	enum { MANY = 40, EVENTS = 12 };
	static struct made_event events[MANY][EVENTS];
	static struct made_source many[MANY];
	static const struct made_source *list[MANY];
	const char *path = made_case(&arena);
	struct folder *f;
	struct err err = {0};
	uint32_t state = 7;
	unsigned merges = 0, wrong = 0;

	ok(folder_open(path, true, &f, &err));
	for (uint32_t i = 0; i < MANY; i++) {
		for (uint32_t k = 0; k < EVENTS; k++) {
			state = state * 1664525 + 1013904223; /* Numerical Recipes' ranqd1 */
			events[i][k] = (struct made_event){state >> 8 & 127, state >> 16 & 3,
				(int64_t)(state >> 20) * 1000, i % 2 ? "odd" : "even"};
		}
		events[i][0].id = 1000 + i; /* no two sources are equal */
		many[i] = (struct made_source){"many", events[i], EVENTS, 1 + i % 5};
		list[i] = &many[i];
		struct published p;
		bool merged = i % 3 == 0;
		if (!made_publish(f, &many[i], &p, &err))
			wrong++;
		while (merged) {
			if (!merge_pending(f, &merged, &err))
				wrong++, merged = false;
			merges += merged;
		}
		struct str got = made_answers(&arena, f),
			   want = oracle_answers(&arena, list, i + 1, NULL);
		if (!str_eq(got, want)) {
			if (!wrong++)
				printf("# after %u: %s\n# got:\n" STR_FMT "# want:\n" STR_FMT,
					i + 1, err.msg, STR_ARG(got), STR_ARG(want));
		}
	}
	ok(wrong == 0);
	ok(merges > 5);
	struct snapshot *snap;
	ok(snapshot_open(f, &snap, &err));
	ok(snap->n < 30);
	struct str name = snap->at[0].batch_names[0], file;
	ok(snapshot_batch(snap, name, &file, &err) && file.n > 0);
	snapshot_close(snap);
	folder_close(f);
	made_remove(&arena, path);
}

/* A reader's view stays as it was while others publish and merge. */
static void test_snapshot(void)
{
	const char *path = made_case(&arena);
	struct folder *f, *g;
	struct snapshot *snap;
	struct published p;
	struct err err = {0};
	struct seg_info info;

	ok(folder_open(path, true, &f, &err) && folder_open(path, false, &g, &err));
	ok(made_publish(f, &sources[0], &p, &err));
	ok(snapshot_open(g, &snap, &err) && snap->n == 3);
	uint64_t generation = snap->generation;
	bool merged = true;
	ok(made_publish(f, &sources[1], &p, &err) && made_publish(f, &sources[2], &p, &err));
	ok(made_publish(f, &sources[3], &p, &err) && merge_pending(f, &merged, &err) && merged);
	ok(snap->n == 3 && snap->generation == generation);
	segment_info(snap->at[0].seg, &info);
	ok(info.rows == 3 && snap->at[0].hidden.n == 1);
	snapshot_close(snap);
	ok(snapshot_open(g, &snap, &err) && snap->n == 4 && snap->generation > generation);
	snapshot_close(snap);
	folder_close(g);
	folder_close(f);
	made_remove(&arena, path);
}

int main(void)
{
	test_orders();
	test_groups();
	test_one_fails();
	test_again();
	test_merging();
	test_snapshot();
	arena_release(&arena);
	return tap_end();
}
