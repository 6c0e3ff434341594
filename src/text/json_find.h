#ifndef TEXT_JSON_FIND_H
#define TEXT_JSON_FIND_H

#include "base/arena.h"
#include "text/json.h"

/*
 * A tape as a tree, for those who know what they look for and have few objects to look at: each
 * look-up walks along its object.  Token 0 is the record itself, so it stands for "isn't there".
 */

/* The value of the object's first member of that name; 0 if there is none, or if `object` is none.
 */
uint32_t json_find(const struct json_tape *tape, struct str text, uint32_t object, struct str key);

/* What a string or key stands for; borrows from text, or from the arena where it has escapes. */
struct str json_text(struct arena *a, struct str text, const struct json_token *t);

/* The text of a member that is a string; "" if it isn't there or is something else. */
struct str json_find_text(const struct json_tape *tape, struct str text, uint32_t object,
	struct str key, struct arena *a);

/* Elements of an array; of 0 and of what is no array: none. */
static inline uint32_t json_first(const struct json_tape *tape, uint32_t array)
{
	return array && tape->at[array].type == JSON_ARRAY && array + 1 < tape->at[array].next
		       ? array + 1
		       : 0;
}

static inline uint32_t json_after(const struct json_tape *tape, uint32_t array, uint32_t element)
{
	uint32_t next = tape->at[element].next;

	return next < tape->at[array].next ? next : 0;
}

#endif
