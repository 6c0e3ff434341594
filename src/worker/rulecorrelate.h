#ifndef WORKER_RULECORRELATE_H
#define WORKER_RULECORRELATE_H

#include "base/when.h"
#include "rule/correlate.h"
#include "rule/eval.h"
#include "text/jsonw.h"

/* Correlations, as the job rule answers about them. */

/* "correlation": its type, its rules and what it asks. */
void rule_write_correlation(struct jsonw *w, const struct correlation *c);

/* What events of a file were matched by rules that correlations name.  All zero: none yet. */
struct rule_hits {
	struct arena arena;
	VEC(struct correlate_hit) at;
	uint32_t events;
};

/* The next event, as the evaluator and its view have it. */
void rule_hits_add(struct rule_hits *h, const struct ruleset *rs, struct eval *e,
	const struct view *v, struct when time);
/* A line a finding; of a correlation without one, why. */
void rule_hits_write(struct rule_hits *h, const struct ruleset *rs, struct buf *out);

#endif
