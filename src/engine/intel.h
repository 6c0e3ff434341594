#ifndef ENGINE_INTEL_H
#define ENGINE_INTEL_H

#include "engine/folder.h"
#include "intel/intel.h"

/*
 * Intelligence into the case: a file is read by a worker, kept as intel/<digits>.indicators,
 * journalled, entered into the catalogue, compiled into intel/keys, and looked up in all history.
 * A file of a name that the case has replaces what it had; indicators that both have keep their
 * numbers, so that only what is new is new.
 */
struct intel_options {
	struct str name;    /* "": the file's own, and only the same path is replaced */
	struct str marking; /* TLP label of what the file marks not, or "" */
	int confidence;     /* of what says none; -1 unknown */
	const char *worker; /* NULL: as box_options has it */
};

struct intel_added {
	bool known;    /* the same bytes with the same options: nothing was done */
	bool replaced; /* an older version of it went */
	int64_t source;
	uint64_t indicators, pending, skipped; /* in the file */
	uint64_t added, gone;                  /* indicators beside the version before */
	uint64_t sightings;                    /* (indicator, value, how) that were not known */
	struct when since;                     /* casedb_sighting_each from here on lists them */
	struct intel read; /* what the file said, pending and skipped with why */
	struct buf bytes;  /* what `read` borrows */
};

MUST bool intel_add(struct folder *f, const char *path, const struct intel_options *opt,
	struct intel_added *ret, struct err *err);
void intel_added_release(struct intel_added *r);

/*
 * For the replay of a journal line "intel": enters the file that it names.  Inside the lock and a
 * transaction.  A file that is gone was replaced later on, and is no failure.  Compile afterwards.
 * Entering a file twice is no failure either.
 */
MUST bool intel_register(
	struct folder *f, const struct sha256 *source, struct intel_added *ret, struct err *err);
/* Writes intel/keys from the catalogue.  Inside the lock. */
MUST bool intel_compile(struct folder *f, struct err *err);

#endif
