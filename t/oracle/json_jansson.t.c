/*
 * jansson reads the same texts.  What it accepts we accept without a flaw but duplicate keys, with
 * the same values; what it rejects has a flaw, or something behind its value, or no value.
 * Deliberate differences: numbers beyond 64 bits or a double are kept as text, a key may hold NUL,
 * and a byte order mark is ignored.
 */
#include "t/oracle/jansson_peer.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "t/oracle/random_json.h"
#include "t/tap.h"
#include "text/json.h"

static char *room;

static struct str text_of(struct str text, const struct json_token *t)
{
	return json_unescape(json_span(text, t), room);
}

static bool same(struct str text, const struct json_tape *tape, uint32_t i, const json_t *want);

static bool same_object(
	struct str text, const struct json_tape *tape, uint32_t i, const json_t *want)
{
	size_t distinct = 0;

	for (uint32_t k = i + 1; k < tape->at[i].next; k = tape->at[k].next) {
		bool last = true;
		char *copy = room + text.n;
		struct str key = text_of(text, &tape->at[k]);
		memcpy(copy, key.p, key.n);
		key.p = copy;
		/* Of duplicate keys jansson keeps the last. */
		for (uint32_t m = tape->at[k].next; m < tape->at[i].next; m = tape->at[m].next)
			last &= !str_eq(key, text_of(text, &tape->at[m]));
		if (!last)
			continue;
		distinct++;
		json_t *member = json_object_getn(want, key.p, key.n);
		if (!member || !same(text, tape, k + 1, member))
			return false;
	}
	return distinct == json_object_size(want);
}

static bool same_array(
	struct str text, const struct json_tape *tape, uint32_t i, const json_t *want)
{
	size_t n = 0;

	for (uint32_t k = i + 1; k < tape->at[i].next; k = tape->at[k].next, n++)
		if (!same(text, tape, k, json_array_get(want, n)))
			return false;
	return n == json_array_size(want);
}

static bool same_number(struct str s, const json_t *want)
{
	char digits[64];

	if (s.n >= sizeof(digits))
		return false;
	memcpy(digits, s.p, s.n);
	digits[s.n] = '\0';
	if (peer_type(want) == PEER_INT)
		return strtoll(digits, NULL, 10) == json_integer_value(want);
	return peer_type(want) == PEER_REAL && strtod(digits, NULL) == json_real_value(want);
}

static bool same(struct str text, const struct json_tape *tape, uint32_t i, const json_t *want)
{
	const struct json_token *t = &tape->at[i];

	switch ((enum json_type)t->type) {
	case JSON_NULL:
		return peer_type(want) == PEER_NULL;
	case JSON_TRUE:
		return peer_type(want) == PEER_TRUE;
	case JSON_FALSE:
		return peer_type(want) == PEER_FALSE;
	case JSON_NUMBER:
		return same_number(json_span(text, t), want);
	case JSON_STRING:
		return peer_type(want) == PEER_STRING &&
		       str_eq(text_of(text, t),
			       (struct str){json_string_value(want), json_string_length(want)});
	case JSON_OBJECT:
		return peer_type(want) == PEER_OBJECT && same_object(text, tape, i, want);
	case JSON_ARRAY:
		return peer_type(want) == PEER_ARRAY && same_array(text, tape, i, want);
	case JSON_KEY:
	case JSON_BROKEN:
		break;
	}
	return false;
}

static bool is_deliberate(struct str text, const json_error_t *error)
{
	enum json_error_code code = json_error_code(error);

	return code == json_error_numeric_overflow || code == json_error_null_byte_in_key ||
	       str_starts(text, STR("\xef\xbb\xbf"));
}

static bool agree(struct str text, bool *ret_accepted)
{
	static struct json_tape tape;
	struct flaw at[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = at};
	json_error_t error;
	size_t used = json_tokenise(&tape, text, &flaws, 0);
	json_t *want = json_loadb(text.p, text.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
	bool good = true, clean = tape.n && used == text.n;

	for (uint32_t i = 0; i < flaws.n; i++)
		clean &= at[i].code == FLAW_DUPLICATE_KEY;
	room = realloc(room, 2 * text.n + 1);
	if (want)
		good = clean && same(text, &tape, 0, want);
	else
		good = !clean || is_deliberate(text, &error);
	*ret_accepted = want != NULL;
	if (!good)
		printf("# jansson %s: " STR_FMT "\n", want ? "accepts" : error.text, STR_ARG(text));
	json_decref(want);
	return good;
}

int main(void)
{
	struct dice d = {1};
	unsigned accepted = 0, rejected = 0, bad = 0;

	for (unsigned i = 0; i < 60000 && bad < 5; i++) {
		struct buf b = {0};
		bool yes;
		random_value(&d, &b, 0);
		/* A third stays whole. */
		for (uint32_t n = dice(&d, 3); n; n--)
			spoil(&d, &b);
		/* A block without a byte to spare. */
		char *exact = malloc(b.n ? b.n : 1);
		memcpy(exact, b.n ? b.p : "", b.n);
		bad += !agree((struct str){exact, b.n}, &yes);
		accepted += yes;
		rejected += !yes;
		free(exact);
		buf_release(&b);
	}
	printf("# jansson accepts %u, rejects %u\n", accepted, rejected);
	ok(bad == 0);
	ok(accepted > 20000 && rejected > 20000);
	return tap_end();
}
