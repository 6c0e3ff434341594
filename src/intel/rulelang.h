#ifndef INTEL_RULELANG_H
#define INTEL_RULELANG_H

#include "base/arena.h"

/* What a text is, of the languages of rules that are evaluated here: a file's, or an indicator's. */
enum rule_language { LANGUAGE_NONE, LANGUAGE_SIGMA, LANGUAGE_YARA, LANGUAGE_STIX };
enum { LANGUAGE_LOOK_BYTES = 65536 }; /* of the beginning are enough */
enum rule_language rule_language_of(struct str text);

/* How the reason ends for which something that is asked as a rule is no value. */
#define RULE_RUNS "runs as a rule"
#define RULES_RUN "run as rules"
/* Why a pattern of another type than STIX's is pending: it runs as a rule, or can't be matched. */
struct str rule_language_why(struct arena *a, struct str type, struct str pattern);

/* Sigma's rules have "detection:" and "logsource:" at the start of a line, or "correlation:". */
bool sigma_is(struct str text);
/* A rule of YARA, and the section that every rule must have; in front of it may be any comment. */
bool yara_is(struct str text);

/* The next line, and those that a backslash at its end joins to it; the number counts all. */
struct str rule_line(struct str *inout_text, uint32_t *inout_line);
/* The first such line that is neither empty nor a comment of any of these languages. */
struct str rule_words(struct str text);
/*
 * The next line of YARA without what is in a block comment: rules that somebody took out are none.  A
 * comment begins outside of a string and behind a blank, since in a regular expression it doesn't.
 */
struct str yara_code(struct str *inout_text, bool *inout_comment);
/* "private global rule name : tags {" (YARA's grammar); the name, or "". */
struct str yara_rule_name(struct str line);

#endif
