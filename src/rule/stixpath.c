/* Brackets of a pattern held against the objects of observed-data. */
#include "rule/stixcompare.h"
#include "rule/stixdata_inside.h"

/* Where a path begins: one object of one observation. */
struct place {
	uint32_t object;
	uint32_t scope; /* of its references */
};

/* Each token once: references may go round in circles, and lists of them multiply. */
static void come_to(struct stix_data *d, uint32_t at)
{
	if (d->stamps[at] == d->step)
		return;
	d->stamps[at] = d->step;
	*vec_push(&d->then) = at;
}

static void come_to_index(struct stix_data *d, uint32_t list, int64_t index)
{
	const struct json_token *at = d->tape.at;
	int64_t n = 0;

	/* Of headers there are single texts in events, and lists of them elsewhere. */
	if (d->of_event && at[list].type == JSON_STRING && (index == 0 || index == -1))
		come_to(d, list);
	if (at[list].type != JSON_ARRAY)
		return;
	for (uint32_t i = list + 1; index < 0 && i < at[list].next; i = at[i].next)
		n++;
	index += index < 0 ? n : 0;
	for (uint32_t i = list + 1; index >= 0 && i < at[list].next; i = at[i].next) {
		if (index-- == 0)
			come_to(d, i);
	}
}

static void come_to_each(struct stix_data *d, uint32_t list)
{
	const struct json_token *at = d->tape.at;

	if (d->of_event && at[list].type == JSON_STRING)
		come_to(d, list);
	if (at[list].type != JSON_ARRAY && at[list].type != JSON_OBJECT)
		return;
	for (uint32_t i = list + 1; i < at[list].next; i = at[i].next)
		come_to(d, at[i].type == JSON_KEY ? i + 1 : i);
}

/* A text that is no object, but where references stand, leads to what it refers to. */
static void come_to_key(
	struct stix_data *d, struct place p, uint32_t object, struct str key, bool referring)
{
	if (referring && d->tape.at[object].type == JSON_STRING) {
		struct arena_mark start = arena_mark(&d->a);
		object = stix_data_find(d, p.scope, stix_data_text(d, object));
		arena_rewind(&d->a, start);
	}
	uint32_t at = stix_data_member(d, object, key);
	if (at != DATA_NONE)
		come_to(d, at);
}

/* Fills d->now with what the path leads to. */
static void walk(struct stix_data *d, struct place p, const struct pattern_test *t)
{
	bool referring = false;

	d->now.n = 0;
	*vec_push(&d->now) = p.object;
	for (uint32_t i = 0; i < t->n_steps && d->now.n; i++) {
		const struct pattern_step *s = &t->steps[i];
		d->step++;
		d->then.n = 0;
		for (size_t k = 0; k < d->now.n; k++) {
			if (s->kind == PATTERN_KEY)
				come_to_key(d, p, d->now.at[k], s->key, referring);
			else if (s->kind == PATTERN_INDEX)
				come_to_index(d, d->now.at[k], s->index);
			else
				come_to_each(d, d->now.at[k]);
		}
		d->now.n = 0;
		for (size_t k = 0; k < d->then.n; k++)
			*vec_push(&d->now) = d->then.at[k];
		if (s->kind == PATTERN_KEY)
			referring = str_ends(s->key, STR("_ref")) || str_ends(s->key, STR("_refs"));
	}
}

/* Which bytes the last key of a path says it holds. */
static bool decode(struct stix_data *d, const struct pattern_test *t, struct stix_value *inout)
{
	struct str key = STR("");

	for (uint32_t i = 0; i < t->n_steps; i++)
		key = t->steps[i].kind == PATTERN_KEY ? t->steps[i].key : key;
	bool hex = str_ends(key, STR("_hex"));
	if (!hex && !str_ends(key, STR("_bin")))
		return true;
	inout->kind = STIX_BYTES;
	return hex ? stix_hex(&d->a, inout->text, &inout->text)
		   : stix_base64(&d->a, inout->text, &inout->text);
}

static struct stix_value value_at(struct stix_data *d, uint32_t at, const struct pattern_test *t)
{
	static const uint8_t kinds[] = {[JSON_STRING] = STIX_TEXT,
		[JSON_NUMBER] = STIX_NUMBER,
		[JSON_TRUE] = STIX_BOOL,
		[JSON_FALSE] = STIX_BOOL,
		[JSON_BROKEN] = STIX_NOTHING};
	const struct json_token *token = &d->tape.at[at];
	struct stix_value v = {.kind = (enum stix_kind)kinds[token->type]};

	v.text = json_span(d->text, token);
	if (v.kind == STIX_BOOL)
		v.text = token->type == JSON_TRUE ? STR("true") : STR("false");
	if (v.kind == STIX_TEXT) {
		v.text = stix_data_text(d, at);
		if (!decode(d, t, &v))
			v.kind = STIX_NOTHING;
	}
	return v;
}

static bool test_holds(struct stix_data *d, struct place p, const struct pattern_test *t)
{
	bool found = false;

	walk(d, p, t);
	for (size_t i = 0; i < d->now.n && !found; i++) {
		uint32_t at = d->now.at[i];
		if (d->tape.at[at].type == JSON_NULL || d->tape.at[at].type == JSON_BROKEN)
			continue;
		if (t->op == PATTERN_EXISTS)
			found = true;
		else {
			struct arena_mark start = arena_mark(&d->a);
			struct stix_value v = value_at(d, at, t);
			found = stix_test_holds(d->tests, t, &v);
			arena_rewind(&d->a, start);
		}
	}
	return t->op == PATTERN_EXISTS ? found != t->negated : found;
}

/* AND and OR of one object; a test of another type of object is false of it. */
static bool object_holds(
	struct stix_data *d, struct place p, struct str type, const struct pattern_node *n)
{
	if (n->kind == PATTERN_TEST)
		return str_eq(type, n->test->object) && test_holds(d, p, n->test);
	bool all = n->kind == PATTERN_ALL;
	for (const struct pattern_node *c = n->child; c; c = c->next) {
		if (object_holds(d, p, type, c) != all)
			return !all;
	}
	return all;
}

static bool place_holds(struct stix_data *d, struct place p, const struct pattern_node *bracket)
{
	if (d->known[p.object])
		return d->known[p.object] == 2;
	uint32_t at = stix_data_member(d, p.object, STR("type"));
	bool yes = at != DATA_NONE && d->tape.at[at].type == JSON_STRING;
	struct arena_mark start = arena_mark(&d->a);
	if (yes)
		yes = object_holds(d, p, stix_data_text(d, at), bracket->child);
	arena_rewind(&d->a, start);
	d->known[p.object] = yes ? 2 : 1;
	return yes;
}

bool stix_data_holds(void *arg, const struct pattern_node *bracket, uint32_t i)
{
	struct stix_data *d = arg;
	const struct observation *o = &d->observations.at[i];
	const struct json_token *at = d->tape.at;
	bool map = o->objects != DATA_NONE && at[o->objects].type == JSON_OBJECT;
	bool list = o->refs != DATA_NONE && at[o->refs].type == JSON_ARRAY;

	if (d->bracket != bracket)
		memset(d->known, 0, d->tape.n);
	d->bracket = bracket;
	for (uint32_t k = map ? o->objects + 1 : 0; map && k < at[o->objects].next;
		k = at[k].next) {
		if (place_holds(d, (struct place){k + 1, i + 1}, bracket))
			return true;
	}
	for (uint32_t k = list ? o->refs + 1 : 0; list && k < at[o->refs].next; k = at[k].next) {
		if (at[k].type != JSON_STRING)
			continue;
		uint32_t object = stix_data_find(d, 0, stix_data_text(d, k));
		if (object != DATA_NONE && place_holds(d, (struct place){object, 0}, bracket))
			return true;
	}
	return false;
}
