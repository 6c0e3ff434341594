#ifndef ENGINE_AGAIN_H
#define ENGINE_AGAIN_H

#include "engine/ingest.h"

/*
 * Bytes that the case has can come again with another acquisition: settings that haven't changed,
 * or the same empty answer to another question.  Nothing is read again, but that it was asked is
 * kept with the source, behind what was known (engine/acquired.h).  *ret_n: how many sources got it.
 */
MUST bool ingest_again(struct folder *f, const struct ingest *in, struct str acquired,
	size_t *ret_n, struct err *err);

#endif
