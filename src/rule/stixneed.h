#ifndef RULE_STIXNEED_H
#define RULE_STIXNEED_H

#include "base/arena.h"
#include "rule/pattern.h"
#include "rule/stixobjects.h"

/* What an event must have so that a bracket can hold of one of its objects. */
struct stix_need {
	bool never;                 /* there is no event of which it holds */
	uint64_t lines[SEEN_WORDS]; /* one of these lines of rule/stixfields.def … */
	const struct str *texts;    /* … and, if there are any, one of these texts */
	uint32_t n_texts;
};

/* bracket: an OBSERVATION, or what is in one.  Texts are in the arena. */
struct stix_need stix_need_of(struct arena *a, const struct pattern_node *bracket);
/* The lines that the values of a test can come from. */
void stix_lines_of(const struct pattern_test *t, uint64_t ret_lines[SEEN_WORDS]);

#endif
