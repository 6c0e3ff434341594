#ifndef RULE_CORRELATE_INSIDE_H
#define RULE_CORRELATE_INSIDE_H

#include "rule/correlate.h"

/* One hit of one of a correlation's rules, be it an event's or a finding's. */
struct item {
	int64_t time;
	double number; /* value_sum …; of value_count, which combination of values it has */
	uint32_t group;
	uint32_t event; /* of a finding: its number among those of its rule */
	uint32_t at;    /* among the hits, or the findings of that correlation */
	uint8_t ref;
	bool found;    /* a finding */
	bool left_out; /* has nothing that could count */
	bool again;    /* the same event or finding as the one before: it counts once */
};

/* A finding as a hit for correlations that name it. */
struct found {
	int64_t time, from;                   /* of its last event, and its first */
	uint32_t number;                      /* several are one finding: of different values */
	const struct correlate_value *values; /* one for each of `wants` */
	const uint32_t *events;               /* ascending */
	uint32_t n_events;
};
struct found_all {
	VEC(struct found) at;
};

/* Items by the values that they have in common: numbers in the order of first appearance. */
struct grouping {
	uint32_t *slots;      /* open addressing: a number + 1 */
	size_t room, most;    /* used, of what there is */
	VEC(uint32_t) firsts; /* an item of each number */
};

/* One correlation over its items. */
struct walk {
	const struct ruleset *rs;
	const struct correlation *c;
	const struct correlate_hit *hits;
	const struct found_all *found; /* by rule */
	struct item *items;            /* of all groups, by group and time */
	int64_t until;
};

const struct correlate_value *item_value(const struct walk *w, const struct item *i, uint32_t slot);
/* Items with the same values of slots from … from+n-1 get the same number. */
void grouping_begin(struct grouping *g, size_t n_items);
uint32_t grouping_number(
	struct grouping *g, const struct walk *w, uint32_t item, uint32_t from, uint32_t n);
void grouping_release(struct grouping *g);

/* A run of windows that meet the condition: items lo … hi-1 of one group. */
struct run {
	size_t lo, hi;
	double least, most; /* of what is measured, of the windows that meet it */
	uint64_t has;       /* temporal: refs with hits in the last of the windows */
};
typedef void (*run_fn)(void *arg, const struct run *r);

/* The windows of one group's items. */
struct windows;
struct windows *windows_new(const struct walk *w, uint32_t n_values);
void windows_free(struct windows *s);
void windows_each(struct windows *s, const struct item *items, size_t n,
	struct correlate_account *account, run_fn fn, void *arg);

/* A finding's reason. */
struct reason {
	int64_t from, to; /* of its events */
	const struct walk *walk;
	const struct item *items; /* of the run */
	size_t n;
	const struct run *run;
	uint64_t left_out;
	uint64_t total; /* events */
};
void correlate_why(const struct reason *r, struct buf *out);

/* All of the set's. */
struct correlating {
	const struct ruleset *rs;
	const struct correlate_hit *hits;
	uint32_t *first, *by_rule; /* hits of rule r: by_rule[first[r] … first[r+1]-1] */
	struct found_all *found;   /* by rule */
	struct correlated *out;
	int64_t until;
	struct arena arena; /* of findings that others name */
};

struct wanted {
	uint32_t number; /* of the combination of values */
	uint32_t at;     /* among the group's items */
};

/* One correlation. */
struct working {
	struct correlating *g;
	uint32_t rule;
	struct walk w;
	struct item *items;
	size_t n_items;
	struct grouping groups, values, wanted;
	VEC(int64_t) left_out; /* of the group at hand: times of what is left out */
	VEC(uint32_t) events;
	VEC(struct wanted) run; /* items of a run, by what others want of them */
	const struct item *at;  /* the group's */
	struct correlate_account *account;
	int64_t from; /* of the run at hand */
	struct buf why;
};

/* A run of the group at hand; arg: a struct working. */
void correlate_take(void *arg, const struct run *r);

static inline int64_t time_add(int64_t t, int64_t span)
{
	return t > INT64_MAX - span ? INT64_MAX : t + span;
}
static inline int64_t time_less(int64_t t, int64_t span)
{
	return t < INT64_MIN + span ? INT64_MIN : t - span;
}

#endif
