#ifndef RULE_PATTERN_INSIDE_H
#define RULE_PATTERN_INSIDE_H

#include "rule/pattern.h"
#include "rule/patternlex.h"

/* What the two halves of the parser share: observations in pattern.c, comparisons in patterntest.c. */

/*
 * Parentheses in parentheses, and qualifiers behind one another; nothing that people write comes
 * near.  Whoever walks a tree may recurse.
 */
#define PATTERN_DEPTH_MAX 64

struct pattern_parser {
	struct pattern_lexer lx;
	struct arena *a;
	struct pattern *p;
	enum pattern_version version;
	unsigned depth;
	size_t end; /* of the token before the current one */
};

static inline bool pattern_failed(const struct pattern_parser *ps)
{
	return ps->p->want != NULL;
}

void pattern_fail(struct pattern_parser *ps, const char *want);
void pattern_step(struct pattern_parser *ps);
/* Whether it stands there; take_… passes over it. */
bool pattern_at_mark(const struct pattern_parser *ps, char c);
bool pattern_take_mark(struct pattern_parser *ps, char c);
bool pattern_take_word(struct pattern_parser *ps, const char *word);
struct pattern_node *pattern_node_new(
	struct pattern_parser *ps, enum pattern_kind kind, size_t from, struct pattern_node *child);
/* children, linked by next, as one node of that kind that ends here; an only child is itself. */
struct pattern_node *pattern_node_of(
	struct pattern_parser *ps, enum pattern_kind kind, struct pattern_node *children);
/* "(" and one deeper; or the failure.  Leaves with ")". */
void pattern_enter(struct pattern_parser *ps);
void pattern_leave(struct pattern_parser *ps, const char *want);

/* What stands between [ and ]; NULL if it failed. */
struct pattern_node *pattern_comparisons(struct pattern_parser *ps);
/* "hashes.SHA-256" of a test's steps. */
struct str pattern_path(struct arena *a, const struct pattern_test *t);

#endif
