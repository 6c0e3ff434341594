#ifndef ENGINE_RULEBOOK_H
#define ENGINE_RULEBOOK_H

#include "base/arena.h"
#include "base/vec.h"
#include "casedb/hit.h"
#include "engine/caserules.h"
#include "engine/rules.h"

/*
 * The rules of one question: their files as they were when it was asked, and what a worker says of
 * each, in the order in which it numbers them.
 */
struct told_witness {
	struct str format;
	struct observable o;
};
struct told_rule {
	struct str kind; /* "sigma", "correlation", "stix", "yara" */
	struct str id;   /* or its title, where it has none */
	struct str title, file, level;
	uint8_t version[HIT_RULE_BYTES]; /* another where it could match other events */
	bool loaded;
	bool asked;  /* of single events: it is loaded, no filter, and no correlation */
	bool feeds;  /* its hits are taken together with others, by itself or a correlation */
	bool silent; /* a hit alone is no finding */
	/* Events of the format that it matches have one of those observables: struct found_by. */
	const struct told_witness *witnesses;
	size_t n_witnesses;
	const struct str *tags, *references, *falsepositives, *formats;
	size_t n_tags, n_references, n_falsepositives, n_formats;
};

struct rulebook {
	struct arena arena;
	struct buf files; /* as workers get them (worker/rulefile.h) */
	VEC(struct told_rule) rules;
};

/* q->what is set here. */
MUST bool rulebook_read(struct rules_asked *q, struct rulebook *ret, struct err *err);
/* Rules that are patterns of the case's indicators get the names that those have. */
void rulebook_name_patterns(struct rulebook *b, const struct case_rules *own);
void rulebook_release(struct rulebook *b);

bool told_rule_is_for(const struct told_rule *r, struct str format);
/* Has it witnesses for that format? */
bool told_rule_is_found(const struct told_rule *r, struct str format);

#endif
