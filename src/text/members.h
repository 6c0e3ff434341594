#ifndef TEXT_MEMBERS_H
#define TEXT_MEMBERS_H

#include "base/arena.h"
#include "base/hash.h"
#include "text/json.h"

/*
 * Reading JSON that we wrote ourselves, by key, with "" and 0 for what isn't there.  Each look-up
 * walks along its object: for few objects, or small ones.
 */
struct members {
	struct str text;
	struct json_tape tape;
};

/* False if it isn't whole JSON.  Release it either way. */
bool members_read(struct str json, struct members *ret_m);
void members_release(struct members *m);

enum { MEMBERS_NONE = UINT32_MAX };
/* The place of a key's value in the object at `object` (0 is the whole), or MEMBERS_NONE. */
uint32_t members_get(const struct members *m, uint32_t object, const char *key);
struct str members_text(const struct members *m, uint32_t at); /* still escaped */
/* A string without its escapes; "" for what is none. */
struct str members_string(
	struct arena *a, const struct members *m, uint32_t object, const char *key);
/* The same of the value at that place, e.g. an array's element. */
struct str members_string_at(struct arena *a, const struct members *m, uint32_t at);
bool members_bool(const struct members *m, uint32_t object, const char *key);
uint64_t members_u64(const struct members *m, uint32_t object, const char *key);
bool members_hash(const struct members *m, uint32_t at, struct sha256 *ret_h);
/* Bytes written in hexadecimal. */
struct str members_bytes(
	struct arena *a, const struct members *m, uint32_t object, const char *key);
/* Elements of an array: how many, and each by walking from members_first by members_next. */
uint32_t members_count(const struct members *m, uint32_t array);
uint32_t members_first(const struct members *m, uint32_t array);
uint32_t members_next(const struct members *m, uint32_t at);
#define MEMBERS_EACH(m, i, array)                                                                  \
	for (uint32_t i = members_first(m, array);                                                 \
		i < (m)->tape.n && i < (m)->tape.at[array].next; i = members_next(m, i))

#endif
