#ifndef RULE_YARASPLIT_H
#define RULE_YARASPLIT_H

#include "base/str.h"

/*
 * A file of YARA rules cut into its rules, so that one that can't be compiled takes no other with
 * it.  What is a comment, a string or a regular expression is known ("Writing YARA rules" of YARA's
 * documentation); a newline ends a string that lacks its quote.  `rule` is a reserved word, so where
 * it stands inside of a rule, that one lacks its end.
 */
enum yara_token_kind {
	YARA_WORD,   /* a name or a reserved word */
	YARA_STRING, /* text in quotes, with them */
	YARA_OPEN,   /* { */
	YARA_CLOSE,  /* } */
	YARA_STAR,
	YARA_OTHER /* a regular expression, $name, a sign */
};
struct yara_token {
	enum yara_token_kind kind;
	struct str text; /* borrows */
	size_t at;       /* its place in what is read */
};
/* The next token from *inout_at on; false at the end. */
bool yara_token_next(struct str text, size_t *inout_at, struct yara_token *ret);

enum yara_unit_kind {
	YARA_RULE,
	YARA_IMPORT,
	YARA_INCLUDE,
	YARA_STRAY /* what begins none of those */
};
struct yara_unit {
	enum yara_unit_kind kind;
	struct str text; /* borrows */
	struct str name; /* of a rule; of what is imported or included; or "" */
	bool is_global, is_private;
	unsigned line; /* from 1 */
};
struct yara_split {
	struct str text;
	size_t at, counted; /* lines are counted up to there */
	unsigned line;
};
struct yara_split yara_split_of(struct str text);
/* The next unit; false at the end. */
bool yara_unit_next(struct yara_split *s, struct yara_unit *ret);

#endif
