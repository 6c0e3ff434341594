#ifndef WORKER_NAMES_H
#define WORKER_NAMES_H

#include "observe/value.h"

/* value_types, with what it lacks: Unicode's tables for names beyond ASCII. */
size_t names_types(struct arena *a, struct str value, struct typed ret[VALUES_MAX]);

#endif
