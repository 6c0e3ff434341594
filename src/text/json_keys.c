#include "text/json_keys.h"

#include <stdlib.h>

#include "base/err.h"
#include "text/json_escape.h"

bool json_keys_compare(
	struct json_level *in, const struct json_tape *tape, struct str text, uint32_t token)
{
	const struct json_token *key = &tape->at[token];

	if (in->untidy_from != JSON_KEYS_TIDY)
		return false;
	if (key->flags & JSON_ESCAPED) {
		in->untidy_from = token;
		return false;
	}
	struct str name = json_span(text, key);
	for (uint32_t t = in->token + 1; t < token; t = tape->at[t].next) {
		if (str_eq(name, json_span(text, &tape->at[t])))
			return true;
		if (++in->steps > JSON_KEY_STEPS) {
			in->untidy_from = token;
			return false;
		}
	}
	return false;
}

struct order {
	const struct json_tape *tape;
	struct str text;
};

static int same_text(const struct order *o, uint32_t ia, uint32_t ib)
{
	const struct json_token *a = &o->tape->at[ia], *b = &o->tape->at[ib];
	struct str sa = json_span(o->text, a), sb = json_span(o->text, b);

	if ((a->flags | b->flags) & JSON_ESCAPED)
		return json_escape_cmp(sa, sb);
	return str_cmp(sa, sb);
}

static int by_text(const void *pa, const void *pb, void *arg)
{
	const uint32_t *a = pa, *b = pb;
	int c = same_text(arg, *a, *b);

	return c ? c : *a < *b ? -1 : *a > *b;
}

void json_keys_close(const struct json_level *in, const struct json_tape *tape, struct str text,
	uint32_t end, struct flaws *flaws, size_t base)
{
	struct order o = {tape, text};
	uint32_t n = 0, i = 0;

	for (uint32_t t = in->token + 1; t < end; t = tape->at[t].next)
		n++;
	if (n < 2)
		return;
	uint32_t *keys = malloc(n * sizeof(*keys));
	if (!keys)
		BUG("out of memory");
	for (uint32_t t = in->token + 1; t < end; t = tape->at[t].next)
		keys[i++] = t;
	qsort_r(keys, n, sizeof(*keys), by_text, &o);
	for (i = 1; i < n; i++)
		if (keys[i] >= in->untidy_from && same_text(&o, keys[i - 1], keys[i]) == 0)
			flaw_add(flaws, FLAW_DUPLICATE_KEY, base + tape->at[keys[i]].off);
	free(keys);
}
