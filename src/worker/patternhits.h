#ifndef WORKER_PATTERNHITS_H
#define WORKER_PATTERNHITS_H

#include "base/buf.h"
#include "box/jobs.h"
#include "rule/ruleset.h"

/*
 * Findings of the set's STIX patterns over history (rule/stixhits.h), as struct combine_found by rule,
 * from hits ascending by time, event, rule and part.  What is no hit of a pattern is passed over.
 * False if write fails; it empties the buffer.
 */
bool pattern_findings(const struct ruleset *rs, const struct combine_hit *hits, size_t n,
	bool (*write)(void *arg, struct buf *out), void *arg);

#endif
