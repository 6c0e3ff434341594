#ifndef RULE_STIXHITS_H
#define RULE_STIXHITS_H

#include "base/vec.h"
#include "rule/pattern.h"

/*
 * A STIX pattern over history, from the hits of its brackets (rule/stixevent.h): its findings, and
 * the events that each stands on.
 *
 * The specification says whether a pattern matches, not how often.  Here a finding is an occurrence:
 *
 * - Parts of the whole pattern that OR joins are looked for one after another, each by itself.
 * - Of a single bracket, with START and STOP or without, each event is one.
 * - Of a part whose observations all lie in one window (WITHIN around all of it): the occurrence that
 *   is complete first; then what is complete first among the events behind those; and so on.  No event
 *   is in two of them.
 * - Of anything else there is one at most, that which is complete first: years may lie within it, and
 *   there is no telling what would be another one.
 *
 * What is complete first doesn't change when later events come.  It is found by looking at ever more
 * of the events, twice as many each time, and then by halving, each time with stixmatch(): of n hits
 * at most 2 + log2(n) times all of them, and of a window only those that can be in one with the last.
 * So it is as polynomial as stixmatch, and undecided where that is.
 */

/* Events have numbers in the order of time; bracket: in the order of the text. */
struct stix_hit {
	int64_t time; /* microseconds since 1970; INT64_MIN: unknown */
	uint32_t event, bracket;
};

/* That an event is what satisfies a bracket. */
struct stix_stand {
	uint32_t event;
	const struct pattern_node *of; /* a bracket, or some that OR joins */
};

struct stix_finding {
	uint32_t first, n; /* in `stands`, by event */
};

struct stix_findings {
	VEC(struct stix_finding) at;
	VEC(struct stix_stand) stands;
	bool undecided; /* there may be more */
};

/* hits ascend by time, then by event.  Release it. */
void stixhits(const struct pattern_node *root, const struct stix_hit *hits, size_t n,
	struct stix_findings *ret);
void stix_findings_release(struct stix_findings *f);

#endif
