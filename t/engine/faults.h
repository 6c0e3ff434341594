#ifndef T_ENGINE_FAULTS_H
#define T_ENGINE_FAULTS_H

/*
 * Work on a case in which each call that changes the disk fails once, or is where the process is
 * killed: n = 1, 2, … to the end.  Afterwards the case opens, fsck finds nothing, and doing the
 * work again completes it.  Programs run themselves as `PROGRAM work CASE`: t/seam/io.c counts and
 * fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "engine/fsck.h"
#include "t/engine/case.h"
#include "t/tap.h"

struct faulty {
	bool (*work)(struct folder *f, struct err *err); /* goes on where it was left off */
	bool (*is_done)(struct folder *f); /* is what it made right? says what isn't */
	unsigned long step;                /* of the short form: every so manieth call */
};

struct fault {
	const char *name, *variable;
	int number;
};

static const struct fault faults[] = {{"EIO", "SPOOR_FAIL_AT", EIO},
	{"ENOSPC", "SPOOR_FAIL_AT", ENOSPC}, {"SIGKILL", "SPOOR_KILL_AT", 0}};
enum { FAULTS = sizeof(faults) / sizeof(faults[0]) };

static inline bool count_erasure(void *arg, const struct casedb_erasure *e)
{
	(void)e;
	++*(unsigned *)arg;
	return true;
}

/* A process that met a failure can go on with the same folder. */
static inline int faulty_work(const struct faulty *w, const char *path)
{
	struct folder *f = NULL;
	struct err err = {0};

	for (int tries = 0; tries < 2; tries++) {
		if (!f && !folder_open(path, true, &f, &err))
			continue;
		if (w->work(f, &err)) {
			folder_close(f);
			return 0;
		}
	}
	fprintf(stderr, "# %s\n", err.msg);
	folder_close(f);
	return 1;
}

static inline void faulty_say(void *arg, enum fsck_level level, struct str file, const char *what)
{
	(void)arg;
	printf("# fsck %d " STR_FMT ": %s\n", level, STR_ARG(file), what);
}

/* The child's wait status. */
static inline int faulty_run(const char *self, const char *what, const char *path,
	const struct fault *fault, unsigned long n, const char *count)
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

/* done: it must be what the work makes, too. */
static inline bool faulty_is_sound(const struct faulty *w, const char *path, bool done)
{
	struct fsck n = {0};
	struct folder *f;
	struct err err;
	bool sound = false;

	if (!folder_open(path, true, &f, &err)) {
		printf("# cannot open: %s\n", err.msg);
		return false;
	}
	if (!fsck_run(f, faulty_say, NULL, NULL, &n, &err))
		printf("# fsck: %s\n", err.msg);
	else
		sound = n.damages == 0 && n.notes == 0;
	sound = (!done || w->is_done(f)) && sound;
	folder_close(f);
	return sound;
}

static inline unsigned long faulty_calls(const struct faulty *w, const char *self)
{
	struct arena a = {0};
	const char *path = made_case(&a), *count = arena_printf(&a, "%s/../count", path).p;
	struct buf b = {0};
	struct err err;
	uint64_t n = 0;

	if (faulty_run(self, "work", path, NULL, 0, count) == 0 &&
		file_read(AT_FDCWD, count, 64, &b, &err))
		str_u64(str_trim(buf_view(&b)), &n);
	ok(faulty_is_sound(w, path, true));
	buf_release(&b);
	made_remove(&a, path);
	arena_release(&a);
	return (unsigned long)n;
}

static inline bool faulty_once(
	const struct faulty *w, const char *self, const struct fault *fault, unsigned long n)
{
	struct arena a = {0};
	const char *path = made_case(&a);
	int status = faulty_run(self, "work", path, fault, n, NULL);
	bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	bool good = fault->number ? status == 0 : killed;

	if (!good)
		printf("# the work did not go on after it: status %x\n", (unsigned)status);
	good = good && faulty_is_sound(w, path, false);
	good = good && faulty_run(self, "work", path, NULL, 0, NULL) == 0 &&
	       faulty_is_sound(w, path, true);
	made_remove(&a, path);
	arena_release(&a);
	return good;
}

/* All of them take a minute or so: the short form takes some. */
static inline void faulty_all(
	const struct faulty *w, const char *self, const struct fault *fault, unsigned long calls)
{
	const char *is_long = getenv("CHECK_LONG");
	unsigned long step = is_long && is_long[0] ? 1 : w->step, bad = 0;

	for (unsigned long n = 1; n <= calls && bad < 5; n += step) {
		if (faulty_once(w, self, fault, n))
			continue;
		printf("# %s at call %lu of %lu\n", fault->name, n, calls);
		bad++;
	}
	printf("# %s: calls 1 to %lu, every %lu\n", fault->name, calls, step);
	ok(bad == 0);
}

/* Process deaths leave the page cache alone, so memory is as good as a disk, and faster. */
static inline void faulty_begin(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0);
}

#endif
