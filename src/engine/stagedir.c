#include "engine/stagedir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/io.h"

static bool new_id(char ret_id[32], struct err *err)
{
	uint64_t r;

	if (getrandom(&r, sizeof(r), 0) != sizeof(r))
		return err_set(err, ERR_IO, "no random bytes: %s", strerror(errno));
	snprintf(ret_id, 32, "%d-%016llx", (int)getpid(), (unsigned long long)r);
	return true;
}

/* False with err untouched: a cleaner took the folder for a dead one's, between its making and
 * its locking. */
static bool take(int incoming, struct stagedir *d, bool *ret_failed, struct err *err)
{
	struct stat st;

	*ret_failed = true;
	if (io_mkdirat(incoming, d->id, 0700))
		return err_set(err, ERR_IO, "cannot create '" CASE_INCOMING "/%s': %s", d->id,
			strerror(errno));
	d->fd = openat(incoming, d->id, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->fd >= 0)
		d->lock = io_openat(d->fd, STAGING_LOCK, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (d->lock >= 0 && flock(d->lock, LOCK_EX | LOCK_NB) == 0 && fstat(d->lock, &st) == 0 &&
		st.st_nlink == 1)
		return true;
	*ret_failed = d->lock < 0 && errno != ENOENT;
	if (*ret_failed)
		err_set(err, ERR_IO, "cannot create '" CASE_INCOMING "/%s/" STAGING_LOCK "': %s",
			d->id, strerror(errno));
	return false;
}

bool stagedir_make(struct folder *f, struct stagedir *ret_d, struct err *err)
{
	struct stagedir d = {.f = f, .fd = -1, .lock = -1};
	bool failed;
	int incoming;

	if (!dir_open(f->fd, CASE_INCOMING, true, &incoming, err))
		return false;
	for (;;) {
		if (!new_id(d.id, err))
			break;
		if (take(incoming, &d, &failed, err)) {
			close(incoming);
			*ret_d = d;
			return true;
		}
		if (failed)
			stagedir_wipe(incoming, d.id);
		stagedir_leave(&d);
		if (failed)
			break;
	}
	close(incoming);
	return false;
}

bool stagedir_write(struct stagedir *d, const char *name, struct str bytes, struct err *err)
{
	int fd = io_openat(d->fd, name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	if (fd < 0)
		return err_set(err, ERR_IO, "cannot create '" CASE_INCOMING "/%s/%s': %s", d->id,
			name, strerror(errno));
	bool done = file_write(fd, bytes, name, err);
	/* A hint only; stagedir_sync is what counts. */
	if (done)
		sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	if (io_close(fd) && done)
		done = err_set(err, ERR_IO, "cannot close '%s': %s", name, strerror(errno));
	return done;
}

bool stagedir_sync(struct stagedir *d, const char *name, struct err *err)
{
	int fd = openat(d->fd, name, O_RDONLY | O_CLOEXEC);
	bool done = fd >= 0 && io_fsync(fd) == 0;

	if (!done)
		err_set(err, ERR_IO, "cannot sync '" CASE_INCOMING "/%s/%s': %s", d->id, name,
			strerror(errno));
	if (fd >= 0)
		close(fd);
	return done;
}

bool stagedir_prepare(struct folder *f, enum name_kind k, struct str name, struct err *err)
{
	char folder[FILE_NAME_ROOM];

	name_folder(k, name, folder);
	if (io_mkdirat(f->fd, folder, 0700)) {
		if (errno == EEXIST)
			return true;
		return err_set(err, ERR_IO, "cannot create '%s': %s", folder, strerror(errno));
	}
	char *slash = strchr(folder, '/');
	if (!slash)
		return dir_sync(f->fd, folder, err);
	int above;
	*slash = '\0';
	if (!dir_open(f->fd, folder, false, &above, err))
		return false;
	bool done = dir_sync(above, folder, err);
	close(above);
	return done;
}

bool stagedir_settle(struct folder *f, enum name_kind k, struct str name, struct err *err)
{
	char folder[FILE_NAME_ROOM];
	int fd;

	name_folder(k, name, folder);
	if (!dir_open(f->fd, folder, false, &fd, err))
		return false;
	bool done = dir_sync(fd, folder, err);
	close(fd);
	return done;
}

bool stagedir_move(int staging, struct folder *f, enum name_kind k, struct str name,
	const char *staged, struct err *err)
{
	char file[FILE_NAME_ROOM];

	name_file(k, name, file);
	if (io_renameat(staging, staged, f->fd, file))
		return err_set(
			err, ERR_IO, "cannot move '%s' to '%s': %s", staged, file, strerror(errno));
	return true;
}

void stagedir_wipe(int incoming, const char *id)
{
	int fd = openat(incoming, id, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	bool empty = true;

	if (!d) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((e = readdir(d)))
		if (e->d_name[0] != '.' && strcmp(e->d_name, STAGING_LOCK) != 0)
			empty &= io_unlinkat(fd, e->d_name, 0) == 0;
	/* Without its lock, a folder that isn't empty would be taken for one in the making. */
	if (empty)
		io_unlinkat(fd, STAGING_LOCK, 0);
	closedir(d);
	io_unlinkat(incoming, id, AT_REMOVEDIR);
}

void stagedir_remove(struct stagedir *d)
{
	struct err ignored;
	int incoming;

	if (d->fd >= 0 && dir_open(d->f->fd, CASE_INCOMING, false, &incoming, &ignored)) {
		stagedir_wipe(incoming, d->id);
		close(incoming);
	}
	stagedir_leave(d);
}

void stagedir_leave(struct stagedir *d)
{
	if (d->fd >= 0)
		close(d->fd);
	if (d->lock >= 0)
		close(d->lock);
	d->fd = d->lock = -1;
}

static const char *const kind_words[] = {[NAME_BATCH] = "batch",
	[NAME_SEGMENT] = "segment",
	[NAME_SOURCE] = "source",
	[NAME_INTEL] = "intel",
	[NAME_INTEL_SAID] = "said",
	[NAME_INTEL_GIVEN] = "given",
	[NAME_INTEL_FACTS] = "facts",
	[NAME_PEOPLE] = "people",
	[NAME_PEOPLE_FACTS] = "people-facts"};
enum { KINDS_STAGED = sizeof(kind_words) / sizeof(kind_words[0]) };

void stagedir_line(struct buf *list, enum name_kind k, const char *name, const char *staged)
{
	buf_addf(
		list, "%s %s %s\n", staged ? kind_words[k] : "forget", name, staged ? staged : "-");
}

static bool parse_line(struct str line, struct staged_line *ret_l)
{
	struct str word = str_cut(&line, ' ');
	struct str name = str_cut(&line, ' ');
	struct staged_line l = {.name = name, .forget = str_eq(word, STR("forget"))};
	size_t k = l.forget ? NAME_SOURCE : 0;

	while (!l.forget && k < KINDS_STAGED && !str_eq(word, str_of(kind_words[k])))
		k++;
	if (k == KINDS_STAGED)
		return false;
	l.kind = (enum name_kind)k;
	/* A name from a list becomes a path: nothing may lead out of the folder. */
	struct batch_key key;
	bool good = k == NAME_SEGMENT ? name_is_segment(name)
		    : k == NAME_BATCH ? name_parse_batch(name, &key)
				      : name_is_hash(name);
	if (!good || line.n == 0 || line.n >= sizeof(l.staged) || str_chr(line, '/') < line.n)
		return false;
	memcpy(l.staged, line.p, line.n);
	l.staged[line.n] = '\0';
	*ret_l = l;
	return true;
}

bool stagedir_each(struct str list, staged_fn fn, void *arg)
{
	while (list.n) {
		struct staged_line l;
		if (!parse_line(str_cut(&list, '\n'), &l) || !fn(arg, &l))
			return false;
	}
	return true;
}
