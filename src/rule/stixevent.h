#ifndef RULE_STIXEVENT_H
#define RULE_STIXEVENT_H

#include "base/buf.h"
#include "model/event.h"
#include "rule/patternrule.h"

/*
 * STIX patterns held against events: which brackets does an event satisfy?  What an event is in STIX
 * is in rule/stixobjects.h; the comparisons are those of observed-data (rule/stixdata.h).
 *
 * A bracket is looked at only if the event has one of the texts that it must have: literals of = and
 * IN; or, where it has none, a property that it asks for.
 */
struct stixevent;

struct stixevent_hit {
	uint32_t rule, bracket;
};

/* The set must live longer.  only: numbers of rules that are asked, ascending; NULL: all. */
struct stixevent *stixevent_new(const struct ruleset *rs, const uint32_t *only, size_t n_only);
void stixevent_free(struct stixevent *x);
/* All that the event satisfies, by rule and bracket; until the next event. */
const struct stixevent_hit *stixevent_hits(
	struct stixevent *x, const struct event *e, size_t *ret_n);
/* Of the last event: which values of it the bracket of a hit is about, in words. */
void stixevent_why(struct stixevent *x, const struct stixevent_hit *h, struct buf *out);
/* How many brackets were looked at, in all; of them the prefilter let through what it had to. */
uint64_t stixevent_looked(const struct stixevent *x);

/* Of literals: addresses, names, hashes as events have them (a stix_normal_fn). */
struct str stixevent_normal(struct arena *a, const struct pattern_test *t, struct str literal);
#endif
