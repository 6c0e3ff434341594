#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/io.h"
#include "base/limits.h"
#include "engine/inside.h"

/* An init that was cut off leaves this, and init may be run again. */
#define UNFINISHED "init.unfinished"

static const char *const folders[] = {
	"batches", "segments", "journal", "intel", "people", "state", "keys", CASE_INCOMING};

static bool check_fs(int fd, const char *path, struct err *err)
{
	struct statfs fs;

	if (fstatfs(fd, &fs))
		return err_set(err, ERR_IO, "cannot ask what file system '%s' is on: %s", path,
			strerror(errno));
	const char *why = folder_refuses_fs((unsigned long)fs.f_type);
	if (!why)
		return true;
	return err_set(err, ERR_CASE,
		"'%s' is on a file system that can't be trusted with a case (%s: its locks, "
		"renames "
		"or modes are not those of a local disk): put the case on a local disk",
		path, why);
}

static bool is_empty(int fd, const char *path, bool *ret_empty, struct err *err)
{
	int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = again < 0 ? NULL : fdopendir(again);
	struct dirent *e;
	bool empty = true;

	if (!d) {
		if (again >= 0)
			close(again);
		return err_set(err, ERR_IO, "cannot read '%s': %s", path, strerror(errno));
	}
	while ((e = readdir(d)))
		empty = empty && (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0);
	closedir(d);
	/* One that was finished is a case, whatever is left of its making. */
	*ret_empty = empty || (faccessat(fd, UNFINISHED, F_OK, 0) == 0 &&
				      faccessat(fd, CASE_VERSION_FILE, F_OK, 0) != 0);
	return true;
}

static bool fill(int fd, const char *path, struct str yaml, struct err *err)
{
	struct journal *j = NULL;
	struct casedb *db = NULL;
	struct folder f = {.path = (char *)(uintptr_t)path, .fd = fd};
	struct casedb_state state;
	struct sha256 key;
	bool done = false;
	int sub;

	/* The first thing to be there, and under its own name at once. */
	if (faccessat(fd, UNFINISHED, F_OK, 0) && !file_create(fd, UNFINISHED, STR(""), err))
		return false;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (!dir_open(fd, folders[i], true, &sub, err))
			return false;
		close(sub);
	}
	char *db_path = folder_file(&f, CASE_DB);
	if (!file_replace(fd, "spoor.yaml", yaml, err) ||
		!journal_commitment(fd, STR(""), &key, err) || !journal_open(fd, true, &j, err))
		goto out;
	if (journal_count(j) == 0 && !journal_append(j, "init", STR("\"version\":1"), err))
		goto out;
	if (!casedb_open(db_path, CASEDB_CREATE, &db, err) || !casedb_begin(db, err) ||
		!casedb_state(db, &state, err))
		goto out;
	state.journal_count = journal_count(j);
	state.journal_bytes = journal_bytes(j);
	state.journal_head = journal_head(j);
	if (!casedb_set_state(db, &state, err) || !casedb_commit(db, err))
		goto out;
	/* Only with this is it a case. */
	done = file_replace(fd, CASE_VERSION_FILE, STR(CASE_VERSION), err) &&
	       file_remove(fd, UNFINISHED, err) && dir_sync(fd, path, err);
out:
	casedb_close(db);
	journal_close(j);
	free(db_path);
	return done;
}

bool folder_init(const char *path, struct str config_yaml, struct err *err)
{
	struct str yaml = config_yaml.n ? config_yaml : config_template();
	struct arena a = {0};
	struct config c;
	bool empty = false, done = false;
	int fd = -1;

	if (!config_parse(&a, yaml, "spoor.yaml", &c, err))
		goto out;
	if (io_mkdirat(AT_FDCWD, path, 0700) && errno != EEXIST) {
		err_set(err, ERR_IO, "cannot create '%s': %s", path, strerror(errno));
		goto out;
	}
	if (!dir_open(AT_FDCWD, path, false, &fd, err) || !check_fs(fd, path, err) ||
		!is_empty(fd, path, &empty, err))
		goto out;
	if (!empty) {
		err_set(err, ERR_USAGE, "cannot make a case in '%s': it is not empty", path);
		goto out;
	}
	if (fchmod(fd, 0700)) {
		err_set(err, ERR_IO, "cannot make '%s' private: %s", path, strerror(errno));
		goto out;
	}
	done = fill(fd, path, yaml, err);
out:
	if (fd >= 0)
		close(fd);
	arena_release(&a);
	return done;
}

char *folder_file(const struct folder *f, const char *name)
{
	char *out;

	if (asprintf(&out, "%s/%s", f->path, name) < 0)
		BUG("out of memory");
	return out;
}

bool folder_flock(const struct folder *f, const char *name, bool wait, int *ret_fd, struct err *err)
{
	int fd = io_openat(f->fd, name, O_RDWR | O_CREAT, 0600);

	if (fd < 0)
		return err_set(
			err, ERR_IO, "cannot open '%s/%s': %s", f->path, name, strerror(errno));
	while (flock(fd, LOCK_EX | (wait ? 0 : LOCK_NB))) {
		if (errno == EINTR)
			continue;
		int why = errno;
		close(fd);
		if (why == EWOULDBLOCK) {
			*ret_fd = -1;
			return true;
		}
		return err_set(
			err, ERR_IO, "cannot lock '%s/%s': %s", f->path, name, strerror(why));
	}
	*ret_fd = fd;
	return true;
}

static bool read_version(struct folder *f, struct err *err)
{
	struct buf b = {0};
	struct err ignored;

	if (!file_read(f->fd, CASE_VERSION_FILE, 256, &b, &ignored))
		return err_set(err, ERR_CASE,
			"'%s' is no case: `spoor init %s` makes one (-C CASE names another)",
			f->path, f->path);
	bool known = str_eq(buf_view(&b), STR(CASE_VERSION));
	if (!known)
		err_set(err, ERR_CASE,
			"cannot open '%s': it is '" STR_FMT "', and this spoor knows '" STR_FMT "'",
			f->path, STR_ARG(str_upto(str_trim(buf_view(&b)), 100)),
			STR_ARG(str_trim(STR(CASE_VERSION))));
	buf_release(&b);
	return known;
}

/* What needs the lock before the case can be used: is there any of it? */
static bool needs_recovery(struct folder *f, bool *ret_needs, struct err *err)
{
	struct casedb_state state;
	struct stat st;

	if (!casedb_state(f->db, &state, err))
		return false;
	*ret_needs = state.doomed || recover_has_staging(f) ||
		     fstatat(f->fd, "journal/lines.jsonl", &st, 0) ||
		     (uint64_t)st.st_size != state.journal_bytes;
	return true;
}

static bool open_inside(struct folder *f, struct err *err)
{
	char *db = folder_file(f, CASE_DB);
	bool needs, done = false;

	if (!dir_open(AT_FDCWD, f->path, false, &f->fd, err) || !check_fs(f->fd, f->path, err) ||
		!read_version(f, err) ||
		!file_read(f->fd, "spoor.yaml", LIMIT_YAML_BYTES, &f->yaml, err))
		goto out;
	char *yaml_name = folder_file(f, "spoor.yaml");
	done = config_parse(&f->arena, buf_view(&f->yaml), yaml_name, &f->config, err);
	free(yaml_name);
	if (!done)
		goto out;
	done = casedb_open(db, f->writable ? CASEDB_CREATE : CASEDB_READ, &f->db, err);
	if (!done || !f->writable)
		goto out;
	done = needs_recovery(f, &needs, err);
	if (!done || !needs)
		goto out;
	done = folder_lock(f, err);
	if (done) {
		done = recover_staging(f, err) && recover_doomed(f, err);
		folder_unlock(f);
	}
out:
	free(db);
	return done;
}

bool folder_open(const char *path, bool writable, struct folder **ret_f, struct err *err)
{
	struct folder *f = calloc(1, sizeof(*f));

	if (!f)
		BUG("out of memory");
	*f = (struct folder){.fd = -1, .lock = -1, .writable = writable};
	/* SQLite wants a path, and the working folder may change. */
	f->path = realpath(path, NULL);
	if (!f->path) {
		err_set(err, ERR_IO, "cannot open the case '%s': %s", path, strerror(errno));
		goto fail;
	}
	if (!open_inside(f, err))
		goto fail;
	*ret_f = f;
	return true;
fail:
	folder_close(f);
	return false;
}

void folder_close(struct folder *f)
{
	if (!f)
		return;
	if (f->locked)
		folder_unlock(f);
	casedb_close(f->db);
	if (f->fd >= 0)
		close(f->fd);
	arena_release(&f->arena);
	buf_release(&f->yaml);
	free(f->path);
	free(f);
}

int folder_fd(const struct folder *f)
{
	return f->fd;
}

const char *folder_path(const struct folder *f)
{
	return f->path;
}

const struct config *folder_config(const struct folder *f)
{
	return &f->config;
}

struct casedb *folder_db(struct folder *f)
{
	return f->db;
}

bool folder_lock(struct folder *f, struct err *err)
{
	if (f->locked)
		BUG("the case is locked already");
	if (!f->writable)
		BUG("a case opened for reading is to be locked");
	if (!folder_flock(f, "lock", true, &f->lock, err))
		return false;
	f->locked = true;
	/* Somebody else may have journalled, or died between journal and catalogue. */
	if (journal_open(f->fd, true, &f->journal, err) && recover_replay(f, err))
		return true;
	folder_unlock(f);
	return false;
}

void folder_unlock(struct folder *f)
{
	if (!f->locked)
		BUG("the case is not locked");
	journal_close(f->journal);
	f->journal = NULL;
	close(f->lock);
	f->lock = -1;
	f->locked = false;
}

struct journal *folder_journal(struct folder *f)
{
	if (!f->locked)
		BUG("the journal is asked for without the lock");
	return f->journal;
}

/* Inside the lock and a transaction. */
static bool keep_up(struct folder *f, uint64_t generations, struct err *err)
{
	struct casedb_state s;

	if (!casedb_state(f->db, &s, err))
		return false;
	s.generation += generations;
	s.journal_count = journal_count(f->journal);
	s.journal_bytes = journal_bytes(f->journal);
	s.journal_head = journal_head(f->journal);
	return casedb_set_state(f->db, &s, err);
}

bool folder_advance(struct folder *f, struct err *err)
{
	return keep_up(f, 1, err);
}

bool folder_keep_up(struct folder *f, struct err *err)
{
	return keep_up(f, 0, err);
}

bool folder_note(struct folder *f, const char *type, struct str body, struct err *err)
{
	if (!journal_append(folder_journal(f), type, body, err) || !casedb_begin(f->db, err))
		return false;
	if (folder_keep_up(f, err))
		return casedb_commit(f->db, err);
	casedb_rollback(f->db);
	return false;
}
