#ifndef ENGINE_INTELSET_H
#define ENGINE_INTELSET_H

#include "base/file.h"
#include "base/vec.h"
#include "casedb/intel.h"
#include "engine/folder.h"
#include "intel/indicators.h"

/*
 * The sources of intelligence of one moment, their files of indicators mapped.  In the order of
 * their hashes, so that an answer is that of a set of sources, whatever order they came in.
 */
struct intel_file {
	int64_t id;
	struct sha256 sha256;
	struct str name, path, marking; /* in the set's arena */
	int confidence;
	struct when added;
	struct file_map map;
	struct indicators in; /* in.role says what its entries are */
};

struct intel_set {
	struct arena arena;
	VEC(struct intel_file) at;
};

MUST bool intel_set_open(struct folder *f, struct intel_set *ret, struct err *err);
void intel_set_close(struct intel_set *s);
/* By its number in the catalogue, or NULL. */
const struct intel_file *intel_set_find(const struct intel_set *s, int64_t id);

/*
 * What was given: n bytes of a member from `at` on, appended.  Nothing where it ends earlier, or
 * where an erasure has left nothing of it.
 */
MUST bool intel_file_given(struct folder *f, const struct intel_file *file, uint32_t member,
	uint64_t at, uint64_t n, struct buf *out, struct err *err);

/* The file of one source alone; name: name_of_hash of its hash. */
MUST bool intel_file_open(struct folder *f, struct str name, struct file_map *ret_map,
	struct indicators *ret_in, struct err *err);

#endif
