#ifndef WORKER_SIGHTED_H
#define WORKER_SIGHTED_H

#include "observe/observe.h"

/*
 * The observable that value i of an event is as a whole, or NULL.  observe_event gives each
 * (kind, value) once, so a value that an earlier one has too is found by that one.
 */
const struct sighted *sighted_of(const struct event *e, uint32_t i, const struct observed *seen);

#endif
