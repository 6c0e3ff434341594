#ifndef TEXT_JSON_KEYS_H
#define TEXT_JSON_KEYS_H

#include "text/json.h"

/*
 * Finds keys that their object has already.  Each open object has a small Bloom filter (two bits
 * a key, in one word of eight): a key that isn't in it is new, which is all that most keys ever cost.  The others are compared
 * with the object's keys one by one, until that has taken JSON_KEY_STEPS; from then on the object
 * is `untidy`, as it is from a key with escapes on: its keys are sorted when it closes.  So the
 * cost is O(n log n), whatever the text.
 */
enum {
	JSON_KEY_WORDS = 8,
	JSON_KEY_STEPS = 1024,
	JSON_KEYS_TIDY = UINT32_MAX,
};

/* One open container. */
struct json_level {
	uint32_t token;
	bool is_object;
	/* Of objects: */
	uint32_t untidy_from; /* no key from this token on was looked at */
	uint32_t steps;
	uint64_t seen[JSON_KEY_WORDS];
};

static inline void json_keys_open(struct json_level *in)
{
	in->untidy_from = JSON_KEYS_TIDY;
	in->steps = 0;
	memset(in->seen, 0, sizeof(in->seen));
}

/* Is the key tape->at[token], which the filter knows, in the object already? */
bool json_keys_compare(
	struct json_level *in, const struct json_tape *tape, struct str text, uint32_t token);

/* Of the length and the first and last four bytes: cheap, and good enough for names. */
static inline uint64_t json_key_hash(const char *p, size_t n, const char *end)
{
	uint32_t a = 0, b = 0;

	if (end - p >= 4) {
		memcpy(&a, p, 4);
		memcpy(&b, n >= 4 ? p + n - 4 : p, 4);
	} else {
		memcpy(&a, p, n);
		b = a;
	}
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	uint32_t mask = n >= 4 ? UINT32_MAX : (1u << 8 * n) - 1;
#else
	uint32_t mask = n >= 4 ? UINT32_MAX : ~(UINT32_MAX >> 8 * n);
#endif
	/* Golden ratio: an odd multiplier without structure (Knuth, vol. 3, 6.4). */
	uint64_t h = ((uint64_t)(b & mask) << 32 | (a & mask)) ^ n << 27;
	return h * UINT64_C(0x9e3779b97f4a7c15);
}

/*
 * Notes the key tape->at[token] of the object; true if it has it already.  False says nothing yet
 * about an object that is untidy.
 */
static inline bool json_keys_met(
	struct json_level *in, const struct json_tape *tape, struct str text, uint32_t token)
{
	const struct json_token *key = &tape->at[token];
	uint64_t hash = json_key_hash(text.p + key->off, key->len, text.p + text.n);
	uint64_t *word = &in->seen[hash >> 61 & (JSON_KEY_WORDS - 1)];
	uint64_t bits = UINT64_C(1) << (hash >> 55 & 63) | UINT64_C(1) << (hash >> 49 & 63);
	bool is_new = (*word & bits) != bits && !(key->flags & JSON_ESCAPED);

	*word |= bits;
	return !is_new && json_keys_compare(in, tape, text, token);
}

/* Adds the flaws of an untidy object, whose tokens end before `end`. */
void json_keys_close(const struct json_level *in, const struct json_tape *tape, struct str text,
	uint32_t end, struct flaws *flaws, size_t base);

#endif
