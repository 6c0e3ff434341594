#ifndef RULE_STIXFLOW_H
#define RULE_STIXFLOW_H

#include "rule/stixsolve.h"

/* Different observations for all slots: a flow in which each observation has room for its count. */
struct stix_window {
	int64_t lo, hi;
};

struct stix_edge {
	uint32_t slot, observation;
	uint32_t next; /* of the same observation, plus 1 */
	uint64_t flow;
};

struct stix_flow {
	VEC(struct stix_edge) edges; /* slot by slot */
	uint32_t *first_edge;        /* of each slot, and the end */
	uint32_t *heads;             /* per observation: its first edge, plus 1 */
	uint64_t *used;              /* per observation */
	uint64_t *filled;            /* per slot */
	/* Of the search for a path: slots to look at; and of each that was reached, the edge … */
	uint32_t *queue;
	uint32_t *got;     /* … by which the slot before it takes, … */
	uint32_t *given;   /* … and that which it gives up for that. */
	uint64_t *reached; /* per slot: the search that came to it last; … */
	uint64_t *looked;  /* … per observation */
	uint64_t search;
	uint64_t reach; /* observations that edges lead to */
	uint32_t n_slots, n_spans;
};

void stix_flow_init(struct stix_flow *f, uint32_t n_slots, uint32_t n_spans);
void stix_flow_release(struct stix_flow *f);
/*
 * Whether there are enough, where each slot's observations have a moment in its window.  False as
 * well when the steps run out: then *inout_steps is 0.
 */
bool stix_flow_exists(struct stix_flow *f, const struct stix_conjunction *c,
	const struct stix_window *windows, uint64_t *inout_steps);

/* By bisection: how many of a domain's sorted observations begin (or end: last) before t. */
uint32_t stix_sorted_below(
	const struct stix_domain *d, const uint32_t *sorted, bool last, int64_t t);
/* The index of the first of a domain's observations that may still be in a window from lo on. */
uint32_t stix_domain_from(const struct stix_domain *d, int64_t lo);
/* Of those sorted by their last moment: how many may be in a window up to hi. */
uint32_t stix_domain_upto(const struct stix_domain *d, int64_t hi);
static inline void stix_step(uint64_t *inout_steps)
{
	*inout_steps -= *inout_steps > 0;
}

#endif
