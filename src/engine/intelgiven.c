#include "engine/intelgiven.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "engine/feed.h"

enum { CHUNK = 1 << 20 };

struct taking {
	struct folder *f;
	struct intel_given *g;
	struct buf room;
	struct feed_run run;
};

/* A file without a name, below the case, so that it goes with us; or else in memory. */
static int spool_open(const struct folder *f)
{
	int fd = openat(folder_fd(f), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	return fd >= 0 ? fd : memfd_create("spool", MFD_CLOEXEC);
}

static bool too_large(struct str name, struct err *err)
{
	return err_set(err, ERR_LIMIT,
		"cannot read '" STR_FMT "': a source of intelligence is at most %llu bytes",
		STR_ARG(name), (unsigned long long)LIMIT_INTEL_BYTES);
}

static struct intel_given_file *add_file(struct taking *t, struct str name)
{
	struct intel_given_file *to = vec_push(&t->g->files);

	*to = (struct intel_given_file){.name = arena_dup(&t->g->arena, name), .flaw = FLAW_CODES};
	return to;
}

static enum flaw_code first_flaw(const struct feed *from)
{
	size_t n;
	const struct flaw *flaws = feed_flaws(from, &n);

	return n ? (enum flaw_code)flaws[0].code : FLAW_CODES;
}

static bool take_bytes(struct taking *t, struct feed *from, struct str name, struct err *err)
{
	struct intel_given_file *to = add_file(t, name);
	size_t n = 1;

	while (n) {
		if (!feed_read(from, t->room.p, CHUNK, &n, err) || !folder_has_room(t->f, n, err) ||
			!file_write(t->g->fd, (struct str){t->room.p, n}, to->name.p, err))
			return false;
		to->size += n;
		if (t->g->size + to->size > LIMIT_INTEL_BYTES)
			return too_large(name, err);
	}
	t->g->size += to->size;
	to->flaw = first_flaw(from);
	return true;
}

static bool take_given(struct taking *t, struct given *from, struct str name, unsigned level,
	struct sha256 *ret_hash, struct err *err);

/* Each is read to its end before the next; what is wrong with it, its last file has to say. */
static bool take_members(
	struct taking *t, struct feed *from, struct str name, unsigned level, struct err *err)
{
	struct str member;
	struct sha256 unused;
	size_t before = t->g->files.n;

	for (;;) {
		if (!feed_member(from, &member, err))
			return false;
		if (member.n == 0)
			break;
		struct str path = arena_printf(
			&t->g->arena, STR_FMT "/" STR_FMT, STR_ARG(name), STR_ARG(member));
		if (!take_given(t, given_stream(feed_member_read, from, path.p), path, level + 1,
			    &unused, err))
			return false;
		if (feed_member_flaw(from) != FLAW_CODES)
			t->g->files.at[t->g->files.n - 1].flaw = feed_member_flaw(from);
	}
	if (first_flaw(from) != FLAW_CODES || t->g->files.n == before)
		add_file(t, name)->flaw = first_flaw(from);
	return true;
}

static bool take_given(struct taking *t, struct given *from, struct str name, unsigned level,
	struct sha256 *ret_hash, struct err *err)
{
	struct feed *feed;

	if (!feed_open(from, &t->run, level, &feed, err))
		return false;
	bool done = (feed_is_archive(feed) ? take_members(t, feed, name, level, err)
					   : take_bytes(t, feed, name, err)) &&
		    feed_finish(feed, err);
	if (done)
		*ret_hash = feed_hash(feed);
	feed_free(feed);
	return done;
}

static bool take_path(struct taking *t, struct str path, struct err *err)
{
	bool standard = str_eq(path, STR("-"));
	char *real = standard ? NULL : realpath(path.p, NULL);
	int fd = standard ? dup(STDIN_FILENO) : real ? open(real, O_RDONLY | O_CLOEXEC) : -1;
	struct intel_given_whole whole = {
		.name = real ? arena_dup(&t->g->arena, str_of(real)) : path};

	free(real);
	if (fd < 0)
		return err_set(err, ERR_IO, "cannot open '%s': %s", path.p, strerror(errno));
	bool done = take_given(t, given_file(fd, path.p), whole.name, 0, &whole.sha256, err);
	*vec_push(&t->g->wholes) = whole;
	return done;
}

/* The length of the folder's path that all names begin with, its slash included. */
static size_t common_folder(const struct intel_given *g)
{
	struct str first = g->wholes.at[0].name;
	size_t n = first.n;

	for (size_t i = 1; i < g->wholes.n; i++) {
		struct str other = g->wholes.at[i].name;
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

/* Names relative to what they have in common; the whole is the file, or that folder or archive. */
static void name_all(struct intel_given *g)
{
	size_t n = common_folder(g);

	g->path = g->wholes.at[0].name;
	if (g->wholes.n > 1)
		g->path = arena_dup(&g->arena, str_upto(g->path, n > 1 ? n - 1 : n));
	g->name = last_part(g->path);
	if (g->wholes.n == 1 && g->files.at[0].name.n > g->path.n)
		n = g->path.n + 1;
	for (size_t i = 0; i < g->files.n; i++)
		g->files.at[i].name =
			g->files.at[i].name.n > n ? str_from(g->files.at[i].name, n) : g->name;
}

static struct sha256 hash_of(const struct intel_given *g)
{
	struct buf list = {0};
	char hex[65];

	size_t n = common_folder(g);
	if (g->wholes.n == 1)
		return g->wholes.at[0].sha256;
	for (size_t i = 0; i < g->wholes.n; i++) {
		sha256_hex(g->wholes.at[i].sha256, hex);
		buf_addf(&list, "%s  ", hex);
		buf_str(&list, str_from(g->wholes.at[i].name, n));
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

bool intel_given_take(struct folder *f, const char *worker, const struct str *paths, size_t n,
	struct intel_given *ret, struct err *err)
{
	struct intel_given g = {.fd = spool_open(f)};
	struct box_options box = {.worker = worker};
	struct taking t = {
		.f = f, .g = &g, .run = {.box = &box, .folder = f, .archives_only = true}};
	struct str *sorted = arena_array(&g.arena, n + 1, sizeof(*sorted));
	bool done = g.fd >= 0 ||
		    err_set(err, ERR_IO, "cannot make a file for a copy: %s", strerror(errno));

	memcpy(sorted, paths, n * sizeof(*paths));
	if (n)
		qsort(sorted, n, sizeof(*sorted), by_text);
	buf_reserve(&t.room, CHUNK);
	for (size_t i = 0; done && i < n; i++)
		done = take_path(&t, sorted[i], err);
	buf_release(&t.room);
	feed_run_release(&t.run);
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
	vec_release(&g->wholes);
	arena_release(&g->arena);
	*g = (struct intel_given){.fd = -1};
}
