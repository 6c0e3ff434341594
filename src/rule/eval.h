#ifndef RULE_EVAL_H
#define RULE_EVAL_H

#include "rule/ruleset.h"

/*
 * Evaluates rules on one event after another.  Each test is made at most once an event, and only
 * when a rule asks for it.
 */
struct eval;

/* The set must be sealed and live longer. */
struct eval *eval_new(const struct ruleset *rs);
void eval_free(struct eval *e);

/* A new event, filled by view_json and view_cell on what this returns. */
struct view *eval_begin(struct eval *e, struct str raw);
/*
 * Bytes that belong to the event, for YARA rules: path: which part of a mail they are ("" : the mail
 * itself), name: of the file, or "".  They must live as long as the event: they are looked at when a
 * rule of that kind is asked for the first time.
 */
void eval_bytes(struct eval *e, struct str path, struct str name, struct str bytes);
/*
 * What was seen of the event's bytes when they were there: that the YARA rule with this key (struct rule) matched,
 * and why.
 */
void eval_told(struct eval *e, const uint8_t key[16], struct str why);
bool eval_rule(struct eval *e, uint32_t rule);

/*
 * Rules that are asked of the same events, as a number.  rules: ascending; those that aren't loaded
 * match nothing.  Of each event then those that match, ascending, the same as if each were asked, but
 * only those are asked that the index finds (rule/index.h).  They live until the next call.
 */
uint32_t eval_route(struct eval *e, const uint32_t *rules, size_t n);
const uint32_t *eval_matches(struct eval *e, uint32_t route, size_t *ret_n);
/* How many of the rules eval_matches has asked since the beginning. */
uint64_t eval_asked(const struct eval *e);

/*
 * Why the rule did or didn't match the event, in words: the tests that decided, with the values
 * that the fields had.
 */
void eval_explain(struct eval *e, uint32_t rule, struct buf *out);

#endif
