#include "text/json_find.h"

struct str json_text(struct arena *a, struct str text, const struct json_token *t)
{
	struct str s = json_span(text, t);

	if (!(t->flags & JSON_ESCAPED))
		return s;
	return json_unescape(s, arena_alloc(a, s.n));
}

uint32_t json_find(const struct json_tape *tape, struct str text, uint32_t object, struct str key)
{
	if (object >= tape->n || tape->at[object].type != JSON_OBJECT)
		return 0;
	for (uint32_t k = object + 1; k < tape->at[object].next; k = tape->at[k].next) {
		if (str_eq(json_span(text, &tape->at[k]), key))
			return k + 1;
	}
	return 0;
}

struct str json_find_text(const struct json_tape *tape, struct str text, uint32_t object,
	struct str key, struct arena *a)
{
	uint32_t v = json_find(tape, text, object, key);

	return v && tape->at[v].type == JSON_STRING ? json_text(a, text, &tape->at[v]) : STR("");
}
