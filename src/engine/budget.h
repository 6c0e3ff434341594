#ifndef ENGINE_BUDGET_H
#define ENGINE_BUDGET_H

#include "engine/detect.h"

/*
 * Of each day (UTC) at most so many findings are told: the most severe first, then those of rules that
 * find least in all of this answer, since what a rule finds every day is seldom news.  Returns how
 * many were left out.
 */
uint64_t budget_keep(struct detected *d, const struct rulebook *book, uint64_t a_day);

/* 0: the rule has no level, 1 informational, … 5 critical. */
unsigned severity_of(struct str level);

#endif
