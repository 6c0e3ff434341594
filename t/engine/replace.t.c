/* Erasing, forgetting, losing case.db: the answers of an oracle, and no byte of what is gone. */
#include "t/engine/case.h"

#include <ftw.h>

#include "base/file.h"
#include "engine/fsck.h"

static const struct made_event a_events[] = {{1, 11, 1000, "canary-7391"}, {2, 12, 2000, "bela"},
	{3, 0, 3000, "cara"}, {4, 14, INT64_MIN, "dora"}, {4, 15, 4000, "canary-7391"},
	{5, 16, 5000, "anna"}, {6, 17, 5500, "anna"}, {7, 18, 5600, "canary-7391"}};
/* Copies of a's events without the canary, in a shape that says less, come back. */
static const struct made_event b_events[] = {
	{1, 0, 1000, "anonymous"}, {2, 0, 2000, "bela"}, {7, 19, 5600, "other"}, {8, 0, 1, "x"}};
static const struct made_event c_events[] = {
	{3, 20, 3000, "cara"}, {5, 16, 5000, "anna"}, {1, 11, 1000, "canary-7391"}};
static const struct made_source a_source = {"/in/a", a_events, 8, 1},
				b_source = {"/in/b", b_events, 4, 2},
				c_source = {"/in/c", c_events, 3, 0};
static const struct made_source *const sources[] = {&a_source, &b_source, &c_source};
enum { SOURCES = 3 };

static struct arena arena;
static const char *needle;
static unsigned found;

static int look(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	struct buf b = {0};
	struct err err;

	(void)st;
	(void)ftw;
	if (type == FTW_F && file_read(AT_FDCWD, path, 1 << 28, &b, &err) &&
		str_find(buf_view(&b), str_of(needle)) < b.n) {
		printf("# '%s' is in %s\n", needle, path);
		found++;
	}
	buf_release(&b);
	return 0;
}

static unsigned files_with(const char *path, const char *value)
{
	needle = value;
	found = 0;
	nftw(path, look, 16, FTW_PHYS);
	return found;
}

static void say(void *arg, enum fsck_level level, struct str file, const char *what)
{
	(void)arg;
	printf("# fsck %d " STR_FMT ": %s\n", level, STR_ARG(file), what);
}

static bool is_clean(struct folder *f)
{
	struct fsck n;
	struct err err;

	if (!fsck_run(f, say, NULL, NULL, &n, &err)) {
		printf("# fsck: %s\n", err.msg);
		return false;
	}
	return n.damages == 0 && n.notes == 0;
}

static bool publish_all(struct folder *f)
{
	struct published p;
	struct err err;

	for (size_t i = 0; i < SOURCES; i++)
		if (!made_publish(f, sources[i], &p, &err)) {
			printf("# %s\n", err.msg);
			return false;
		}
	return true;
}

static void test_erase(bool merge)
{
	const char *path = made_case(&arena);
	struct err err = {0};
	struct folder *f;
	bool merged = merge;

	ok(folder_open(path, true, &f, &err) && publish_all(f));
	ok(!merge || (merge_pending(f, &merged, &err) && merged));
	eq_str(made_answers(&arena, f), oracle_answers(&arena, sources, SOURCES, NULL));
	ok(is_clean(f));
	/* Batches are compressed, dictionaries are not. */
	ok(files_with(path, "canary-7391") > 0);
	if (!ok(made_erase(f, sources, SOURCES, "canary-7391", &err)))
		printf("# %s\n", err.msg);
	eq_str(made_answers(&arena, f), oracle_answers(&arena, sources, SOURCES, "canary-7391"));
	ok(is_clean(f));
	ok(files_with(path, "canary-7391") == 0);
	/* Once more changes nothing. */
	ok(made_erase(f, sources, SOURCES, "canary-7391", &err));
	eq_str(made_answers(&arena, f), oracle_answers(&arena, sources, SOURCES, "canary-7391"));
	ok(is_clean(f));
	folder_close(f);
	ok(folder_open(path, true, &f, &err) && is_clean(f));
	folder_close(f);
	made_remove(&arena, path);
}

static void test_forget(void)
{
	const char *path = made_case(&arena);
	const struct made_source *rest[] = {&a_source, &c_source};
	struct sha256 b = made_hash(&b_source);
	struct err err = {0};
	struct replacement *r;
	struct published p;
	struct folder *f;

	ok(folder_open(path, true, &f, &err) && publish_all(f));
	ok(files_with(path, "anonymous") > 0);
	ok(replace_begin(f, REPLACE_ERASE, &r, &err) && replace_forget(r, &b, &err) &&
		replace_publish(r, &err));
	eq_str(made_answers(&arena, f), oracle_answers(&arena, rest, 2, NULL));
	ok(is_clean(f));
	ok(files_with(path, "anonymous") == 0 && files_with(path, "/in/b") == 0);
	/* What was forgotten may come again. */
	ok(made_publish(f, &b_source, &p, &err) && !p.known);
	eq_str(made_answers(&arena, f), oracle_answers(&arena, sources, SOURCES, NULL));
	ok(is_clean(f));
	folder_close(f);
	made_remove(&arena, path);
}

static void test_source_path(void)
{
	const char *path = made_case(&arena);
	struct sha256 a = made_hash(&a_source);
	struct err err = {0};
	struct replacement *r;
	struct folder *f;

	ok(folder_open(path, true, &f, &err) && publish_all(f));
	ok(files_with(path, "/in/a") > 0);
	ok(replace_begin(f, REPLACE_ERASE, &r, &err) &&
		replace_source(r, &a, STR("[erased]"), STR(""), &err) && replace_publish(r, &err));
	ok(files_with(path, "/in/a") == 0 && files_with(path, "[erased]") > 0);
	ok(is_clean(f));
	folder_close(f);
	made_remove(&arena, path);
}

/* A segment replaced in part is refused, and nothing has happened. */
static void test_torn(void)
{
	const char *path = made_case(&arena);
	struct err err = {0};
	struct buf segment = {0};
	struct replacement *r;
	struct folder *f;
	char name[NAME_ROOM];
	struct sha256 a = made_hash(&a_source);
	bool merged = false;

	ok(folder_open(path, true, &f, &err) && publish_all(f) && merge_pending(f, &merged, &err) &&
		merged);
	struct str before = made_answers(&arena, f);
	name_of_batch(&a, 0, name);
	made_segment(a_events, 1, NULL, &segment);
	ok(replace_begin(f, REPLACE_REINDEX, &r, &err) &&
		replace_segment(r, str_of(name), buf_view(&segment), &err));
	/* While it is under way nobody merges. */
	ok(merge_pending(f, &merged, &err) && !merged);
	ok(!replace_publish(r, &err) && err.code == ERR_CASE);
	eq_str(made_answers(&arena, f), before);
	ok(is_clean(f));
	buf_release(&segment);
	folder_close(f);
	made_remove(&arena, path);
}

static void test_lost_catalogue(bool merge)
{
	const char *path = made_case(&arena);
	struct err err = {0};
	struct folder *f;
	bool merged = merge;

	ok(folder_open(path, true, &f, &err) && publish_all(f));
	ok(!merge || (merge_pending(f, &merged, &err) && merged));
	ok(made_erase(f, sources, SOURCES, "canary-7391", &err));
	struct str before = made_answers(&arena, f);
	folder_close(f);
	static const char *const files[] = {"case.db", "case.db-wal", "case.db-shm"};
	for (size_t i = 0; i < 3; i++)
		unlink(arena_printf(&arena, "%s/%s", path, files[i]).p);
	if (!ok(folder_open(path, true, &f, &err))) {
		printf("# %s\n", err.msg);
		return;
	}
	eq_str(made_answers(&arena, f), before);
	ok(is_clean(f));
	struct published p;
	ok(made_publish(f, &a_source, &p, &err) && p.known);
	folder_close(f);
	made_remove(&arena, path);
}

int main(void)
{
	test_erase(false);
	test_erase(true);
	test_forget();
	test_source_path();
	test_torn();
	test_lost_catalogue(false);
	test_lost_catalogue(true);
	arena_release(&arena);
	return tap_end();
}
