#include "engine/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/io.h"
#include "base/vec.h"
#include "casedb/casedb.h"
#include "casedb/segment.h"
#include "casedb/source.h"
#include "engine/inside.h"
#include "engine/names.h"

/* Files named by the catalogue: only merging and replacing change them, and both wait. */
struct copying {
	struct folder *f;
	int dest;
	struct arena arena;
	VEC(struct str) files;
	struct backup done;
};

static void add_file(struct copying *c, enum name_kind kind, struct str name)
{
	char path[FILE_NAME_ROOM];

	name_file(kind, name, path);
	*vec_push(&c->files) = arena_dup(&c->arena, str_of(path));
}

static bool add_batch(void *arg, const struct batch_row *r)
{
	add_file(arg, NAME_BATCH, r->name);
	return true;
}

static bool add_segment(void *arg, const struct segment_row *r)
{
	add_file(arg, NAME_SEGMENT, r->name);
	return true;
}

static bool add_source(void *arg, const struct source_row *r)
{
	char name[NAME_ROOM];

	/* The digits of the source's hash, as a batch's name begins with them. */
	name_of_batch(&r->sha256, 0, name);
	add_file(arg, NAME_SOURCE, str_upto(str_of(name), 32));
	return true;
}

/* The folders above a path below dest. */
static bool make_folders(struct copying *c, struct str path, struct err *err)
{
	for (size_t at = 0; at < path.n; at++) {
		if (path.p[at] != '/')
			continue;
		struct str folder = arena_dup(&c->arena, str_upto(path, at));
		if (io_mkdirat(c->dest, folder.p, 0700) && errno != EEXIST)
			return err_set(err, ERR_IO, "cannot create folder '%s': %s", folder.p,
				strerror(errno));
	}
	return true;
}

static bool copy_file(struct copying *c, struct str path, struct err *err)
{
	struct file_map map;

	if (!make_folders(c, path, err) || !file_map(folder_fd(c->f), path.p, &map, err))
		return false;
	bool done = file_create(c->dest, path.p, map.bytes, err);
	c->done.files++;
	c->done.bytes += map.bytes.n;
	file_unmap(&map);
	return done;
}

/* All regular files of one folder; a folder that isn't there has none. */
static bool copy_folder(struct copying *c, const char *name, struct err *err)
{
	int fd = openat(folder_fd(c->f), name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;
	bool done = true;

	if (!d)
		return errno == ENOENT ||
		       err_set(err, ERR_IO, "cannot open folder '%s': %s", name, strerror(errno));
	if (io_mkdirat(c->dest, name, 0700) && errno != EEXIST)
		done = err_set(err, ERR_IO, "cannot create folder '%s': %s", name, strerror(errno));
	while (done && (e = readdir(d))) {
		struct str path = arena_printf(&c->arena, "%s/%s", name, e->d_name);
		struct stat st;
		if (fstatat(fd, e->d_name, &st, 0) == 0 && S_ISREG(st.st_mode))
			done = copy_file(c, path, err);
	}
	closedir(d);
	return done;
}

/* What changes in place, and the list of what doesn't: inside the lock. */
static bool copy_moment(struct copying *c, const char *dest, struct err *err)
{
	struct str db = arena_printf(&c->arena, "%s/%s", dest, CASE_DB);
	struct casedb *from = folder_db(c->f);

	return casedb_copy(from, db.p, err) && copy_file(c, STR("spoor.yaml"), err) &&
	       copy_folder(c, "journal", err) && copy_folder(c, "intel", err) &&
	       copy_folder(c, "people", err) && copy_folder(c, "keys", err) &&
	       copy_folder(c, "formats", err) && copy_folder(c, "state", err) &&
	       casedb_batch_each(from, 0, add_batch, c, err) &&
	       casedb_segment_each(from, add_segment, c, err) &&
	       casedb_source_each(from, add_source, c, err);
}

static bool make_all_folders(struct copying *c, struct err *err)
{
	static const char *const folders[] = {CASE_INCOMING, "batches", "segments", "journal",
		"intel", "people", "state", "keys"};

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		int fd;
		if (!dir_open(c->dest, folders[i], true, &fd, err))
			return false;
		close(fd);
	}
	return true;
}

static bool copy_all(struct copying *c, const char *dest, struct err *err)
{
	if (!folder_lock(c->f, err))
		return false;
	bool done = copy_moment(c, dest, err);
	folder_unlock(c->f);
	for (size_t i = 0; done && i < c->files.n; i++)
		done = copy_file(c, c->files.at[i], err);
	done = done && make_all_folders(c, err);
	/* All folders' entries at once; only then, with its version, is it a case. */
	if (done && syncfs(c->dest))
		done = err_set(err, ERR_IO, "cannot sync '%s': %s", dest, strerror(errno));
	return done && copy_file(c, STR(CASE_VERSION_FILE), err) && dir_sync(c->dest, dest, err);
}

bool backup_make(struct folder *f, const char *dest, struct backup *ret, struct err *err)
{
	struct copying c = {.f = f, .dest = -1};
	bool done = false;
	int merging;

	if (io_mkdirat(AT_FDCWD, dest, 0700))
		return err_set(
			err, ERR_IO, "cannot make the folder '%s': %s", dest, strerror(errno));
	/* Sources may be added meanwhile, but nothing that is there may go. */
	if (!folder_flock(f, MERGE_LOCK, true, &merging, err))
		return false;
	if (dir_open(AT_FDCWD, dest, false, &c.dest, err)) {
		done = copy_all(&c, dest, err);
		close(c.dest);
	}
	close(merging);
	vec_release(&c.files);
	arena_release(&c.arena);
	if (done)
		*ret = c.done;
	return done;
}
