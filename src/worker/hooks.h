#ifndef WORKER_HOOKS_H
#define WORKER_HOOKS_H

#include "base/str.h"
#include "store/build.h"

/*
 * A seam for tests: called with each record before it is indexed.  The worker's own does nothing;
 * the test program links t/seam/worker_hooks.c in its place, which crashes, loops or eats memory
 * on records that ask for it.
 */
void hook_record(struct str raw);
/* The same for what a worker that has been taken over may answer: called before it is finished. */
void hook_segment(struct segbuild *sb);

#endif
