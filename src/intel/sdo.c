#include "intel/sdo.h"

#include "base/buf.h"

/* Where the properties that are plain strings go. */
static const struct {
	const char *key;
	size_t offset;
} texts[] = {
#define TEXT(name)                                                                                 \
	{                                                                                          \
#name, offsetof(struct sdo, name)                                                  \
	}
	TEXT(type),
	TEXT(id),
	TEXT(spec_version),
	TEXT(name),
	TEXT(description),
	TEXT(pattern),
	TEXT(pattern_type),
	TEXT(valid_from),
	TEXT(valid_until),
	TEXT(relationship_type),
	TEXT(source_ref),
	TEXT(target_ref),
	TEXT(definition_type),
#undef TEXT
};

struct str json_text(struct arena *a, struct str text, const struct json_token *t)
{
	struct str s = json_span(text, t);

	if (!(t->flags & JSON_ESCAPED))
		return s;
	return json_unescape(s, arena_alloc(a, s.n));
}

struct reading {
	struct sdo_reader *r;
	struct arena *a;
	struct str text;
	struct buf labels;
};

static const struct json_token *token(const struct reading *g, uint32_t at)
{
	return &g->r->tape.at[at];
}

static bool key_is(const struct reading *g, uint32_t key, const char *name)
{
	return str_eq(json_text(g->a, g->text, token(g, key)), str_of(name));
}

static void read_labels(struct reading *g, uint32_t array)
{
	for (uint32_t i = array + 1; i < token(g, array)->next; i = token(g, i)->next) {
		if (token(g, i)->type != JSON_STRING)
			continue;
		struct str label = json_text(g->a, g->text, token(g, i));
		g->r->sdo.benign |= str_eq_nocase(label, STR("benign"));
		if (g->labels.n)
			buf_str(&g->labels, STR(", "));
		buf_str(&g->labels, label);
	}
}

static void read_refs(struct reading *g, uint32_t array)
{
	for (uint32_t i = array + 1; i < token(g, array)->next; i = token(g, i)->next) {
		if (token(g, i)->type == JSON_STRING)
			*vec_push(&g->r->sdo.marking_refs) = json_text(g->a, g->text, token(g, i));
	}
}

/* A marking of a part counts for the whole: it must not become laxer by being read. */
static void read_granular(struct reading *g, uint32_t array)
{
	for (uint32_t i = array + 1; i < token(g, array)->next; i = token(g, i)->next) {
		if (token(g, i)->type != JSON_OBJECT)
			continue;
		for (uint32_t k = i + 1; k < token(g, i)->next; k = token(g, k)->next) {
			if (key_is(g, k, "marking_ref") && token(g, k + 1)->type == JSON_STRING)
				*vec_push(&g->r->sdo.marking_refs) =
					json_text(g->a, g->text, token(g, k + 1));
		}
	}
}

/* "tlp" of TLP 1 and "tlp_2_0" of the extension, however deep the object has them. */
static void read_tlp(struct reading *g, uint32_t object)
{
	for (uint32_t i = object + 1; i < token(g, object)->next; i++) {
		if (token(g, i)->type != JSON_KEY || token(g, i + 1)->type != JSON_STRING)
			continue;
		if (key_is(g, i, "tlp") || key_is(g, i, "tlp_2_0"))
			g->r->sdo.tlp = json_text(g->a, g->text, token(g, i + 1));
		else if (key_is(g, i, "statement"))
			g->r->sdo.statement = json_text(g->a, g->text, token(g, i + 1));
	}
}

static void read_string(struct reading *g, struct str key, uint32_t value)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (str_eq(key, str_of(texts[i].key))) {
			struct str s = json_text(g->a, g->text, token(g, value));
			memcpy((char *)&g->r->sdo + texts[i].offset, &s, sizeof(s));
			return;
		}
	}
}

static void read_array(struct reading *g, struct str key, uint32_t value)
{
	if (str_eq(key, STR("labels")) || str_eq(key, STR("indicator_types")))
		read_labels(g, value);
	else if (str_eq(key, STR("object_marking_refs")))
		read_refs(g, value);
	else if (str_eq(key, STR("granular_markings")))
		read_granular(g, value);
}

static void read_member(struct reading *g, uint32_t at)
{
	struct str key = json_text(g->a, g->text, token(g, at));
	const struct json_token *v = token(g, at + 1);
	uint64_t n;

	switch ((enum json_type)v->type) {
	case JSON_STRING:
		read_string(g, key, at + 1);
		break;
	case JSON_ARRAY:
		read_array(g, key, at + 1);
		break;
	case JSON_OBJECT:
		if (str_eq(key, STR("definition")) || str_eq(key, STR("extensions")))
			read_tlp(g, at + 1);
		break;
	case JSON_NUMBER:
		if (str_eq(key, STR("confidence")) && str_u64(json_span(g->text, v), &n) &&
			n <= 100)
			g->r->sdo.confidence = (int)n;
		break;
	case JSON_TRUE:
		g->r->sdo.revoked |= str_eq(key, STR("revoked"));
		break;
	case JSON_NULL:
	case JSON_FALSE:
	case JSON_KEY:
	case JSON_BROKEN:
		break;
	}
}

bool sdo_read(struct sdo_reader *r, struct arena *a, struct str object)
{
	struct flaws flaws = {.at = r->flaws};
	struct reading g = {.r = r, .a = a, .text = object};
	struct sdo empty = {
		.confidence = -1, .tlp = STR(""), .statement = STR(""), .labels = STR("")};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		memcpy((char *)&empty + texts[i].offset, &(struct str){"", 0}, sizeof(struct str));
	empty.marking_refs.at = r->sdo.marking_refs.at; /* its memory is kept */
	empty.marking_refs.cap = r->sdo.marking_refs.cap;
	r->sdo = empty;
	json_tokenise(&r->tape, object, &flaws, 0);
	r->n_flaws = flaws.n;
	if (r->tape.n == 0 || r->tape.at[0].type != JSON_OBJECT)
		return false;
	for (uint32_t i = 1; i < r->tape.at[0].next; i = r->tape.at[i].next)
		read_member(&g, i);
	if (g.labels.n)
		r->sdo.labels = arena_dup(a, buf_view(&g.labels));
	buf_release(&g.labels);
	return true;
}

void sdo_reader_release(struct sdo_reader *r)
{
	json_tape_release(&r->tape);
	vec_release(&r->sdo.marking_refs);
}
