#ifndef READ_COMPILE_H
#define READ_COMPILE_H

#include "read/build.h"
#include "text/yaml.h"

/*
 * From the YAML of one format to its part of the program.  `file` is the name for messages,
 * which all say file:line:column and what to do.
 */
MUST bool compile_format(
	struct formats *f, const char *file, const struct yaml *root, struct err *err);

/* What compile.c and compile_map.c share while a format is compiled. */
struct compiler {
	struct formats *f;
	const char *file;
	struct err *err;
	const struct yaml *joined;  /* "joined": what a flattened log puts between two keys */
	const struct yaml *spelled; /* "spelled": other spellings of a record's key */
	const struct yaml *rename;  /* a shape's: which column has a record's key */
	uint8_t *mapped;            /* FIELDS flags */
};

/* Paths of one text with alternatives. */
MUST bool compile_paths(
	struct compiler *c, const struct yaml *y, struct str text, struct range *ret_alts);
/* A mapping of conditions that must all hold; NULL: none. */
MUST bool compile_conds(struct compiler *c, const struct yaml *y, struct range *ret_conds);
/* "when": one mapping, or a list of them of which one must hold; NULL: always. */
MUST bool compile_when(struct compiler *c, const struct yaml *y, struct program_when *ret_when);
/* "line": one drawing of a text line, or a list of them; NULL: none. */
MUST bool compile_lines(struct compiler *c, const struct yaml *y, uint16_t format);
/* All that a format or a shape says about meaning, into a new map. */
MUST bool compile_map(struct compiler *c, const struct yaml *y, uint32_t *ret_map);

#endif
