#ifndef ENGINE_INTEL_H
#define ENGINE_INTEL_H

#include "engine/folder.h"
#include "intel/intel.h"

/*
 * Intelligence into the case: a worker reads a file, what it said is kept, journalled and entered
 * into the catalogue (intelfile.h, intelrows.h), compiled into intel/keys, and looked up in all
 * history.  A newer version of a file replaces the older one.
 */
struct intel_options {
	struct str name;    /* "": the file's own, and only the same path is replaced */
	struct str marking; /* TLP label of what the file marks not, or "" */
	int confidence;     /* of what says none; -1 unknown */
	const char *worker; /* NULL: as box_options has it */
	bool later;         /* one of many files: intel_look_back comes after the last one */
};

struct intel_added {
	bool known;    /* the case has these bytes already: nothing was done */
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
/* Compiles the indicators and looks them up in all history, once for many files. */
MUST bool intel_look_back(struct folder *f, uint64_t *ret_sightings, struct err *err);
void intel_added_release(struct intel_added *r);

#endif
