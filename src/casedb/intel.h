#ifndef CASEDB_INTEL_H
#define CASEDB_INTEL_H

#include "casedb/casedb.h"
#include "model/indicator.h"

/* Intelligence: files of indicators, what they say, and where it met our history. */
struct intel_source_row {
	int64_t id;
	struct sha256 sha256; /* of the file as given */
	struct str name;      /* given with --name, or the file's own */
	struct str path, title, kind, marking;
	int confidence; /* 0 to 100, -1 unknown */
	struct when added;
	uint64_t indicators, pending, skipped;
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

/* An indicator's number fits in 32 bits and is never used again: it is a probe's ref. */
MUST bool casedb_indicator_add(struct casedb *db, int64_t source, const struct indicator *in,
	uint32_t *ret_id, struct err *err);
/* All but its number and value becomes what `in` says: a newer version of its file has it too. */
MUST bool casedb_indicator_update(struct casedb *db, uint32_t id, int64_t source,
	const struct indicator *in, struct err *err);
typedef bool (*indicator_fn)(void *arg, uint32_t id, int64_t source, const struct indicator *in);
/* All of a source, or (0) of all sources, by number. */
MUST bool casedb_indicator_each(
	struct casedb *db, int64_t source, indicator_fn fn, void *arg, struct err *err);
/* Calls fn once if there is one. */
MUST bool casedb_indicator_find(
	struct casedb *db, uint32_t id, indicator_fn fn, void *arg, struct err *err);

MUST bool casedb_skipped_add(struct casedb *db, int64_t source, struct str what, struct str why,
	uint32_t line, struct err *err);
typedef bool (*skipped_fn)(
	void *arg, int64_t source, struct str what, struct str why, uint32_t line);
MUST bool casedb_skipped_each(
	struct casedb *db, int64_t source, skipped_fn fn, void *arg, struct err *err);

#endif
