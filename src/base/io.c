#include "base/io.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int io_open(const char *path, int flags, unsigned mode)
{
	return open(path, flags | O_CLOEXEC, mode);
}

int io_openat(int dir, const char *name, int flags, unsigned mode)
{
	return openat(dir, name, flags | O_CLOEXEC, mode);
}

ssize_t io_write(int fd, const void *p, size_t n)
{
	return write(fd, p, n);
}

ssize_t io_pwrite(int fd, const void *p, size_t n, int64_t at)
{
	return pwrite(fd, p, n, at);
}

int io_fsync(int fd)
{
	return fsync(fd);
}

int io_renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return renameat(from_dir, from, to_dir, to);
}

int io_unlinkat(int dir, const char *name, int flags)
{
	return unlinkat(dir, name, flags);
}

int io_mkdirat(int dir, const char *name, unsigned mode)
{
	return mkdirat(dir, name, mode);
}

int io_ftruncate(int fd, int64_t n)
{
	return ftruncate(fd, n);
}

int io_close(int fd)
{
	return close(fd);
}
