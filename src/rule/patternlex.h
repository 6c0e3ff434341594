#ifndef RULE_PATTERNLEX_H
#define RULE_PATTERNLEX_H

#include "base/str.h"

/* The tokens of STIX patterns, one at a time (STIXPattern.g4).  Borrows from the text. */
enum pattern_token {
	TOKEN_END,
	TOKEN_BAD,
	TOKEN_PUNCTUATION, /* one of [ ] ( ) : . , * */
	TOKEN_OPERATOR,    /* = == != <> < <= > >= */
	TOKEN_WORD,        /* keyword or identifier */
	TOKEN_HYPHENED,    /* identifier with hyphens: an object type */
	TOKEN_STRING,      /* text: between the quotes, escapes not undone */
	TOKEN_HEX,
	TOKEN_BINARY,
	TOKEN_TIME,
	TOKEN_INTEGER,
	TOKEN_FLOAT,
	TOKEN_BOOL,
};

struct pattern_lexer {
	struct str text;
	size_t next;              /* where to read on */
	enum pattern_token token; /* the current one */
	struct str is;            /* its bytes; of literals in quotes: those between them */
	size_t at;                /* where it starts */
	const char *want;         /* of TOKEN_BAD: what was expected */
};

void pattern_lexer_init(struct pattern_lexer *lx, struct str text);
void pattern_lexer_step(struct pattern_lexer *lx);
/* RFC 3339 in UTC, with "T" and "Z", seconds of 60 allowed: a timestamp literal, and STIX's own. */
bool pattern_is_time(struct str s);
/* The same as microseconds since 1970; finer digits are cut, second 60 is the one after 59. */
bool pattern_time(struct str s, int64_t *ret_us);

#endif
