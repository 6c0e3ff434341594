#include "cmd/jsonget.h"

struct jsonget jsonget_open(struct str text)
{
	struct jsonget g = {.text = text};
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};

	json_tokenise(&g.tape, text, &flaws, 0);
	return g;
}

void jsonget_close(struct jsonget *g)
{
	json_tape_release(&g->tape);
}

static const struct json_token *member(const struct jsonget *g, const char *key)
{
	if (!g->tape.n || g->tape.at[0].type != JSON_OBJECT)
		return NULL;
	for (uint32_t i = 1; i < g->tape.at[0].next; i = g->tape.at[i].next)
		if (str_eq(json_span(g->text, &g->tape.at[i]), str_of(key)))
			return &g->tape.at[i + 1];
	return NULL;
}

struct str jsonget_str(const struct jsonget *g, const char *key, struct arena *a)
{
	const struct json_token *t = member(g, key);

	if (!t || t->type != JSON_STRING)
		return STR("");
	return json_unescape(json_span(g->text, t), arena_alloc(a, t->len + 1));
}

uint64_t jsonget_u64(const struct jsonget *g, const char *key)
{
	const struct json_token *t = member(g, key);
	uint64_t v = 0;

	if (t && t->type == JSON_NUMBER)
		str_u64(json_span(g->text, t), &v);
	return v;
}
