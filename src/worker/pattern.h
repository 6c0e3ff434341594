#ifndef WORKER_PATTERN_H
#define WORKER_PATTERN_H

#include "base/buf.h"
#include "rule/pattern.h"

/*
 * A STIX pattern held against observed-data, as one JSON line: {"valid":false,"at","want"} (at: a
 * byte of the pattern), or {"match","decided","why","parts","missing"}.
 */
void pattern_answer(
	struct buf *out, struct str text, enum pattern_version version, struct str data);

#endif
