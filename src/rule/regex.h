#ifndef RULE_REGEX_H
#define RULE_REGEX_H

#include "base/err.h"
#include "base/str.h"

/*
 * A regular expression of a rule (PCRE2), under limits of steps and memory: what a hostile pattern
 * or text would make explode gives up and counts as not found, and is counted.
 */
struct regex;

enum regex_flag {
	REGEX_NOCASE = 1,
	REGEX_MULTILINE = 2,
	REGEX_DOTALL = 4,
	REGEX_UNICODE = 8, /* characters, not bytes; nothing is found in what is no UTF-8 */
};

MUST bool regex_compile(struct str pattern, unsigned flags, struct regex **ret_r, struct err *err);
void regex_free(struct regex *r);
/* Anywhere in s.  *inout_gave_up counts those that met a limit. */
bool regex_found(const struct regex *r, struct str s, uint32_t *inout_gave_up);

/*
 * The longest run of bytes, taken from the pattern, that is in each text in which it is found, but for
 * the case of ASCII letters; "" where that isn't plain to see.
 */
struct str regex_literal(struct str pattern, unsigned flags);

#endif
