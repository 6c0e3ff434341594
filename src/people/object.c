#include "people/object.h"

#include "text/json_cut.h"

bool object_read(struct object *o, struct str text)
{
	struct flaws flaws = {.at = o->flaws};

	arena_rewind(&o->scratch, (struct arena_mark){0});
	o->text = text;
	json_tokenise(&o->tape, text, &flaws, 0);
	o->flawed = flaws.n > 0;
	return object_is(o, 0, JSON_OBJECT);
}

void object_release(struct object *o)
{
	json_tape_release(&o->tape);
	arena_release(&o->scratch);
}

bool object_is(const struct object *o, uint32_t at, enum json_type type)
{
	return at < o->tape.n && o->tape.at[at].type == type;
}

uint32_t object_first(const struct object *o, uint32_t at)
{
	bool container = object_is(o, at, JSON_OBJECT) || object_is(o, at, JSON_ARRAY);

	return container && o->tape.at[at].next > at + 1 ? at + 1 : OBJECT_NONE;
}

uint32_t object_next(const struct object *o, uint32_t container, uint32_t at)
{
	uint32_t next = o->tape.at[at].next;

	return next < o->tape.at[container].next ? next : OBJECT_NONE;
}

uint32_t object_get(const struct object *o, uint32_t at, const char *key)
{
	if (!object_is(o, at, JSON_OBJECT))
		return OBJECT_NONE;
	for (uint32_t k = object_first(o, at); k != OBJECT_NONE; k = object_next(o, at, k))
		if (str_eq(json_span(o->text, &o->tape.at[k]), str_of(key)))
			return k + 1;
	return OBJECT_NONE;
}

struct str object_text(struct object *o, uint32_t at)
{
	if (at >= o->tape.n)
		return STR("");
	const struct json_token *t = &o->tape.at[at];
	struct str s = json_span(o->text, t);
	switch ((enum json_type)t->type) {
	case JSON_STRING:
	case JSON_KEY:
		if (t->flags & JSON_ESCAPED)
			s = json_unescape(s, arena_alloc(&o->scratch, s.n + 1));
		return str_trim(s);
	case JSON_NUMBER:
	case JSON_TRUE:
	case JSON_FALSE:
		return s;
	case JSON_NULL:
	case JSON_OBJECT:
	case JSON_ARRAY:
	case JSON_BROKEN:
		break;
	}
	return STR("");
}

struct str object_member(struct object *o, uint32_t at, const char *key)
{
	return object_text(o, object_get(o, at, key));
}

bool object_array(struct str text, const char *key, struct str *ret_inside, uint32_t *ret_line)
{
	struct str object = str_trim(text), array;
	uint32_t line = 0;

	if (object.n == 0 || object.p[0] != '{' || !json_cut_member(object, str_of(key), &array) ||
		array.p[0] != '[')
		return false;
	for (const char *c = text.p; c < array.p; c++)
		line += *c == '\n';
	bool whole = array.n > 1 && array.p[array.n - 1] == ']';
	*ret_inside = str_from(whole ? str_upto(array, array.n - 1) : array, 1);
	*ret_line = line;
	return true;
}
