#ifndef WORKER_NEEDLE_H
#define WORKER_NEEDLE_H

#include "base/arena.h"
#include "base/buf.h"
#include "model/observable.h"

/*
 * Values to look for in bytes, however they are written there: any case of ASCII letters, and
 * behind the escapes of JSON (also JSON in a string of JSON …) and of CSV.
 */
struct needles {
	struct str *text; /* lower case; of each value as given, and its normal forms */
	size_t n;
	struct buf lower, plain[2]; /* scratch */
};

void needles_init(struct needles *nd, struct arena *a, const struct str *values, size_t n);
bool needles_in(struct needles *nd, struct str bytes);
/* In the normal form of an observable. */
bool needles_in_observable(struct needles *nd, struct observable o);

#endif
