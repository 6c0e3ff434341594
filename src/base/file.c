#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

bool file_map(int dir, const char *name, struct file_map *ret_map, struct err *err)
{
	struct stat st;
	bool done = false;
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_set(err, ERR_IO, "cannot open '%s': %s", name, strerror(errno));
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		err_set(err, ERR_IO, "cannot map '%s': not a regular file", name);
		goto out;
	}
	if (st.st_size == 0) {
		*ret_map = (struct file_map){{NULL, 0}};
		done = true;
		goto out;
	}
	void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED) {
		err_set(err, ERR_IO, "cannot map '%s': %s", name, strerror(errno));
		goto out;
	}
	ret_map->bytes = (struct str){p, (size_t)st.st_size};
	done = true;
out:
	close(fd);
	return done;
}

void file_unmap(struct file_map *m)
{
	union {
		const char *in;
		void *out;
	} p = {m->bytes.p};

	if (m->bytes.n)
		munmap(p.out, m->bytes.n);
	*m = (struct file_map){0};
}

void file_forget(const struct file_map *m)
{
	union {
		const char *in;
		void *out;
	} p = {m->bytes.p};

	if (m->bytes.n)
		madvise(p.out, m->bytes.n, MADV_DONTNEED);
}

struct sha256 file_hash(const struct file_map *m)
{
	enum { PIECE = 16 << 20 };
	struct sha256_ctx *c = sha256_begin();

	for (struct str left = m->bytes; left.n; left = str_from(left, PIECE)) {
		sha256_add(c, str_upto(left, PIECE));
		file_forget(m);
	}
	return sha256_end(c);
}

bool file_read(int dir, const char *name, size_t limit, struct buf *ret_bytes, struct err *err)
{
	struct buf b = {0};
	bool done = false;
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_set(err, ERR_IO, "cannot open '%s': %s", name, strerror(errno));
	for (;;) {
		buf_reserve(&b, 64 * 1024);
		ssize_t got = read(fd, b.p + b.n, b.cap - b.n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			err_set(err, ERR_IO, "cannot read '%s': %s", name, strerror(errno));
			goto out;
		}
		if (got == 0)
			break;
		b.n += (size_t)got;
		if (b.n > limit) {
			err_set(err, ERR_LIMIT,
				"cannot read '%s': larger than the limit of %zu bytes", name,
				limit);
			goto out;
		}
	}
	*ret_bytes = b;
	done = true;
out:
	close(fd);
	if (!done)
		buf_release(&b);
	return done;
}

bool file_write(int fd, struct str bytes, const char *name_for_messages, struct err *err)
{
	while (bytes.n) {
		ssize_t put = io_write(fd, bytes.p, bytes.n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return err_set(err, ERR_IO, "cannot write '%s': %s", name_for_messages,
				put ? strerror(errno) : "nothing was written");
		bytes = str_from(bytes, (size_t)put);
	}
	return true;
}

bool file_create(int dir, const char *name, struct str bytes, struct err *err)
{
	bool done = false;
	int fd = io_openat(dir, name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	if (fd < 0)
		return err_set(err, ERR_IO, "cannot create '%s': %s", name, strerror(errno));
	if (!file_write(fd, bytes, name, err))
		goto out;
	if (io_fsync(fd)) {
		err_set(err, ERR_IO, "cannot sync '%s': %s", name, strerror(errno));
		goto out;
	}
	done = true;
out:
	if (io_close(fd) && done)
		done = err_set(err, ERR_IO, "cannot close '%s': %s", name, strerror(errno));
	if (!done)
		io_unlinkat(dir, name, 0);
	return done;
}

bool file_replace(int dir, const char *name, struct str bytes, struct err *err)
{
	char tmp[300];

	if ((size_t)snprintf(tmp, sizeof(tmp), "%s.%d.tmp", name, (int)getpid()) >= sizeof(tmp))
		return err_set(err, ERR_IO, "cannot create '%s': name too long", name);
	/* What a killed process of the same number left there. */
	io_unlinkat(dir, tmp, 0);
	if (!file_create(dir, tmp, bytes, err))
		return false;
	if (io_renameat(dir, tmp, dir, name)) {
		err_set(err, ERR_IO, "cannot rename '%s' to '%s': %s", tmp, name, strerror(errno));
		io_unlinkat(dir, tmp, 0);
		return false;
	}
	return dir_sync(dir, name, err);
}

bool dir_sync(int dir, const char *name_for_messages, struct err *err)
{
	if (io_fsync(dir))
		return err_set(err, ERR_IO, "cannot sync the folder of '%s': %s", name_for_messages,
			strerror(errno));
	return true;
}

bool dir_open(int dir, const char *name, bool create, int *ret_fd, struct err *err)
{
	if (create && io_mkdirat(dir, name, 0700) && errno != EEXIST)
		return err_set(err, ERR_IO, "cannot create folder '%s': %s", name, strerror(errno));
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, ERR_IO, "cannot open folder '%s': %s", name, strerror(errno));
	*ret_fd = fd;
	return true;
}

bool file_remove(int dir, const char *name, struct err *err)
{
	if (io_unlinkat(dir, name, 0) && errno != ENOENT)
		return err_set(err, ERR_IO, "cannot remove '%s': %s", name, strerror(errno));
	return true;
}
