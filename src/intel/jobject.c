#include "intel/jobject.h"

bool jobject_read(struct jobject *o, struct arena *a, struct str text)
{
	struct flaws flaws = {.at = o->flaws};

	o->a = a;
	o->text = text;
	json_tokenise(&o->tape, text, &flaws, 0);
	o->n_flaws = flaws.n;
	return o->tape.n && o->tape.at[0].type == JSON_OBJECT;
}

void jobject_release(struct jobject *o)
{
	json_tape_release(&o->tape);
}

static struct str text_of(const struct jobject *o, const struct json_token *t)
{
	struct str s = json_span(o->text, t);

	if (!(t->flags & JSON_ESCAPED))
		return s;
	return json_unescape(s, arena_alloc(o->a, s.n));
}

struct str jobject_key(const struct jobject *o, uint32_t token)
{
	return text_of(o, &o->tape.at[token]);
}

uint32_t jobject_at(const struct jobject *o, uint32_t in, const char *key)
{
	const struct json_token *at = o->tape.at;
	struct str name = str_of(key);

	if (in >= o->tape.n || at[in].type != JSON_OBJECT)
		return 0;
	for (uint32_t k = in + 1; k < at[in].next; k = at[k].next) {
		if (str_eq(text_of(o, &at[k]), name))
			return k + 1;
	}
	return 0;
}

struct str jobject_text_of(const struct jobject *o, uint32_t token)
{
	const struct json_token *t = &o->tape.at[token];

	if (token == 0 || (t->type != JSON_STRING && t->type != JSON_NUMBER))
		return STR("");
	return str_trim(text_of(o, t));
}

struct str jobject_text(const struct jobject *o, uint32_t in, const char *key)
{
	return jobject_text_of(o, jobject_at(o, in, key));
}

bool jobject_true(const struct jobject *o, uint32_t in, const char *key)
{
	uint32_t at = jobject_at(o, in, key);
	struct str s = jobject_text_of(o, at);

	if (at && o->tape.at[at].type == JSON_TRUE)
		return true;
	return str_eq_nocase(s, STR("true")) || str_eq(s, STR("1"));
}

uint32_t jobject_first(const struct jobject *o, uint32_t array)
{
	if (array == 0 || o->tape.at[array].type != JSON_ARRAY)
		return 0;
	return array + 1 < o->tape.at[array].next ? array + 1 : 0;
}

uint32_t jobject_next(const struct jobject *o, uint32_t array, uint32_t at)
{
	uint32_t next = o->tape.at[at].next;

	return o->tape.at[array].type == JSON_ARRAY && next < o->tape.at[array].next ? next : 0;
}

uint32_t jobject_first_text(const struct jobject *o, uint32_t token)
{
	if (token && o->tape.at[token].type == JSON_STRING)
		return token;
	return jobject_first(o, token);
}
