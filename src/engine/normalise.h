#ifndef ENGINE_NORMALISE_H
#define ENGINE_NORMALISE_H

#include "base/err.h"
#include "observe/value.h"

/*
 * value_types, with the worker's help where a name has letters beyond ASCII (IDNA's tables are
 * the worker's).  ret has room for VALUES_MAX.
 */
MUST bool normalise_value(
	struct arena *a, struct str value, struct typed *ret, size_t *ret_n, struct err *err);

#endif
