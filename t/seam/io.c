/*
 * base/io.h for tests: the n-th call that changes something on disk fails, or kills the process
 * there.  SQLite's own writes count too: a VFS over the default one is registered before main.
 *
 *	SPOOR_FAIL_AT=n     the n-th call fails (half of a write is done before),
 *	SPOOR_FAIL_ERRNO=e  with this errno, else EIO
 *	SPOOR_KILL_AT=n     the process is killed in the n-th call (half of a write is done)
 *	SPOOR_FAIL_COUNT=f  at exit, the number of calls is written to file f
 *	SPOOR_TRACE=f       each call that was made is a line of file f: what, and on which path
 *
 * A count of calls begins at 1 in each process.
 */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned long calls, fail_at, kill_at;
static int fail_errno = EIO;

enum fate { GO_ON, FAIL, DIE };

static enum fate next_call(void)
{
	calls++;
	return calls == kill_at ? DIE : calls == fail_at ? FAIL : GO_ON;
}

static void die(void)
{
	raise(SIGKILL);
}

static FILE *trace;

/* path: NULL for that of fd. */
static void note(const char *what, int fd, const char *path)
{
	char link[40], real[4096];
	ssize_t n;

	if (!trace)
		return;
	if (!path) {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		n = readlink(link, real, sizeof(real) - 1);
		real[n > 0 ? n : 0] = '\0';
		path = real;
	}
	fprintf(trace, "%s %s\n", what, path);
}

static bool refused(void)
{
	enum fate fate = next_call();

	if (fate == DIE)
		die();
	if (fate == GO_ON)
		return false;
	errno = fail_errno;
	return true;
}

int io_open(const char *path, int flags, unsigned mode)
{
	if ((flags & O_CREAT) && refused())
		return -1;
	return open(path, flags | O_CLOEXEC, mode);
}

int io_openat(int dir, const char *name, int flags, unsigned mode)
{
	if ((flags & O_CREAT) && refused())
		return -1;
	return openat(dir, name, flags | O_CLOEXEC, mode);
}

ssize_t io_write(int fd, const void *p, size_t n)
{
	enum fate fate = next_call();

	note("write", fd, NULL);
	if (fate == GO_ON)
		return write(fd, p, n);
	ssize_t half = n / 2 ? write(fd, p, n / 2) : 0;
	if (fate == DIE)
		die();
	(void)half;
	errno = fail_errno;
	return -1;
}

ssize_t io_pwrite(int fd, const void *p, size_t n, int64_t at)
{
	enum fate fate = next_call();

	note("write", fd, NULL);
	if (fate == GO_ON)
		return pwrite(fd, p, n, at);
	ssize_t half = n / 2 ? pwrite(fd, p, n / 2, at) : 0;
	if (fate == DIE)
		die();
	(void)half;
	errno = fail_errno;
	return -1;
}

int io_fsync(int fd)
{
	note("sync", fd, NULL);
	return refused() ? -1 : fsync(fd);
}

int io_renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	note("move", -1, from);
	note("to", -1, to);
	return refused() ? -1 : renameat(from_dir, from, to_dir, to);
}

int io_unlinkat(int dir, const char *name, int flags)
{
	note("remove", -1, name);
	return refused() ? -1 : unlinkat(dir, name, flags);
}

int io_mkdirat(int dir, const char *name, unsigned mode)
{
	return refused() ? -1 : mkdirat(dir, name, mode);
}

int io_ftruncate(int fd, int64_t n)
{
	return refused() ? -1 : ftruncate(fd, n);
}

int io_close(int fd)
{
	/* A failing close still closes. */
	bool fails = refused();
	int done = close(fd);

	if (fails)
		errno = fail_errno;
	return fails ? -1 : done;
}

/* SQLite's file: the methods that change the disk are ours, the others those of the file below,
 * whose struct follows ours. */
struct seam_file {
	sqlite3_file base;
	sqlite3_file *below;
	const char *name; /* SQLite keeps it as long as the file */
};

static sqlite3_vfs seam_vfs, *default_vfs;

static sqlite3_file *below(sqlite3_file *f)
{
	return ((struct seam_file *)f)->below;
}

static const char *name_of(sqlite3_file *f)
{
	const char *name = ((struct seam_file *)f)->name;

	return name ? name : "temporary";
}

static int seam_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	enum fate fate = next_call();

	note("write", -1, name_of(f));
	if (fate != GO_ON && n / 2)
		below(f)->pMethods->xWrite(below(f), p, n / 2, at);
	if (fate == DIE)
		die();
	if (fate == FAIL)
		return fail_errno == ENOSPC ? SQLITE_FULL : SQLITE_IOERR_WRITE;
	return below(f)->pMethods->xWrite(below(f), p, n, at);
}

static int seam_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return refused() ? SQLITE_IOERR_TRUNCATE : below(f)->pMethods->xTruncate(below(f), size);
}

static int seam_sync(sqlite3_file *f, int flags)
{
	note("sync", -1, name_of(f));
	return refused() ? SQLITE_IOERR_FSYNC : below(f)->pMethods->xSync(below(f), flags);
}

static int seam_close(sqlite3_file *f)
{
	return below(f)->pMethods->xClose(below(f));
}

static int seam_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return below(f)->pMethods->xRead(below(f), p, n, at);
}

static int seam_size(sqlite3_file *f, sqlite3_int64 *ret)
{
	return below(f)->pMethods->xFileSize(below(f), ret);
}

static int seam_lock(sqlite3_file *f, int level)
{
	return below(f)->pMethods->xLock(below(f), level);
}

static int seam_unlock(sqlite3_file *f, int level)
{
	return below(f)->pMethods->xUnlock(below(f), level);
}

static int seam_reserved(sqlite3_file *f, int *ret)
{
	return below(f)->pMethods->xCheckReservedLock(below(f), ret);
}

static int seam_control(sqlite3_file *f, int op, void *arg)
{
	return below(f)->pMethods->xFileControl(below(f), op, arg);
}

static int seam_sector(sqlite3_file *f)
{
	return below(f)->pMethods->xSectorSize(below(f));
}

static int seam_device(sqlite3_file *f)
{
	return below(f)->pMethods->xDeviceCharacteristics(below(f));
}

static int seam_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **ret)
{
	return below(f)->pMethods->xShmMap(below(f), page, size, extend, ret);
}

static int seam_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	return below(f)->pMethods->xShmLock(below(f), at, n, flags);
}

static void seam_shm_barrier(sqlite3_file *f)
{
	below(f)->pMethods->xShmBarrier(below(f));
}

static int seam_shm_unmap(sqlite3_file *f, int remove)
{
	return below(f)->pMethods->xShmUnmap(below(f), remove);
}

static const sqlite3_io_methods seam_methods = {
	.iVersion = 2, /* without memory mapping, so that every write passes here */
	.xClose = seam_close,
	.xRead = seam_read,
	.xWrite = seam_write,
	.xTruncate = seam_truncate,
	.xSync = seam_sync,
	.xFileSize = seam_size,
	.xLock = seam_lock,
	.xUnlock = seam_unlock,
	.xCheckReservedLock = seam_reserved,
	.xFileControl = seam_control,
	.xSectorSize = seam_sector,
	.xDeviceCharacteristics = seam_device,
	.xShmMap = seam_shm_map,
	.xShmLock = seam_shm_lock,
	.xShmBarrier = seam_shm_barrier,
	.xShmUnmap = seam_shm_unmap,
};

static int seam_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *ret_flags)
{
	struct seam_file *s = (struct seam_file *)f;

	(void)vfs;
	s->base.pMethods = NULL;
	s->below = (sqlite3_file *)(s + 1);
	s->name = name;
	int rc = default_vfs->xOpen(default_vfs, name, s->below, flags, ret_flags);
	if (s->below->pMethods)
		s->base.pMethods = &seam_methods;
	return rc;
}

static int seam_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs;
	return refused() ? SQLITE_IOERR_DELETE : default_vfs->xDelete(default_vfs, name, sync);
}

static void write_count(void)
{
	const char *file = getenv("SPOOR_FAIL_COUNT");
	FILE *f = file ? fopen(file, "w") : NULL;

	if (!f)
		return;
	fprintf(f, "%lu\n", calls);
	fclose(f);
}

static unsigned long number(const char *name)
{
	const char *v = getenv(name);

	return v ? strtoul(v, NULL, 10) : 0;
}

__attribute__((constructor)) static void seam_init(void)
{
	fail_at = number("SPOOR_FAIL_AT");
	kill_at = number("SPOOR_KILL_AT");
	if (number("SPOOR_FAIL_ERRNO"))
		fail_errno = (int)number("SPOOR_FAIL_ERRNO");
	if (getenv("SPOOR_TRACE"))
		trace = fopen(getenv("SPOOR_TRACE"), "w");
	atexit(write_count);
	default_vfs = sqlite3_vfs_find(NULL);
	if (!default_vfs)
		return;
	seam_vfs = *default_vfs;
	seam_vfs.zName = "seam";
	seam_vfs.pNext = NULL;
	seam_vfs.szOsFile = (int)sizeof(struct seam_file) + default_vfs->szOsFile;
	seam_vfs.xOpen = seam_open;
	seam_vfs.xDelete = seam_delete;
	sqlite3_vfs_register(&seam_vfs, 1);
}
