#ifndef ENGINE_INTEL_H
#define ENGINE_INTEL_H

#include "engine/folder.h"
#include "engine/inteldiff.h"
#include "engine/watcher.h"
#include "intel/intel.h"

/*
 * Intelligence into the case: a worker reads the files of a source and writes one file of what they
 * say (spoor-indicators(5)), which is checked, journalled, entered into the catalogue (intelfile.h,
 * intelrows.h), and met with all history.  A newer version of a source takes the older one's place
 * as a whole, or not at all.
 */
struct intel_options {
	struct str name;    /* "": the file's own, and only the same path is replaced */
	struct str marking; /* TLP label of what the files mark not, or "" */
	int confidence;     /* of what says none; -1 unknown */
	const char *worker; /* NULL: as box_options has it */
	bool later;         /* one of many sources: intel_look_back comes after the last one */
	const struct watcher *watcher; /* or NULL */
};

struct intel_added {
	bool known;    /* the case has these bytes already: nothing was done */
	bool replaced; /* an older version of it went */
	int64_t source;
	enum intel_role role;
	uint64_t indicators, pending, skipped; /* in the source */
	struct intel_differences swap;         /* beside the version before */
	uint64_t sightings;                    /* (indicator, value, how) that were not known */
	struct when since;                     /* casedb_sighting_each from here on lists them */
	struct intel read;     /* what was skipped and why, what is said beside indicators */
	struct buf bytes;      /* what `read` borrows */
	VEC(struct str) files; /* names of the source's files: a member's place in them */
	struct arena arena;    /* theirs */
};

/* paths: the files of one source; "-" is standard input. */
MUST bool intel_add(struct folder *f, const struct str *paths, size_t n,
	const struct intel_options *opt, struct intel_added *ret, struct err *err);
void intel_added_release(struct intel_added *r);
/* Meets with all history what has not met it yet, once for many sources. */
MUST bool intel_look_back(
	struct folder *f, const struct watcher *w, uint64_t *ret_sightings, struct err *err);

/* Patterns of a source that can't be matched yet: those that were added, by source. */
typedef bool (*intel_pending_fn)(void *arg, const struct indicator *in); /* false stops */
MUST bool intel_each(
	struct folder *f, int64_t source, intel_pending_fn fn, void *arg, struct err *err);

/* A source goes, with its sightings.  name: as `intel list` shows it, or its path. */
MUST bool intel_remove(struct folder *f, struct str name, struct err *err);

/* What intel_add would change, without changing it. */
MUST bool intel_compare(struct folder *f, const struct str *paths, size_t n,
	const struct intel_options *opt, intel_change_fn fn, void *arg,
	struct intel_differences *ret, struct err *err);

#endif
