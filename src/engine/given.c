#include "engine/given.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

struct given {
	const char *name;
	int fd; /* -1: a stream */
	given_read_fn stream;
	void *arg;
	bool regular;   /* read by places, from `begin` on */
	uint64_t begin; /* where a descriptor that we were handed stood */
	uint64_t size;
	struct sha256_ctx *hash;
	uint64_t bytes;
	bool ended;
};

enum { CHUNK = 1 << 20 };

static struct given *make(const char *name)
{
	struct given *g = calloc(1, sizeof(*g));

	if (!g)
		BUG("out of memory");
	g->name = name;
	g->fd = -1;
	g->hash = sha256_begin();
	return g;
}

struct given *given_file(int fd, const char *name)
{
	struct given *g = make(name);
	struct stat st;

	g->fd = fd;
	off_t at = lseek(fd, 0, SEEK_CUR);
	if (at >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		g->regular = true;
		g->begin = (uint64_t)at;
		g->size = (uint64_t)st.st_size;
	}
	return g;
}

struct given *given_stream(given_read_fn read_fn, void *arg, const char *name)
{
	struct given *g = make(name);

	g->stream = read_fn;
	g->arg = arg;
	return g;
}

void given_free(struct given *g)
{
	if (!g)
		return;
	if (g->hash)
		sha256_free(g->hash);
	if (g->fd >= 0)
		close(g->fd);
	free(g);
}

const char *given_name(const struct given *g)
{
	return g->name;
}

static bool read_fd(struct given *g, char *room, size_t n, size_t *ret_n, struct err *err)
{
	ssize_t got;

	do
		got = g->regular ? pread(g->fd, room, n, (off_t)(g->begin + g->bytes))
				 : read(g->fd, room, n);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_set(err, ERR_IO, "cannot read '%s': %s", g->name, strerror(errno));
	*ret_n = (size_t)got;
	return true;
}

bool given_read(struct given *g, char *room, size_t n, size_t *ret_n, struct err *err)
{
	size_t got;

	if (g->ended) {
		*ret_n = 0;
		return true;
	}
	if (g->stream ? !g->stream(g->arg, room, n, &got, err) : !read_fd(g, room, n, &got, err))
		return false;
	sha256_add(g->hash, (struct str){room, got});
	g->bytes += got;
	g->ended = got == 0;
	*ret_n = got;
	return true;
}

bool given_ended(const struct given *g)
{
	return g->ended;
}

uint64_t given_bytes(const struct given *g)
{
	return g->bytes;
}

bool given_places(const struct given *g, int *ret_fd, uint64_t *ret_size)
{
	if (!g->regular || g->begin)
		return false;
	*ret_fd = g->fd;
	*ret_size = g->size;
	return true;
}

bool given_finish(struct given *g, struct err *err)
{
	struct buf room = {0};
	bool good = true;
	size_t n;

	buf_reserve(&room, CHUNK);
	while (good && !g->ended)
		good = given_read(g, room.p, CHUNK, &n, err);
	buf_release(&room);
	return good;
}

struct sha256 given_hash(struct given *g)
{
	struct sha256 h = sha256_end(g->hash);

	g->hash = NULL;
	return h;
}
