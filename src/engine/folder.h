#ifndef ENGINE_FOLDER_H
#define ENGINE_FOLDER_H

#include "base/err.h"
#include "base/str.h"
#include "engine/config.h"
#include "ledger/journal.h"
#include "store/segment.h"

/*
 * The case folder (DESIGN §5, spoor-case(5)).  Opening replays what journal and files hold beyond
 * the catalogue and removes orphans.  The lock is taken only to publish; readers use a snapshot.
 */
struct folder;

MUST bool folder_init(const char *path, struct str config_yaml, struct err *err);
/* writable: recovers what a crash left, and rebuilds a case.db that is gone. */
MUST bool folder_open(const char *path, bool writable, struct folder **ret_f, struct err *err);
void folder_close(struct folder *f);

int folder_fd(const struct folder *f);
const char *folder_path(const struct folder *f);
const struct config *folder_config(const struct folder *f);
struct casedb *folder_db(struct folder *f);

/* The one lock: held to publish, to journal, to remove files.  Blocks; nested calls are a BUG. */
MUST bool folder_lock(struct folder *f, struct err *err);
void folder_unlock(struct folder *f);
struct journal *folder_journal(struct folder *f); /* only while locked */
/* Journals one line and lets the catalogue know.  Only while locked, outside of a transaction. */
MUST bool folder_note(struct folder *f, const char *type, struct str body, struct err *err);

/* Why a file system of this statfs(2) type can't be trusted with a case, or NULL. */
const char *folder_refuses_fs(unsigned long type);
/* Publishing stops before the disk is full: what is free must exceed config's reserve, and twice
 * the bytes that come. */
MUST bool folder_has_room(const struct folder *f, uint64_t bytes, struct err *err);

/*
 * A consistent view for readers: the segments of one moment, mapped, with the rows that are
 * copies of others hidden.  It never holds up a writer, and stays as it was whatever writers do.
 */
struct snapshot_segment {
	struct segment *seg;
	struct rowset hidden;
	struct rowset conflict; /* rows whose id another row has with different content */
	int64_t db_id;
	struct str name;
	uint32_t n_batches;
	const struct str *batch_names; /* by the segment's batch index */
};
struct snapshot {
	struct snapshot_segment *at;
	size_t n;
	uint64_t generation; /* grows with each publication, merge and erasure */
};
MUST bool snapshot_open(struct folder *f, struct snapshot **ret_s, struct err *err);
void snapshot_close(struct snapshot *s);
/* The file of a batch by name; valid until the snapshot is closed.  Batches change only by
 * erasure: a snapshot from before then sees the batch without the records that went. */
MUST bool snapshot_batch(
	struct snapshot *s, struct str name, struct str *ret_file, struct err *err);

#endif
