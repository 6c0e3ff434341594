#ifndef RULE_GLOB_H
#define RULE_GLOB_H

#include "base/arena.h"
#include "base/buf.h"

/*
 * A text with wildcards as Sigma has them (Rules Specification 2.1, "String Wildcard" and
 * "Escaping"): `*` any run, `?` one character, and of the modifier windash one of five dashes.
 * `at[i]` says what the byte b[i] is.
 */
enum glob_kind {
	GLOB_BYTE,
	GLOB_ONE,  /* one character: a whole sequence of UTF-8, or one byte that is none */
	GLOB_ANY,  /* any run of them */
	GLOB_DASH, /* - / U+2013 U+2014 U+2015 */
};

struct glob {
	char *b;
	uint8_t *at; /* enum glob_kind */
	size_t n;
	bool cased; /* else letters of ASCII match in either case, and b is in lower case */
};

/*
 * Reads a value of a rule.  A backslash hides a wildcard or a backslash behind it that stands in
 * front of a wildcard: `\*`, `\?`, `\\*`; alone it is itself, and two are one.
 */
struct glob glob_read(struct arena *a, struct str text);
/* All of it as it is, without wildcards. */
struct glob glob_literal(struct arena *a, struct str text);
/* An ANY in front or behind, unless there is one. */
void glob_open_start(struct arena *a, struct glob *g);
void glob_open_end(struct arena *a, struct glob *g);
/* A dash, of either of the five, that begins a word (no letter, digit or _ in front, one behind) becomes a DASH. */
void glob_windash(struct glob *g);
bool glob_has_wildcards(const struct glob *g);
/* For who matches without case: to be called last. */
void glob_lower(struct glob *g);
/* The literal bytes; of a glob without wildcards all of it. */
struct str glob_text(const struct glob *g);

/*
 * Does all of s fit?  Of a glob that is not cased s is compared without the case of ASCII.  Time is
 * at most proportional to the product of both lengths.
 * To look for it anywhere in s, open it at both ends.
 */
bool glob_fits(const struct glob *g, struct str s);

#endif
