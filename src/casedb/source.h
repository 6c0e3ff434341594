#ifndef CASEDB_SOURCE_H
#define CASEDB_SOURCE_H

#include "base/flaw.h"
#include "casedb/casedb.h"

/* Sources and their batches (DESIGN §2).  A batch's name is that of its file. */
struct source_row {
	int64_t id;
	struct sha256 sha256; /* of the bytes as given */
	struct str path;      /* as given; bytes */
	uint64_t bytes, decoded_bytes;
	struct str decoding, acquired, formats_version;
	struct when ingested;
	uint64_t records, events;
	uint64_t copies;    /* of events that the case had, when it was published */
	uint64_t conflicts; /* then too */
	uint64_t observables, flaws;
	uint64_t batches; /* counted by casedb_source_each; not stored */
};

struct batch_row {
	struct str name;
	int64_t source;
	uint32_t seq;
	struct sha256 sha256; /* of the file */
	uint64_t bytes;
	uint64_t records;
};

MUST bool casedb_source_add(
	struct casedb *db, const struct source_row *r, int64_t *ret_id, struct err *err);
/* *ret_id is 0 if there is none. */
MUST bool casedb_source_find(
	struct casedb *db, const struct sha256 *h, int64_t *ret_id, struct err *err);
/* The one whose hash begins with these bytes. */
MUST bool casedb_source_begins(
	struct casedb *db, struct str prefix, int64_t *ret_id, struct err *err);
typedef bool (*source_fn)(void *arg, const struct source_row *r); /* false stops */
MUST bool casedb_source_each(struct casedb *db, source_fn fn, void *arg, struct err *err);
/* Path and acquisition, when an erasure has to change them. */
MUST bool casedb_source_rewrite(
	struct casedb *db, int64_t id, struct str path, struct str acquired, struct err *err);
MUST bool casedb_source_remove(struct casedb *db, int64_t id, struct err *err);

MUST bool casedb_source_flaw_add(struct casedb *db, int64_t source, struct flaw f, struct err *err);
typedef bool (*source_flaw_fn)(void *arg, int64_t source, struct flaw f);
MUST bool casedb_source_flaw_each(struct casedb *db, source_flaw_fn fn, void *arg, struct err *err);

MUST bool casedb_batch_add(struct casedb *db, const struct batch_row *r, struct err *err);
MUST bool casedb_batch_rewrite(struct casedb *db, struct str name, const struct sha256 *sha256,
	uint64_t bytes, struct err *err);
typedef bool (*batch_fn)(void *arg, const struct batch_row *r);
/* Of one source, or (0) of all, by name. */
MUST bool casedb_batch_each(
	struct casedb *db, int64_t source, batch_fn fn, void *arg, struct err *err);
/* Calls fn once if there is one. */
MUST bool casedb_batch_find(
	struct casedb *db, struct str name, batch_fn fn, void *arg, struct err *err);

#endif
