#ifndef TEXT_YAML_H
#define TEXT_YAML_H

#include "base/arena.h"
#include "base/err.h"

/*
 * A YAML file as a tree with places, for messages that say where.  Only what people write in
 * formats, rules and claims: mappings, sequences, scalars.  Anchors and aliases are refused (they let ten lines
 * stand for a billion), and so is a key that its mapping has already.
 */
enum yaml_type { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml {
	enum yaml_type type;
	bool quoted;           /* SCALAR: a text even if it looks like a number or true */
	struct str text;       /* SCALAR; NUL-terminated too */
	struct str key;        /* if the parent is a MAP */
	unsigned line, column; /* from 1; of the key if there is one */
	struct yaml *child, *next;
};

/* The tree lives in the arena.  file is the name for messages.  One document. */
MUST bool yaml_parse(struct arena *a, const char *file, struct str text, struct yaml **ret_root,
	struct err *err);
/*
 * A file of any number of documents, the roots joined by `next` (NULL if there is none).  On failure
 * *ret_root has those before the one that is broken.
 */
MUST bool yaml_documents(struct arena *a, const char *file, struct str text, struct yaml **ret_root,
	struct err *err);
/* The value of a key, or NULL. */
const struct yaml *yaml_get(const struct yaml *map, const char *key);
const struct yaml *yaml_find(const struct yaml *map, struct str key);
bool yaml_is_true(const struct yaml *y);
/* Sets "file:line:column: …"; returns false. */
bool yaml_bad(const char *file, const struct yaml *at, struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
