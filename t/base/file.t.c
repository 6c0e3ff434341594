#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "t/tap.h"

static int dir; /* a folder of our own */

static bool holds(const char *name, struct str want)
{
	struct buf b = {0};
	struct err err = {0};
	bool same = file_read(dir, name, 1 << 20, &b, &err) && str_eq(buf_view(&b), want);

	buf_release(&b);
	return same;
}

static unsigned count_files(void)
{
	unsigned n = 0;
	DIR *d = fdopendir(openat(dir, ".", O_RDONLY | O_DIRECTORY));

	for (struct dirent *e; d && (e = readdir(d));)
		n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	if (d)
		closedir(d);
	return n;
}

static void test_create(void)
{
	struct err err = {0};
	struct stat st;

	ok(file_create(dir, "a", STR("one\0two"), &err) && holds("a", STR("one\0two")));
	ok(fstatat(dir, "a", &st, 0) == 0 && (st.st_mode & 07777) == 0600);
	ok(!file_create(dir, "a", STR("other"), &err) && err.code == ERR_IO);
	ok(strstr(err.msg, "'a'") && strstr(err.msg, strerror(EEXIST)));
	ok(holds("a", STR("one\0two")));
	ok(file_create(dir, "empty", STR(""), &err) && holds("empty", STR("")));
	ok(!file_create(dir, "no/such/folder", STR("x"), &err));
	ok(file_remove(dir, "empty", &err) && faccessat(dir, "empty", F_OK, 0) != 0);
	ok(file_remove(dir, "empty", &err));
	ok(!file_remove(dir, ".", &err) && err.code == ERR_IO);
}

static void test_replace(void)
{
	struct err err = {0};
	char tmp[64], name[300];

	ok(file_replace(dir, "a", STR("new"), &err) && holds("a", STR("new")));
	ok(file_replace(dir, "b", STR(""), &err) && holds("b", STR("")));
	ok(count_files() == 2);
	/* What a killed process of our number left behind is no obstacle. */
	snprintf(tmp, sizeof(tmp), "a.%d.tmp", (int)getpid());
	ok(file_create(dir, tmp, STR("half"), &err));
	ok(file_replace(dir, "a", STR("newer"), &err) && holds("a", STR("newer")));
	ok(count_files() == 2);
	/* A folder can't be replaced by a file: the failure leaves nothing behind. */
	ok(mkdirat(dir, "folder", 0700) == 0);
	ok(!file_replace(dir, "folder", STR("x"), &err) && strstr(err.msg, "rename"));
	ok(count_files() == 3);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	ok(!file_replace(dir, name, STR("x"), &err) && strstr(err.msg, "too long"));
	ok(unlinkat(dir, "folder", AT_REMOVEDIR) == 0);
}

/* A reader sees the old bytes or the new ones, never others. */
static void test_replace_is_atomic(void)
{
	static char bytes[100000];
	struct err err = {0};
	bool whole = true;

	ok(file_replace(dir, "a", (struct str){bytes, sizeof(bytes)}, &err));
	fflush(stdout); /* else a child that dies loudly says it again */
	pid_t pid = fork();
	if (pid == 0) {
		for (int i = 1; i < 200; i++) {
			memset(bytes, i, sizeof(bytes));
			if (!file_replace(dir, "a", (struct str){bytes, sizeof(bytes)}, &err))
				_exit(1);
		}
		_exit(0);
	}
	int status = -1;
	unsigned reads = 0;
	for (; waitpid(pid, &status, WNOHANG) == 0; reads++) {
		struct buf b = {0};
		if (!file_read(dir, "a", 1 << 20, &b, &err)) {
			whole = false;
			break;
		}
		whole &= b.n == sizeof(bytes) && b.p[0] == b.p[b.n - 1] &&
			 memcmp(b.p, b.p + 1, b.n - 1) == 0;
		buf_release(&b);
	}
	printf("# read %u times meanwhile\n", reads);
	ok(whole);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void test_read(void)
{
	struct buf b = {.n = 42};
	struct err err = {0};
	struct file_map m = {{NULL, 7}};

	ok(file_replace(dir, "a", STR("0123456789"), &err));
	ok(!file_read(dir, "a", 9, &b, &err) && err.code == ERR_LIMIT && b.n == 42);
	ok(!file_read(dir, "none", 9, &b, &err) && err.code == ERR_IO && b.n == 42);
	ok(!file_read(dir, ".", 9, &b, &err) && b.n == 42);
	ok(file_read(dir, "a", 10, &b, &err) && b.n == 10);
	buf_release(&b);

	ok(!file_map(dir, "none", &m, &err) && m.bytes.n == 7);
	ok(!file_map(dir, ".", &m, &err) && m.bytes.n == 7);
	ok(file_map(dir, "a", &m, &err));
	eq_str(m.bytes, STR("0123456789"));
	file_unmap(&m);
	ok(m.bytes.p == NULL && m.bytes.n == 0);
	file_unmap(&m);
	ok(file_map(dir, "b", &m, &err) && m.bytes.p == NULL && m.bytes.n == 0);
	file_unmap(&m);
}

static void test_folders(void)
{
	struct err err = {0};
	struct stat st;
	int fd = -7;

	ok(!dir_open(dir, "sub", false, &fd, &err) && fd == -7);
	ok(dir_open(dir, "sub", true, &fd, &err));
	ok(fstat(fd, &st) == 0 && S_ISDIR(st.st_mode) && (st.st_mode & 07777) == 0700);
	ok(dir_sync(fd, "sub", &err));
	ok(file_replace(fd, "x", STR("y"), &err));
	close(fd);
	ok(dir_open(dir, "sub", true, &fd, &err));
	ok(file_remove(fd, "x", &err));
	close(fd);
	fd = -7;
	ok(!dir_open(dir, "a", true, &fd, &err) && fd == -7);
	ok(!dir_sync(-1, "sub", &err) && err.code == ERR_IO);
	ok(unlinkat(dir, "sub", AT_REMOVEDIR) == 0);
}

/* A pipe takes what it can hold at a time: all of it gets through nevertheless. */
static void test_write(void)
{
	static char bytes[300000];
	struct err err = {0};
	int fd[2], status;

	ok(pipe(fd) == 0);
	fflush(stdout); /* else a child that dies loudly says it again */
	pid_t pid = fork();
	if (pid == 0) {
		size_t n = 0;
		char part[1000];
		close(fd[1]);
		for (ssize_t got; (got = read(fd[0], part, sizeof(part))) > 0;)
			n += (size_t)got;
		_exit(n != sizeof(bytes));
	}
	close(fd[0]);
	ok(file_write(fd[1], (struct str){bytes, sizeof(bytes)}, "pipe", &err));
	close(fd[1]);
	ok(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
	ok(!file_write(-1, STR("x"), "nothing", &err) && strstr(err.msg, "'nothing'"));
	ok(file_write(-1, STR(""), "nothing", &err));
}

int main(void)
{
	char path[] = "/tmp/spoor-file-XXXXXX";
	struct err err = {0};

	if (!mkdtemp(path) || (dir = open(path, O_RDONLY | O_DIRECTORY)) < 0)
		return 1;
	test_create();
	test_replace();
	test_replace_is_atomic();
	test_read();
	test_folders();
	test_write();
	ok(file_remove(dir, "a", &err) && file_remove(dir, "b", &err));
	ok(count_files() == 0);
	ok(rmdir(path) == 0);
	return tap_end();
}
