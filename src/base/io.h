#ifndef BASE_IO_H
#define BASE_IO_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The seam to the file system: each call that changes something on disk goes through here,
 * one thin wrapper a system call, with its return value and errno.  Tests link t/seam/io.c in
 * its place, which makes the n-th call fail (SPOOR_FAIL_AT=n) or kills the process there.
 * Nothing else in src/ calls these system calls on the case folder.
 */
int io_open(const char *path, int flags, unsigned mode);
int io_openat(int dir, const char *name, int flags, unsigned mode);
ssize_t io_write(int fd, const void *p, size_t n);
ssize_t io_pwrite(int fd, const void *p, size_t n, int64_t at);
int io_fsync(int fd);
int io_renameat(int from_dir, const char *from, int to_dir, const char *to);
int io_unlinkat(int dir, const char *name, int flags);
int io_mkdirat(int dir, const char *name, unsigned mode);
int io_ftruncate(int fd, int64_t n);
int io_close(int fd);

#endif
