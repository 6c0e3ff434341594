#ifndef ENGINE_NAMEFORMS_H
#define ENGINE_NAMEFORMS_H

#include "base/err.h"
#include "text/nameform.h"

/*
 * Names made comparable, with the worker's help where they have letters beyond ASCII (ICU's tables
 * are the worker's).  ret has room for n; what it holds lives in the arena.
 */
MUST bool name_forms(
	struct arena *a, const struct str *names, size_t n, struct name_form *ret, struct err *err);

#endif
