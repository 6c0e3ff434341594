#ifndef RULE_CORRELATE_H
#define RULE_CORRELATE_H

#include "rule/correlation.h"

/*
 * Evaluates the correlations of a sealed set over all hits of the rules that they name: a pure function
 * of the hits, whatever their order.
 *
 * A window is what one group (the same values of `group-by`) has from a moment t - timespan to t, both
 * included, where t is the time of one of its hits; so last - first <= timespan, as pySigma's own
 * matcher evicts.  Windows slide from hit to hit and know no calendar.  Hits of one moment are always
 * in a window together.  A finding is a run of windows that meet the condition and each share a hit with
 * the one before; it stands on all hits of those windows.
 *
 * - event_count counts events: one that several of the rules match counts once.  A finding of a
 *   correlation that is named counts as an event.
 * - value_count counts different values of the field, or different combinations of several fields.
 * - value_sum, value_avg, value_median (of an even number of values the mean of the middle two), and
 *   value_percentile: the smallest value that is not below P per cent of the values (nearest rank, SQL's
 *   percentile_disc).
 * - temporal and temporal_ordered: numbers in the condition are about how many different rules have hits,
 *   ordered: how many in the order of `rules`.  Hits of one moment are in any order.  A rule that the
 *   condition denies must have no hit in the group within the timespan before t *and after it*; so it is
 *   decided once that time is over.
 *
 * Values are the same without the case of ASCII letters, as they are for rules.  In `group-by` a value
 * that isn't there is a value too (SQL's GROUP BY, pySigma's matcher).  An event without the field that is
 * counted, or with no number where one is wanted, is left out, and the finding says how many were.  Hits
 * without a time take part in nothing.
 *
 * A correlation's finding is a hit for those that name it, at the time of its last event.  Of a field that
 * it groups by it has the group's value, of another all that its events have: so it can be in several
 * groups, in each with the events that belong there.  It counts once in a group, and of its numbers each
 * different one.
 *
 * Memory is some hundred bytes a hit of one correlation at a time, and time n log n of them, times the
 * ways of a condition.
 */
struct correlate_value {
	struct str text;
	bool there;
};

struct correlate_hit {
	int64_t time;   /* microseconds; INT64_MIN: unknown */
	uint32_t event; /* hits of one event share it; of events of one time the less is first */
	uint32_t rule;
	const struct correlate_value *values; /* one for each of the rule's captures */
};

enum { CORRELATE_EVENTS = 20, CORRELATE_WHY = 4096 };

struct correlate_finding {
	uint32_t rule;
	int64_t from, to;                  /* of its events */
	uint32_t events[CORRELATE_EVENTS]; /* the least of them, ascending */
	uint32_t n;
	uint64_t total; /* of different events */
	struct str why; /* below CORRELATE_WHY bytes */
};

/* What a correlation saw. */
struct correlate_account {
	uint64_t *hits; /* of each of its refs */
	uint64_t timeless, left_out, groups, findings;
	bool measured; /* a window, and what it had of what the condition is about */
	double least, most;
};

struct correlated {
	struct arena arena;
	VEC(struct correlate_finding) at;   /* by rule, then time; none of silent rules */
	struct correlate_account *accounts; /* by rule */
};

/*
 * until: what is later isn't known yet, so that a window that denies a rule and isn't over by then is
 * undecided, and no finding; INT64_MAX: all is there.
 */
void correlate(const struct ruleset *rs, const struct correlate_hit *hits, size_t n, int64_t until,
	struct correlated *ret);
void correlated_release(struct correlated *c);

/* Why a correlation has no finding, in words. */
void correlate_why_not(const struct ruleset *rs, uint32_t rule, const struct correlate_account *a,
	struct buf *out);

/* "at least 5 events within 10m": what it asks, in words. */
void correlation_print(const struct correlation *c, struct buf *out);

#endif
