#ifndef ENGINE_ADVICE_H
#define ENGINE_ADVICE_H

#include "engine/coverage.h"

/*
 * What a case lacks, said at the streams that show that it does (sign-ins, but no audit log): a
 * table of pairs, each with what is to be exported next.  docs/getting-data.md says how.
 */
void advice_give(const struct snapshot *snap, struct arena *a, struct coverage *inout_c);

#endif
