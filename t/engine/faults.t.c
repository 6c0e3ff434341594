/*
 * Each write, fsync, rename and removal of publishing, merging and erasing fails once, or is where
 * the process is killed: n = 1, 2, … to the end.  Afterwards the case opens, fsck finds nothing,
 * and doing the work again completes it, with nothing lost or doubled.
 *
 * `faults.t work CASE` is the work, run in processes of their own: t/seam/io.c counts and fails.
 */
#include "t/engine/case.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/file.h"
#include "engine/fsck.h"

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

static bool count_erasure(void *arg, const struct casedb_erasure *e)
{
	(void)e;
	++*(unsigned *)arg;
	return true;
}

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

/* A process that met a failure can go on with the same folder. */
static int work_main(const char *path)
{
	struct folder *f = NULL;
	struct err err = {0};

	for (int tries = 0; tries < 2; tries++) {
		if (!f && !folder_open(path, true, &f, &err))
			continue;
		if (work(f, &err)) {
			folder_close(f);
			return 0;
		}
	}
	fprintf(stderr, "# %s\n", err.msg);
	folder_close(f);
	return 1;
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

static void say(void *arg, enum fsck_level level, struct str file, const char *what)
{
	(void)arg;
	printf("# fsck %d " STR_FMT ": %s\n", level, STR_ARG(file), what);
}

struct fault {
	const char *name, *variable;
	int number;
};

/* The child's wait status. */
static int run_work(const char *self, const char *what, const char *path, const struct fault *fault,
	unsigned long n, const char *count)
{
	char number[24], code[24];
	int status = 0;
	pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (pid == 0) {
		snprintf(number, sizeof(number), "%lu", n);
		snprintf(code, sizeof(code), "%d", fault ? fault->number : 0);
		if (fault)
			setenv(fault->variable, number, 1);
		if (fault && fault->number)
			setenv("SPOOR_FAIL_ERRNO", code, 1);
		if (count)
			setenv("SPOOR_FAIL_COUNT", count, 1);
		execl(self, self, what, path, (char *)NULL);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return status;
}

static bool is_sound(const char *path, struct str want, struct arena *a)
{
	struct fsck n = {0};
	struct folder *f;
	struct err err;
	bool sound = false;

	if (!folder_open(path, true, &f, &err)) {
		printf("# cannot open: %s\n", err.msg);
		return false;
	}
	if (!fsck_run(f, say, NULL, NULL, &n, &err))
		printf("# fsck: %s\n", err.msg);
	else
		sound = n.damages == 0 && n.notes == 0;
	if (want.n) {
		struct str got = made_answers(a, f);
		if (!str_eq(got, want)) {
			printf("# got:\n" STR_FMT "# want:\n" STR_FMT, STR_ARG(got), STR_ARG(want));
			sound = false;
		}
	}
	folder_close(f);
	return sound;
}

static unsigned long count_calls(const char *self, struct arena *a)
{
	const char *path = made_case(a), *count = arena_printf(a, "%s/../count", path).p;
	struct buf b = {0};
	struct err err;
	uint64_t n = 0;

	if (run_work(self, "work", path, NULL, 0, count) == 0 &&
		file_read(AT_FDCWD, count, 64, &b, &err))
		str_u64(str_trim(buf_view(&b)), &n);
	buf_release(&b);
	made_remove(a, path);
	return (unsigned long)n;
}

static bool try_one(const char *self, const struct fault *fault, unsigned long n, struct str want)
{
	struct arena a = {0};
	const char *path = made_case(&a);
	int status = run_work(self, "work", path, fault, n, NULL);
	bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	bool good = fault->number ? status == 0 : killed;

	if (!good)
		printf("# the work did not go on after it: status %x\n", (unsigned)status);
	good = good && is_sound(path, STR(""), &a);
	good = good && run_work(self, "work", path, NULL, 0, NULL) == 0 && is_sound(path, want, &a);
	made_remove(&a, path);
	arena_release(&a);
	return good;
}

static void test_fault(
	const char *self, const struct fault *fault, unsigned long calls, struct str want)
{
	/* All of them take a minute: the short form takes every seventh. */
	const char *is_long = getenv("CHECK_LONG");
	unsigned long step = is_long && is_long[0] ? 1 : 7, bad = 0;

	for (unsigned long n = 1; n <= calls && bad < 5; n += step) {
		if (try_one(self, fault, n, want))
			continue;
		printf("# %s at call %lu of %lu\n", fault->name, n, calls);
		bad++;
	}
	printf("# %s: calls 1 to %lu, every %lu\n", fault->name, calls, step);
	ok(bad == 0);
}

static void test_init(const char *self, const struct fault *fault)
{
	struct arena a = {0};
	const char *beside = made_case(&a), *path = arena_printf(&a, "%s/../new", beside).p;
	unsigned long bad = 0, n = 1;
	int status = 1;

	for (; status && n < 1000; n++) {
		struct err err = {0};
		status = run_work(self, "init", path, fault, n, NULL);
		if (fault->number && status)
			bad++;
		if (!folder_init(path, STR(""), &err) && err.code != ERR_USAGE) {
			printf("# %s at call %lu of init: %s\n", fault->name, n, err.msg);
			bad++;
		}
		bad += !is_sound(path, STR(""), &a);
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
	static const struct fault faults[] = {{"EIO", "SPOOR_FAIL_AT", EIO},
		{"ENOSPC", "SPOOR_FAIL_AT", ENOSPC}, {"SIGKILL", "SPOOR_KILL_AT", 0}};
	struct arena a = {0};

	if (argc == 3)
		return strcmp(argv[1], "init") == 0 ? init_main(argv[2]) : work_main(argv[2]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* Process deaths leave the page cache alone, so memory is as good as a disk, and faster. */
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0);
	unsigned long calls = count_calls(argv[0], &a);
	ok(calls > 100);
	struct str want = oracle_answers(&a, sources, SOURCES, "canary");
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		test_init(argv[0], &faults[i]);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		test_fault(argv[0], &faults[i], calls, want);
	arena_release(&a);
	return tap_end();
}
