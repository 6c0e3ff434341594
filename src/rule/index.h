#ifndef RULE_INDEX_H
#define RULE_INDEX_H

#include "rule/ruleset.h"

/*
 * Finds the few rules that can match an event.  Each rule is filed under pieces of the texts of its
 * witnesses (rule/witness.h): a whole value, its first or last bytes, or some bytes anywhere in it, each
 * together with the field.  An event's values are cut in the same ways and looked up in one table; the
 * test that a piece stands for is then made as a rule would make it, so that what is left are rules that
 * a witness really speaks for, and those without one.  Letters are folded as the tests fold them.
 */
struct rule_index;

/* rules: numbers of them, ascending, of a set that is sealed and lives longer. */
struct rule_index *rule_index_new(const struct ruleset *rs, const uint32_t *rules, size_t n);
void rule_index_free(struct rule_index *ix);

/* Says of a test of the set whether it holds for the event. */
typedef bool (*rule_index_test_fn)(void *arg, uint32_t test);
/* Calls fn with each rule that can match the event, ascending. */
typedef void (*rule_index_rule_fn)(void *arg, uint32_t rule);
void rule_index_find(struct rule_index *ix, struct view *v, rule_index_test_fn holds,
	rule_index_rule_fn fn, void *arg);

/* In which way a test's text is looked for; of a test that the index can't look for: NONE. */
enum piece_how { PIECE_NONE, PIECE_WHOLE, PIECE_START, PIECE_END, PIECE_INSIDE, PIECE_NUMBER };
const char *piece_how_name(enum piece_how how);
struct piece_key {
	enum piece_how how;
	struct str text; /* in lower case; in the arena.  Of a number as the rule has it */
	struct str run;  /* INSIDE: all that must stand there, text in it */
};
struct piece_key piece_of(struct arena *a, const struct test *t);

#endif
