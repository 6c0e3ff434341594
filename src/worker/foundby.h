#ifndef WORKER_FOUNDBY_H
#define WORKER_FOUNDBY_H

#include "observe/observe.h"
#include "read/formats.h"
#include "rule/ruleset.h"

/*
 * By which observables the events of a format that a rule matches are found: each of them has one of
 * these, so that nothing else need be read.  None, and false, where that isn't sure: a witness
 * (rule/witness.h) must be all of a value, at a place that the format takes observables from, and of a
 * kind whose normal form doesn't know the case of letters.
 */
enum { FOUND_BY_MAX = 64 };
struct found_by {
	struct observable at[FOUND_BY_MAX]; /* in the arena */
	uint32_t n;
};
bool found_by(struct arena *a, struct observer *ob, const struct formats *formats, size_t format,
	const struct ruleset *rs, const struct rule *r, struct found_by *ret);

/* For each format that the rule is for and found in: "found_by":[{"format","kind","form","value"}]. */
struct jsonw;
void found_by_write(struct jsonw *w, struct observer *ob, const struct formats *formats,
	const struct ruleset *rs, const struct rule *r);

#endif
