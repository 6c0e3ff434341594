#ifndef CMD_FINDINGS_H
#define CMD_FINDINGS_H

#include "cmd/whose.h"
#include "engine/detect.h"
#include "text/members.h"

/* How detect prints what rules found. */

/* A rule, as 'rule check' says it. */
struct told_rule {
	struct str id; /* or its title, where it has none */
	struct str title, file, level;
	bool loaded;
	const struct str *tags, *references, *falsepositives, *formats;
	size_t n_tags, n_references, n_falsepositives, n_formats;
};
void told_rule_read(struct arena *a, const struct members *m, struct told_rule *ret);

/* A line of JSON (DESIGN §10). */
MUST bool finding_json(struct buf *out, const struct told_rule *r, const struct detection *d,
	struct whose *whose, struct err *err);
/* All that the rules found, rule by rule, the most severe first. */
void findings_text(
	struct buf *out, const struct told_rule *rules, size_t n, const struct detected *found);

#endif
