#ifndef WORKER_PATTERNLOG_H
#define WORKER_PATTERNLOG_H

#include "base/buf.h"
#include "rule/pattern.h"
#include "worker/job.h"

/*
 * A STIX pattern held against the events of a log, as one JSON line like that of worker/pattern.h,
 * with the findings beside it (rule/stixhits.h).  False, and nothing is written, if the pattern isn't
 * valid, or the file is observed-data or has no event in it.
 */
bool pattern_log_answer(struct buf *out, struct str text, enum pattern_version version,
	struct job *job, struct str log);

#endif
