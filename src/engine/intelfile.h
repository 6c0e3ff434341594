#ifndef ENGINE_INTELFILE_H
#define ENGINE_INTELFILE_H

#include "base/file.h"
#include "engine/inside.h"
#include "engine/inteldiff.h"
#include "engine/intelrows.h"
#include "engine/stagedir.h"
#include "intel/intel.h"

/*
 * A source of intelligence in the case: intel/NAME.indicators (spoor-indicators(5)),
 * intel/NAME.said, which has what intel_pack made of the rest, intel/NAME.given, the bytes as they
 * were given, and intel/NAME.facts, in JSON, how; from them its rows can be made again.
 */
struct intel_facts {
	struct sha256 sha256;  /* of what was given */
	struct str name, path; /* name: given with --name, or the file's own */
	struct str marking;    /* given with --tlp, or "" */
	int confidence;        /* given, or -1 */
	uint64_t files;
	struct intel_differences swap; /* beside the version whose place it takes */
};
/* The facts' file, of the row's members that are not counted from the other two. */
void intel_facts_write(const struct intel_source_row *r, struct buf *out);

/* The three files of a source, and the row that they make; texts are theirs and the arena's. */
struct intel_loaded {
	struct arena arena;
	struct intel_source_row row;
	struct file_map map, said_map;
	struct indicators in;
	struct intel said;
};
/* Unload it whether it could be loaded or not. */
MUST bool intel_load(struct folder *f, struct str name, struct intel_loaded *l, struct err *err);
void intel_unload(struct intel_loaded *l);

struct intel_published {
	bool known; /* the same bytes had been added: nothing changed */
	bool replaced;
	int64_t id;
};
/*
 * dir has the file of indicators and the bytes as given, staged; it is used up, whatever happens.  said: of intel_pack;
 * both are from a worker and have been checked.
 */
MUST bool intel_publish(struct folder *f, struct stagedir *dir, const struct intel_facts *facts,
	const struct sha256 *packed, struct str said, struct intel_published *ret, struct err *err);
/* Its rows and files go, at once.  Takes the lock. */
MUST bool intel_retract(struct folder *f, const struct sha256 *sha256, struct err *err);

/* For replay, rebuild and replacement: makes the rows of intel/NAME from its files, inside
 * the lock and a transaction.  Rows that are there already are made anew. */
MUST bool intel_file_load(struct folder *f, struct str name, struct err *err);
/* For replay: the source of that name was removed. */
MUST bool intel_file_gone(struct folder *f, struct str name, struct err *err);
/* For fsck: the files of a source, whole. */
MUST bool intel_file_check(struct folder *f, const struct intel_source_row *r, struct err *err);

#endif
