#ifndef ENGINE_INTELFILE_H
#define ENGINE_INTELFILE_H

#include "engine/inside.h"
#include "engine/intelrows.h"

/*
 * A file of indicators in the case: intel/NAME.indicators has what intel_pack made of it, and
 * intel/NAME.facts, in JSON, how it was given; from both its rows can be made again.
 */
struct intel_facts {
	struct sha256 sha256;  /* of the file as given */
	struct str name, path; /* name: given with --name, or the file's own */
	struct str marking;    /* given with --tlp, or "" */
	int confidence;        /* given, or -1 */
};
struct intel_published {
	bool known; /* the same bytes had been added: nothing changed */
	int64_t id;
	uint64_t indicators, pending, skipped;
	struct intel_rows rows; /* beside the version that it replaced */
};
/* packed: of intel_pack, from a worker; it is checked again. */
MUST bool intel_publish(struct folder *f, const struct intel_facts *facts, struct str packed,
	struct intel_published *ret, struct err *err);

/* For replay, rebuild and replacement: makes the rows of intel/NAME from its two files, inside
 * the lock and a transaction.  Rows that are there already are made anew. */
MUST bool intel_file_load(struct folder *f, struct str name, struct err *err);

#endif
