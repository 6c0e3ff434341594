#ifndef CMD_FINDINGS_H
#define CMD_FINDINGS_H

#include "cmd/whose.h"
#include "engine/detect.h"

/* How detect prints what rules found. */

/* A line of JSON (DESIGN §10). */
MUST bool finding_json(struct buf *out, const struct told_rule *r, const struct detection *d,
	struct whose *whose, struct err *err);
/* All that the rules found, rule by rule, the most severe first. */
void findings_text(
	struct buf *out, const struct told_rule *rules, size_t n, const struct detected *found);

#endif
