#include "engine/intelgiven.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "engine/given.h"

enum { CHUNK = 1 << 20 };

struct taking {
	struct folder *f;
	struct intel_given *g;
	struct buf room;
};

/* A file without a name, below the case, so that it goes with us; or else in memory. */
static int spool_open(const struct folder *f)
{
	int fd = openat(folder_fd(f), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	return fd >= 0 ? fd : memfd_create("spool", MFD_CLOEXEC);
}

static bool copy(struct taking *t, struct given *from, struct intel_given_file *to, struct err *err)
{
	size_t n = 1;

	while (n) {
		if (!given_read(from, t->room.p, CHUNK, &n, err) ||
			!folder_has_room(t->f, n, err) ||
			!file_write(t->g->fd, (struct str){t->room.p, n}, given_name(from), err))
			return false;
		t->g->size += n;
		if (t->g->size > LIMIT_INTEL_BYTES)
			return err_set(err, ERR_LIMIT,
				"cannot read '%s': a source of intelligence is at most %llu bytes",
				given_name(from), (unsigned long long)LIMIT_INTEL_BYTES);
	}
	to->size = given_bytes(from);
	to->sha256 = given_hash(from);
	return true;
}

static bool take_file(struct taking *t, struct str path, struct err *err)
{
	struct intel_given_file *to = vec_push(&t->g->files);
	bool standard = str_eq(path, STR("-"));
	char *real = standard ? NULL : realpath(path.p, NULL);
	int fd = standard ? dup(STDIN_FILENO) : real ? open(real, O_RDONLY | O_CLOEXEC) : -1;

	*to = (struct intel_given_file){.name = path};
	if (fd < 0) {
		free(real);
		return err_set(err, ERR_IO, "cannot open '%s': %s", path.p, strerror(errno));
	}
	to->name = arena_dup(&t->g->arena, standard ? path : str_of(real));
	free(real);
	struct given *from = given_file(fd, path.p);
	bool done = copy(t, from, to, err);
	given_free(from);
	return done;
}

/* The length of the folder's path that all names begin with, its slash included. */
static size_t common_folder(const struct intel_given *g)
{
	struct str first = g->files.at[0].name;
	size_t n = first.n;

	for (size_t i = 1; i < g->files.n; i++) {
		struct str other = g->files.at[i].name;
		size_t k = 0;
		while (k < n && k < other.n && first.p[k] == other.p[k])
			k++;
		n = k;
	}
	while (n && first.p[n - 1] != '/')
		n--;
	return n;
}

static struct str last_part(struct str path)
{
	size_t at = path.n;

	while (at && path.p[at - 1] != '/')
		at--;
	return str_from(path, at);
}

/* Names relative to what they have in common; the whole is the file, or that folder. */
static void name_all(struct intel_given *g)
{
	size_t n = common_folder(g);

	g->path = g->files.at[0].name;
	if (g->files.n > 1)
		g->path = arena_dup(&g->arena, str_upto(g->path, n > 1 ? n - 1 : n));
	g->name = last_part(g->path);
	for (size_t i = 0; i < g->files.n; i++)
		g->files.at[i].name = str_from(g->files.at[i].name, n);
}

static struct sha256 hash_of(const struct intel_given *g)
{
	struct buf list = {0};
	char hex[65];

	if (g->files.n == 1)
		return g->files.at[0].sha256;
	for (size_t i = 0; i < g->files.n; i++) {
		sha256_hex(g->files.at[i].sha256, hex);
		buf_addf(&list, "%s  ", hex);
		buf_str(&list, g->files.at[i].name);
		buf_putc(&list, '\n');
	}
	struct sha256 h = sha256_of(buf_view(&list));
	buf_release(&list);
	return h;
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

bool intel_given_take(struct folder *f, const struct str *paths, size_t n, struct intel_given *ret,
	struct err *err)
{
	struct intel_given g = {.fd = spool_open(f)};
	struct taking t = {.f = f, .g = &g};
	struct str *sorted = arena_array(&g.arena, n + 1, sizeof(*sorted));
	bool done = g.fd >= 0 ||
		    err_set(err, ERR_IO, "cannot make a file for a copy: %s", strerror(errno));

	memcpy(sorted, paths, n * sizeof(*paths));
	if (n)
		qsort(sorted, n, sizeof(*sorted), by_text);
	buf_reserve(&t.room, CHUNK);
	for (size_t i = 0; done && i < n; i++)
		done = take_file(&t, sorted[i], err);
	buf_release(&t.room);
	if (done && g.files.n) {
		name_all(&g);
		g.sha256 = hash_of(&g);
		*ret = g;
		return true;
	}
	intel_given_release(&g);
	return !done ? false : err_set(err, ERR_USAGE, "there is no file to read");
}

void intel_given_release(struct intel_given *g)
{
	if (g->fd >= 0)
		close(g->fd);
	vec_release(&g->files);
	arena_release(&g->arena);
	*g = (struct intel_given){.fd = -1};
}
