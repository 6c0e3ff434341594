#ifndef READ_FORMATS_H
#define READ_FORMATS_H

#include "base/arena.h"
#include "base/err.h"
#include "model/field.h"

/*
 * All formats, compiled into one program (DESIGN §6): a trie on parent node and key hash leads
 * from the token tape to slots; one walk per record serves all formats.  Loaded once, read-only
 * from then on.  The language is spoor-formats(5).
 */
struct formats;

/* Every *.yaml in the folders, in order of name; a format of a later folder replaces its namesake.
 */
MUST bool formats_load(
	const char *const *folders, size_t n, struct formats **ret_f, struct err *err);
void formats_free(struct formats *f);

struct format_info {
	struct str name, version, title; /* version: of the description, a whole number as text */
	struct str vendor, notes;
	struct str retention;     /* class: full, features, none, reduced */
	const enum field *fields; /* that it maps, ascending */
	size_t n_fields;
	const struct str *shapes; /* names */
	size_t n_shapes;
	struct str file; /* where it was read from */
};
size_t formats_count(const struct formats *f);
const struct format_info *formats_info(const struct formats *f, size_t i);
bool formats_find(const struct formats *f, struct str name, size_t *ret_i);

#endif
