#ifndef CASEDB_INTEL_H
#define CASEDB_INTEL_H

#include "casedb/casedb.h"
#include "model/indicator.h"

/* Sources of intelligence.  Their indicators are in files (spoor-indicators(5)). */
struct intel_source_row {
	int64_t id;
	struct sha256 sha256; /* of what was given: of the file, or of the list of files */
	struct sha256 packed; /* of the file of indicators */
	struct str name;      /* given with --name, or the file's own */
	struct str path, title, kind, marking;
	int confidence; /* 0 to 100, -1 unknown */
	struct when added;
	enum intel_role role;
	uint64_t files;
	uint64_t indicators, pending, skipped; /* of a warning list: entries */
	uint64_t new, gone, changed;           /* beside the version that it replaced */
};

MUST bool casedb_intel_source_add(
	struct casedb *db, const struct intel_source_row *r, int64_t *ret_id, struct err *err);
/* *ret_id is 0 if there is none. */
MUST bool casedb_intel_source_find(
	struct casedb *db, const struct sha256 *h, int64_t *ret_id, struct err *err);
/* The one whose hash begins with these bytes. */
MUST bool casedb_intel_source_begins(
	struct casedb *db, struct str prefix, int64_t *ret_id, struct err *err);
typedef bool (*intel_source_fn)(void *arg, const struct intel_source_row *r); /* false stops */
MUST bool casedb_intel_source_each(
	struct casedb *db, intel_source_fn fn, void *arg, struct err *err);
MUST bool casedb_intel_source_remove(struct casedb *db, int64_t id, struct err *err);

/* Takes its hash away, so that the same file can be entered anew beside it. */
MUST bool casedb_intel_source_retire(struct casedb *db, int64_t id, struct err *err);

struct skipped_row {
	int64_t source;
	struct str what, why;
	uint32_t line, member;
};
MUST bool casedb_skipped_add(struct casedb *db, const struct skipped_row *r, struct err *err);
typedef bool (*skipped_fn)(void *arg, const struct skipped_row *r);
MUST bool casedb_skipped_each(
	struct casedb *db, int64_t source, skipped_fn fn, void *arg, struct err *err);

#endif
