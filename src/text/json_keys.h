#ifndef TEXT_JSON_KEYS_H
#define TEXT_JSON_KEYS_H

#include "text/json.h"

/*
 * Finds keys that an object has already.  Keys of open objects stand in one small table, each
 * under its object's serial number, so that nothing is cleared between objects or records.
 * What the table can't do in a few steps (a crowded object, keys made to collide, keys with
 * escapes) makes its object `untidy`: its keys are sorted when it closes.  So the cost is
 * O(n log n), whatever the text.
 */
enum {
	JSON_KEY_SLOTS = 1024,
	JSON_KEY_PROBES = 8,
	JSON_KEYS_TIDY = UINT32_MAX,
};

struct json_keys {
	uint32_t serial; /* of the latest object */
	uint32_t first;  /* of this record */
	uint32_t epoch;  /* slots of objects before this one are empty */
	uint32_t used;   /* slots filled in this epoch */
	struct json_key_slot {
		uint32_t serial, hash, token;
	} slot[JSON_KEY_SLOTS];
};

/* One open container. */
struct json_level {
	uint32_t token;
	uint32_t serial;      /* objects only */
	uint32_t untidy_from; /* keys from this token on aren't in the table */
	bool is_object;
};

struct json_keys *json_keys_new(void);
/* Before each record. */
void json_keys_begin(struct json_keys *k);
void json_keys_open(struct json_keys *k, struct json_level *in);
/*
 * Notes the key tape->at[token] of stack[depth - 1]; true if that object has it already.  False
 * says nothing yet about an object that is untidy.
 */
bool json_keys_seen(struct json_keys *k, struct json_level *stack, uint32_t depth,
	const struct json_tape *tape, struct str text, uint32_t token);
/* Adds the flaws of an untidy object, whose tokens end before `end`. */
void json_keys_close(const struct json_level *in, const struct json_tape *tape, struct str text,
	uint32_t end, struct flaws *flaws, size_t base);

#endif
