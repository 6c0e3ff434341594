#include "casedb/casedb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "casedb/schema.h"
#include "casedb/sql.h"

/* Writers hold the database for milliseconds; this long means that one of them hangs. */
enum { BUSY_MS = 60 * 1000 };

static bool get_int(struct casedb *db, const char *text, int64_t *ret_v, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, text, err);
	bool row;

	if (!s || !sql_step(db, s, &row, err))
		return false;
	*ret_v = row ? sqlite3_column_int64(s, 0) : 0;
	sqlite3_reset(s);
	return true;
}

static bool migrate(struct casedb *db, struct err *err)
{
	for (;;) {
		int64_t at;
		struct buf step = {0};

		if (!casedb_begin(db, err))
			return false;
		if (!get_int(db, "PRAGMA user_version", &at, err))
			goto fail;
		if (at == schema_steps())
			return casedb_commit(db, err);
		buf_addf(&step, "%s PRAGMA user_version = %u;", schema_step((unsigned)at),
			(unsigned)at + 1);
		buf_putc(&step, '\0');
		bool done = sql_exec(db, step.p, err);
		buf_release(&step);
		if (!done || !casedb_commit(db, err))
			goto fail;
	}
fail:
	casedb_rollback(db);
	return err_in(err, "cannot bring '%s' to this version", db->path);
}

static bool check_version(struct casedb *db, enum casedb_mode mode, struct err *err)
{
	int64_t at;

	if (!get_int(db, "PRAGMA user_version", &at, err))
		return false;
	if (at < 0 || at > schema_steps())
		return err_set(err, ERR_CASE,
			"cannot open '%s': its schema has version %lld, this spoor knows %u: "
			"use the newer spoor that wrote it",
			db->path, (long long)at, schema_steps());
	if (at < schema_steps() && mode == CASEDB_READ)
		return err_set(err, ERR_CASE,
			"cannot read '%s': its schema has version %lld of %u: "
			"run `spoor status` once as somebody who may write it",
			db->path, (long long)at, schema_steps());
	return at == schema_steps() || migrate(db, err);
}

static bool open_file(struct casedb *db, enum casedb_mode mode, struct err *err)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	const char *name = db->path;
	struct buf uri = {0};

	/* Made here for its mode, which SQLite copies for its other files. */
	if (mode == CASEDB_CREATE) {
		int fd = io_open(db->path, O_RDWR | O_CREAT, 0600);
		if (fd < 0)
			return err_set(
				err, ERR_IO, "cannot create '%s': %s", db->path, strerror(errno));
		close(fd);
	}
	/* A WAL database needs its -shm file even to be read, unless nobody can be writing it. */
	if (mode == CASEDB_READ && access(db->path, W_OK) && (errno == EACCES || errno == EROFS)) {
		flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
		buf_str(&uri, STR("file:"));
		for (const char *p = db->path; *p; p++)
			buf_addf(&uri, *p == '?' || *p == '#' || *p == '%' ? "%%%02X" : "%c",
				(unsigned char)*p);
		buf_str(&uri, STR("?immutable=1"));
		buf_putc(&uri, '\0');
		name = uri.p;
	}
	int rc = sqlite3_open_v2(name, &db->db, flags, NULL);
	buf_release(&uri);
	if (!db->db)
		BUG("out of memory");
	return rc == SQLITE_OK || sql_fail(db, "open the catalogue", err);
}

static bool configure(struct casedb *db, enum casedb_mode mode, struct err *err)
{
	int yes = 1;

	sqlite3_busy_timeout(db->db, BUSY_MS);
	/* The WAL and its index stay when the last process closes, so that the next look-up need
	 * not make them; casedb_purge truncates the WAL. */
	sqlite3_file_control(db->db, "main", SQLITE_FCNTL_PERSIST_WAL, &yes);
	if (mode == CASEDB_READ) {
		sqlite3_db_config(db->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
		return true;
	}
	if (mode == CASEDB_CREATE && !sql_exec(db, "PRAGMA journal_mode = WAL", err))
		return false;
	return sql_exec(db,
		"PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
		"PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
		/* 64 MiB, used as far as they are needed: else large sources write pages of their
		 * indexes again and again. */
		"PRAGMA cache_size = -65536;"
		/* With a limit, the last one to close empties the WAL: whoever opens the case next has
		 * nothing to read from it. */
		"PRAGMA journal_size_limit = 4194304;",
		err);
}

bool casedb_open(const char *path, enum casedb_mode mode, struct casedb **ret_db, struct err *err)
{
	struct casedb *db = calloc(1, sizeof(*db));

	if (!db || !(db->path = strdup(path)))
		BUG("out of memory");
	if (!open_file(db, mode, err) || !configure(db, mode, err) ||
		!check_version(db, mode, err)) {
		casedb_close(db);
		return false;
	}
	*ret_db = db;
	return true;
}

void casedb_close(struct casedb *db)
{
	if (!db)
		return;
	for (size_t i = 0; i < SQL_CACHE && db->cache[i].text; i++)
		sqlite3_finalize(db->cache[i].stmt);
	sqlite3_close(db->db);
	free(db->path);
	free(db);
}

bool casedb_begin(struct casedb *db, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "BEGIN IMMEDIATE", err);

	return s && sql_run(db, s, err);
}

bool casedb_begin_read(struct casedb *db, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "BEGIN", err);

	return s && sql_run(db, s, err);
}

bool casedb_commit(struct casedb *db, struct err *err)
{
	sqlite3_stmt *s = sql_get(db, "COMMIT", err);

	if (s && sql_run(db, s, err))
		return true;
	casedb_rollback(db);
	return false;
}

void casedb_rollback(struct casedb *db)
{
	if (!sqlite3_get_autocommit(db->db))
		sqlite3_exec(db->db, "ROLLBACK", NULL, NULL, NULL);
}

bool casedb_state(struct casedb *db, struct casedb_state *ret_s, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"SELECT generation, journal_count, journal_bytes, journal_head,"
		" (SELECT count(*) FROM doomed) FROM state",
		err);
	bool row;

	if (!s || !sql_step(db, s, &row, err))
		return false;
	if (!row)
		return err_set(err, ERR_CASE, "cannot read '%s': its state is missing", db->path);
	*ret_s = (struct casedb_state){
		.generation = sql_u64(s, 0),
		.journal_count = sql_u64(s, 1),
		.journal_bytes = sql_u64(s, 2),
		.journal_head = sql_hash(s, 3),
		.doomed = sql_u64(s, 4),
	};
	sqlite3_reset(s);
	return true;
}

bool casedb_set_state(struct casedb *db, const struct casedb_state *st, struct err *err)
{
	sqlite3_stmt *s = sql_get(db,
		"UPDATE state SET generation = ?, journal_count = ?, journal_bytes = ?,"
		" journal_head = ?",
		err);

	if (!s)
		return false;
	sql_bind_int(s, 1, (int64_t)st->generation);
	sql_bind_int(s, 2, (int64_t)st->journal_count);
	sql_bind_int(s, 3, (int64_t)st->journal_bytes);
	sql_bind_hash(s, 4, &st->journal_head);
	return sql_run(db, s, err);
}
