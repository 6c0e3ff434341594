/* What lies in the case folder and nothing names. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "casedb/intel.h"
#include "casedb/people.h"
#include "casedb/segment.h"
#include "casedb/source.h"
#include "engine/fsck_inside.h"
#include "engine/intelfile.h"

typedef bool (*entry_fn)(struct checking *c, int dir, const char *path, struct err *err);

static bool each_entry(struct checking *c, const char *path, entry_fn fn, struct err *err)
{
	int fd = openat(c->f->fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	bool done = true;

	if (!d) {
		if (fd >= 0)
			close(fd);
		fsck_say(c, FSCK_DAMAGE, str_of(path), "cannot be read: %s", strerror(errno));
		return true;
	}
	while (done && (e = readdir(d))) {
		struct arena_mark mark = arena_mark(&c->arena);
		if (e->d_name[0] != '.')
			done = fn(c, dirfd(d), arena_printf(&c->arena, "%s/%s", path, e->d_name).p,
				err);
		arena_rewind(&c->arena, mark);
	}
	closedir(d);
	return done;
}

static bool has_batch(void *arg, const struct batch_row *r)
{
	(void)r;
	*(bool *)arg = true;
	return true;
}

/* False: `name` isn't of that kind, or the catalogue doesn't know it. */
static bool is_known(
	struct checking *c, struct str name, struct str suffix, bool *ret_known, struct err *err)
{
	struct casedb *db = c->f->db;
	struct batch_key key;
	uint8_t hash[16];
	struct str prefix = {(const char *)hash, sizeof(hash)};
	int64_t id = 0;
	bool known = false, done = true;

	if (str_eq(suffix, STR("batch")) && name_parse_batch(name, &key))
		done = casedb_batch_find(db, name, has_batch, &known, err);
	else if (str_eq(suffix, STR("segment")))
		done = casedb_segment_has(db, name, &known, err);
	else if (str_eq(suffix, STR("source")) && name_parse_hash(name, hash))
		done = casedb_source_begins(db, prefix, &id, err);
	else if ((str_eq(suffix, STR("indicators")) || str_eq(suffix, STR("said")) ||
			 str_eq(suffix, STR("given")) || str_eq(suffix, STR("facts"))) &&
		 name_parse_hash(name, hash))
		done = casedb_intel_source_begins(db, prefix, &id, err);
	*ret_known = known || id;
	return done;
}

static bool check_file(struct checking *c, int dir, const char *path, struct err *err)
{
	const char *base = strrchr(path, '/') + 1, *dot = strrchr(base, '.');
	struct str suffix = str_of(dot ? dot + 1 : "");
	bool known;

	(void)dir;
	if (!is_known(c, (struct str){base, dot ? (size_t)(dot - base) : strlen(base)}, suffix,
		    &known, err))
		return false;
	if (!known)
		fsck_say(c, FSCK_DAMAGE, str_of(path), "nothing in the catalogue names this file");
	return true;
}

static bool check_folder(struct checking *c, int dir, const char *path, struct err *err)
{
	(void)dir;
	return each_entry(c, path, check_file, err);
}

static bool check_people(struct checking *c, int dir, const char *path, struct err *err)
{
	const char *base = strrchr(path, '/') + 1, *dot = strrchr(base, '.');
	struct str name = {base, dot ? (size_t)(dot - base) : strlen(base)};
	uint8_t hash[16];
	int64_t id = 0;

	(void)dir;
	if (dot && name_parse_hash(name, hash) &&
		(strcmp(dot, ".people") == 0 || strcmp(dot, ".facts") == 0) &&
		!casedb_people_list_begins(
			c->f->db, (struct str){(const char *)hash, sizeof(hash)}, &id, err))
		return false;
	if (!id)
		fsck_say(c, FSCK_DAMAGE, str_of(path), "nothing in the catalogue names this file");
	return true;
}

/* A case from before there were lists of people has no folder for them. */
static bool check_people_folder(struct checking *c, struct err *err)
{
	return (faccessat(c->f->fd, "people", F_OK, 0) && errno == ENOENT) ||
	       each_entry(c, "people", check_people, err);
}

/* What each source's files hold. */
static bool check_source(void *arg, const struct intel_source_row *r)
{
	struct checking *c = arg;
	char name[NAME_ROOM], file[FILE_NAME_ROOM];
	struct err why;

	name_of_hash(&r->sha256, name);
	name_file(NAME_INTEL, str_of(name), file);
	if (!intel_file_check(c->f, r, &why))
		fsck_say(c, FSCK_DAMAGE, str_of(file), "%s", why.msg);
	return true;
}

static bool check_staging(struct checking *c, int dir, const char *path, struct err *err)
{
	const char *lock = arena_printf(&c->arena, "%s/" STAGING_LOCK, path).p;
	int fd = openat(c->f->fd, lock, O_RDWR | O_CLOEXEC);

	(void)dir;
	(void)err;
	if (fd < 0 || flock(fd, LOCK_SH | LOCK_NB) == 0)
		fsck_say(c, FSCK_NOTE, str_of(path),
			"left by a process that ended: the next one that writes removes it");
	if (fd >= 0)
		close(fd);
	return true;
}

bool fsck_files(struct checking *c, struct err *err)
{
	int lock = -1;
	struct err ignored;

	/* With the lock, no file can be in its place and not yet in the catalogue.  In a folder that
	 * can't be written nobody publishes. */
	if (!c->f->locked && !folder_flock(c->f, "lock", true, &lock, &ignored))
		lock = -1;
	bool done = each_entry(c, "batches", check_folder, err) &&
		    each_entry(c, "segments", check_folder, err) &&
		    each_entry(c, "intel", check_file, err) &&
		    casedb_intel_source_each(c->f->db, check_source, c, err) &&
		    check_people_folder(c, err) && each_entry(c, CASE_INCOMING, check_staging, err);
	if (lock >= 0)
		close(lock);
	return done;
}
