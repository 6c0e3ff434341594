#ifndef INTEL_JOBJECT_H
#define INTEL_JOBJECT_H

#include "base/arena.h"
#include "base/limits.h"
#include "text/json.h"

/*
 * One small JSON object, tokenised, and its members by name.  Members are named by the index of
 * their object's token (0: the whole) and key; of several with one name the first holds.  What is
 * missing or of another type is "", false or 0.  Texts borrow from the object's bytes or the arena.
 */
struct jobject {
	struct arena *a;
	struct str text;
	struct json_tape tape; /* reused; until the next read */
	struct flaw flaws[LIMIT_FLAWS_PER_RECORD];
	uint32_t n_flaws;
};

/* False if the bytes are no JSON object. */
bool jobject_read(struct jobject *o, struct arena *a, struct str text);
void jobject_release(struct jobject *o);

/* The token of a member's value; 0 if there is none. */
uint32_t jobject_at(const struct jobject *o, uint32_t in, const char *key);
/* A string or a number, trimmed. */
struct str jobject_text(const struct jobject *o, uint32_t in, const char *key);
struct str jobject_text_of(const struct jobject *o, uint32_t token);
struct str jobject_key(const struct jobject *o, uint32_t token);
/* true, "true", 1 and "1": programs write all of them. */
bool jobject_true(const struct jobject *o, uint32_t in, const char *key);
/* Elements of an array: for (i = jobject_first(o, array); i; i = jobject_next(o, array, i)) */
uint32_t jobject_first(const struct jobject *o, uint32_t array);
uint32_t jobject_next(const struct jobject *o, uint32_t array, uint32_t at);
/* The same where one text may stand instead of an array of one. */
uint32_t jobject_first_text(const struct jobject *o, uint32_t token);

#endif
