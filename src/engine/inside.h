#ifndef ENGINE_INSIDE_H
#define ENGINE_INSIDE_H

#include "base/arena.h"
#include "base/vec.h"
#include "casedb/casedb.h"
#include "engine/folder.h"

/* What the files about the case folder share (folder, snapshot, staging, publish, replace, recover,
 * merge, fsck, backup).  Nobody else includes this. */
#define CASE_VERSION "spoor case 1\n"
#define CASE_VERSION_FILE "spoor.version"
#define CASE_INCOMING "incoming"
#define CASE_DB "case.db"
#define MERGE_LOCK "lock.merge" /* one process merges or replaces */
#define STAGING_LIST "list"     /* in a staging folder: what is to go where; also "list.N" */
#define STAGING_LOCK "lock"     /* held by flock as long as its owner lives */

struct folder {
	char *path;
	int fd;
	int lock;
	bool writable, locked;
	struct journal *journal; /* while locked */
	struct casedb *db;
	struct config config;
	struct arena arena;
	struct buf yaml;
	struct stage *stage; /* where sources wait (staging.h); NULL: none does */
};

/* "case/case.db"; the caller frees. */
char *folder_file(const struct folder *f, const char *name);
/* An exclusive flock on a file below the case folder; *ret_fd is -1 if `wait` is false and
 * somebody else has it. */
MUST bool folder_flock(
	const struct folder *f, const char *name, bool wait, int *ret_fd, struct err *err);

/* Inside the lock and a transaction: the journal's end goes into the state, the generation
 * grows. */
MUST bool folder_advance(struct folder *f, struct err *err);
/* The same where the history is as it was: no new generation. */
MUST bool folder_keep_up(struct folder *f, struct err *err);

/* The file of segment i of a snapshot. */
struct str snapshot_file(const struct snapshot *s, size_t i);

/* recover.c; each inside the lock. */
MUST bool recover_replay(struct folder *f, struct err *err);  /* journal lines to catalogue */
MUST bool recover_staging(struct folder *f, struct err *err); /* folders of dead processes */
MUST bool recover_doomed(struct folder *f, struct err *err);
bool recover_has_staging(const struct folder *f);

#endif
