#ifndef RULE_SIGMA_INSIDE_H
#define RULE_SIGMA_INSIDE_H

#include "rule/sigma.h"

/* What the parts of the Sigma reader share. */
struct sigma {
	struct ruleset *rs;
	struct logsource source;
	struct err err;
};

struct correlation;

/* A selection's place, for conditions. */
struct selection {
	struct str name;
	uint32_t expr;
};

/* One member of a selection, "field|modifier|modifier": value(s); at: the value. */
MUST bool sigma_item(struct sigma *s, const struct yaml *at, struct str key, uint32_t *ret_expr);
/* A selection: a map, a keyword, or a list of those. */
MUST bool sigma_selection(struct sigma *s, const struct yaml *at, uint32_t *ret_expr);
/* "sel1 and not 1 of filter*" */
MUST bool sigma_condition(struct sigma *s, const struct yaml *at, const struct selection *all,
	size_t n, uint32_t *ret_expr);

/* A map of selections and their condition: of a rule, or of a filter. */
MUST bool sigma_detection(struct sigma *s, const struct yaml *map, uint32_t *ret_expr);
/* A document with `filter`; it is compiled again for each rule that it is joined to. */
MUST bool sigma_filter(struct sigma *s, const struct yaml *doc, uint32_t rule);

/* A document with `correlation`. */
MUST bool sigma_correlation(struct sigma *s, const struct yaml *doc, struct rule *r);
/* The ways in which an expression over `n` leaves, from the expr `first` on, is met. */
MUST bool sigma_ways(struct sigma *s, const struct yaml *at, uint32_t expr, uint32_t first,
	struct correlation *c);

/* Rules by their ids and names. */
struct called {
	struct str name;
	uint32_t rule;
};
struct called_all {
	VEC(struct called) at; /* sorted */
};
void called_gather(struct called_all *all, const struct ruleset *rs);
void called_release(struct called_all *all);
/* The first with that name, from that rule on; or what would stand behind it. */
size_t called_find(const struct called_all *all, struct str name, uint32_t rule);

/* Correlations find their rules; once filters have theirs. */
void sigma_seal_correlations(struct ruleset *rs, const struct called_all *all);

/* Sets "line N: …"; returns false. */
bool sigma_bad(struct sigma *s, const struct yaml *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
