#ifndef ENGINE_CASERULES_H
#define ENGINE_CASERULES_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "engine/folder.h"

/*
 * The rules that a case was given with its intelligence: files of Sigma and YARA as they came, and
 * patterns of indicators that are no simple values.  In the order of the sources' hashes, so that it
 * is that of a set of sources.
 */
struct case_pattern { /* of an indicator: a file of its own, with this name */
	struct str file, id, title, source;
};
struct case_rules {
	struct arena arena;
	struct buf files;                  /* as in worker/rulefile.h */
	size_t n_yara;                     /* files of YARA */
	VEC(struct case_pattern) patterns; /* in the order of their files */
};

MUST bool case_rules_read(struct folder *f, struct case_rules *ret, struct err *err);
void case_rules_release(struct case_rules *r);

#endif
