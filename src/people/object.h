#ifndef PEOPLE_OBJECT_H
#define PEOPLE_OBJECT_H

#include "base/arena.h"
#include "base/limits.h"
#include "text/json.h"

/*
 * One JSON object of a list, tokenised; what is broken in it is left out.  Values are named by the
 * place of their token; 0 is the object itself, OBJECT_NONE what isn't there.
 */
struct object {
	struct str text;
	struct json_tape tape;
	struct flaw flaws[LIMIT_FLAWS_PER_RECORD];
	bool flawed;
	struct arena scratch; /* texts, until the next object_read */
};

enum { OBJECT_NONE = UINT32_MAX };

/* False if text is no object. */
bool object_read(struct object *o, struct str text);
void object_release(struct object *o);

uint32_t object_get(const struct object *o, uint32_t at, const char *key);
/* A string, number, true or false as text; "" for all else. */
struct str object_text(struct object *o, uint32_t at);
struct str object_member(struct object *o, uint32_t at, const char *key);
/* The first element of an array, or key of an object, and the next one; OBJECT_NONE at the end. */
uint32_t object_first(const struct object *o, uint32_t at);
uint32_t object_next(const struct object *o, uint32_t container, uint32_t at);
bool object_is(const struct object *o, uint32_t at, enum json_type type);

/*
 * Of a whole file: the inside of the array that is a member of the object in text; one that was cut
 * off has no end.  *ret_line: how many lines come before it.  False if there is none.
 */
bool object_array(struct str text, const char *key, struct str *ret_inside, uint32_t *ret_line);

#endif
