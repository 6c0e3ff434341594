#ifndef WORKER_RULEVERSION_H
#define WORKER_RULEVERSION_H

#include "base/hash.h"
#include "base/vec.h"
#include "read/formats.h"
#include "worker/rulefile.h"

/*
 * What a rule is, as a hash: equal only where it matches the same records and gives the same values
 * of them.  It covers the file that the rule is in, the version of libyara if it is a rule of YARA's,
 * what log sources and placeholders mean, all files with filters, the formats, and what correlations
 * want to know of it.
 */
struct rule_span { /* the rules of one file: from … end-1 of the set's */
	struct str bytes;
	uint32_t from, end;
};
struct rule_versions {
	struct str logsources, placeholders;
	VEC(struct rule_span) files;
};

/* Raised when rules of the same text match other events than before. */
enum { RULES_VERSION = 1 };

/* Once the set is sealed.  Calls fn with the rules, by number. */
typedef void (*rule_version_fn)(void *arg, uint32_t rule, const struct sha256 *version);
void rule_versions_each(const struct rule_versions *v, const struct ruleset *rs,
	const struct formats *formats, rule_version_fn fn, void *arg);

#endif
