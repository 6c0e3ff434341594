#ifndef ENGINE_INTELBOX_H
#define ENGINE_INTELBOX_H

#include "base/file.h"
#include "engine/intelgiven.h"
#include "engine/stagedir.h"
#include "intel/indicators.h"
#include "intel/intel.h"

/* What a worker made of the files of a source: checked. */
struct intel_made {
	struct file_map map; /* of the file of indicators */
	struct indicators in;
	struct intel said; /* borrows from bytes */
	struct buf bytes;  /* of intel_pack */
};

/* A worker reads `given` and writes the file of indicators into dir, under its suffix. */
MUST bool intel_make(struct stagedir *dir, const struct intel_given *given, const char *worker,
	struct intel_made *ret, struct err *err);
void intel_made_release(struct intel_made *m);

/* Keeps what was given in dir, under its suffix. */
MUST bool intel_keep_given(struct stagedir *dir, const struct intel_given *given, struct err *err);

#endif
