#ifndef RULE_YARA_INSIDE_H
#define RULE_YARA_INSIDE_H

#include <yara.h>

#include "base/vec.h"
#include "rule/yara.h"
#include "rule/yarasplit.h"

/* What yara.c (reading), yaracompile.c, yaranames.c, yarameta.c and yarascan.c share. */
struct yara_rule {
	struct yara_unit of; /* its text ends with a NUL */
	uint32_t rule;       /* its number in the set; of an import none */
	uint32_t file;
	uint32_t present; /* the last compiler that it was given to */
	uint32_t modules; /* of the set's file, imported so far: a bit each */
	bool refused;
};

struct yara {
	VEC(struct yara_rule) units; /* in order; rules, and imports that can't be had */
	VEC(uint32_t) files;         /* the first unit of each */
	YR_RULES *rules;             /* NULL: none is loaded */
	VEC(uint32_t) order;         /* the set's number of each of libyara's rules */
	bool sealed;
};

/* Bytes of a match that are kept, to be told. */
enum { YARA_MATCH_BYTES = 32 };

struct yara *yara_of(struct ruleset *rs);
void yara_refuse(struct ruleset *rs, struct yara_rule *u, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* What the meta section of a loaded rule says. */
void yara_meta(struct ruleset *rs, struct rule *r, YR_RULE *of);

/* Units of a file that are rules, by name and then by place. */
struct yara_names {
	const struct yara *y;
	uint32_t *at, n;
};
void yara_names_make(struct yara_names *n, struct yara *y, uint32_t file);
void yara_names_release(struct yara_names *n);
/* The place in at of the first one whose name is not below it; those that begin with it follow. */
uint32_t yara_names_find(const struct yara_names *n, struct str name);

/* Names of files as rules ask for them: "" for what isn't known. */
extern const char *const yara_variables[];
/* The modules that may be imported; NULL at the end. */
extern const char *const yara_modules[];

#endif
