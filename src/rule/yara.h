#ifndef RULE_YARA_H
#define RULE_YARA_H

#include "base/buf.h"
#include "rule/ruleset.h"

/*
 * YARA rules (libyara) in a set of rules: read files, seal, then hold bytes against them.
 *
 * Each rule of a file is a rule of the set, loaded or with why not; a file is a namespace of its own,
 * so that global rules hold back those of their own file, and two files may have rules of one name.
 * What a refused rule would have changed is refused with it: who refers to it, who asks for rules by
 * a pattern that fits its name, and, if it is global, all of its file.  No file is included; modules
 * are those that look at nothing but the bytes.  A rule that libyara calls slow is refused.
 */
struct yara;

/* Only cuts the file into rules; none is loaded before yara_seal. */
void yara_rules_read(struct ruleset *rs, struct str file, struct str text);
/*
 * Compiles what was read, once, after all files.  step, if given, is called after each rule, for who
 * watches that something goes on.
 */
void yara_seal(struct ruleset *rs, void (*step)(void *arg), void *arg);
void yara_free(struct yara *y);
/* Of libyara: another one may refuse other rules, and know more of them. */
const char *yara_version(void);

/* What is told of a loaded rule: {"strings":[names], "atoms"}, as members of the open object. */
struct jsonw;
void yara_write_plan(const struct ruleset *rs, uint32_t rule, struct jsonw *w);

/* Bytes to look at.  name: of the file that they are, or "". */
struct yara_bytes {
	struct str what; /* in words: "in the mail" */
	struct str name, bytes;
};

/* Holds the bytes of one record after another against the rules of a sealed set. */
struct yara_scan;

struct yara_scan *yara_scan_new(const struct ruleset *rs); /* NULL: no rule is loaded */
void yara_scan_free(struct yara_scan *s);
void yara_scan_begin(struct yara_scan *s); /* a new record */
void yara_scan_bytes(struct yara_scan *s, const struct yara_bytes *b);
/* Did it match any of the record's bytes? */
bool yara_scan_matches(const struct yara_scan *s, uint32_t rule);
/*
 * Which strings were where, in which of the bytes; or why that isn't known: what needs more than
 * libyara allows (steps of a regular expression, matches, stack) counts as no match.
 */
void yara_scan_explain(const struct yara_scan *s, uint32_t rule, struct buf *out);

#endif
