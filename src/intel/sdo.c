#include "intel/sdo.h"

#include "base/buf.h"
#include "intel/confidence.h"

/* Values of an observed-data that its name lists, and how long each may be in it. */
#define INSIDE_MAX 4u
#define INSIDE_BYTES 200u

/* Where the properties that are plain texts go; some may be numbers as well. */
static const struct {
	const char *key;
	uint16_t length, offset;
	bool number;
} texts[] = {
#define TEXT(name) {#name, sizeof(#name) - 1, offsetof(struct sdo, name), false},
#define NUMBER(name) {#name, sizeof(#name) - 1, offsetof(struct sdo, name), true},
#include "intel/sdo_texts.def"
#undef TEXT
#undef NUMBER
};
#define TEXTS (sizeof(texts) / sizeof(texts[0]))

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
	struct buf labels, inside;
	unsigned n_inside;
};

static const struct json_token *token(const struct reading *g, uint32_t at)
{
	return &g->r->tape.at[at];
}

static struct str text_at(const struct reading *g, uint32_t at)
{
	return json_text(g->a, g->text, token(g, at));
}

static bool key_is(const struct reading *g, uint32_t key, const char *name)
{
	return str_eq(text_at(g, key), str_of(name));
}

static bool is_text(struct str key, size_t i)
{
	return str_eq(key, (struct str){texts[i].key, texts[i].length});
}

static struct str *slot(struct sdo *o, size_t i)
{
	return (struct str *)(void *)((char *)o + texts[i].offset);
}

static void wrong(struct reading *g, const char *key)
{
	if (!g->r->sdo.wrong)
		g->r->sdo.wrong = key;
}

/* Each element of an array of texts, at the index of its token. */
#define EACH(g, i, container)                                                                      \
	for (uint32_t i = (container) + 1; i < token(g, container)->next; i = token(g, i)->next)

static void read_labels(struct reading *g, uint32_t array)
{
	EACH(g, i, array)
	{
		if (token(g, i)->type != JSON_STRING)
			continue;
		struct str label = text_at(g, i);
		g->r->sdo.benign |= str_eq_nocase(label, STR("benign"));
		if (g->labels.n)
			buf_str(&g->labels, STR(", "));
		buf_str(&g->labels, label);
	}
}

static void read_aliases(struct reading *g, uint32_t array)
{
	EACH(g, i, array)
	{
		if (token(g, i)->type == JSON_STRING)
			*vec_push(&g->r->sdo.aliases) = text_at(g, i);
	}
}

/* A marking that is no text is one that isn't known. */
static void read_marking(struct reading *g, uint32_t at)
{
	*vec_push(&g->r->sdo.marking_refs) =
		token(g, at)->type == JSON_STRING ? text_at(g, at) : STR("");
}

/* A marking of a part counts for the whole: it must not become laxer by being read. */
static void read_granular(struct reading *g, uint32_t array)
{
	EACH(g, i, array)
	{
		bool language = false, marked = false;
		if (token(g, i)->type != JSON_OBJECT)
			continue;
		EACH(g, k, i)
		{
			language |= key_is(g, k, "lang");
			if (!key_is(g, k, "marking_ref"))
				continue;
			read_marking(g, k + 1);
			marked = true;
		}
		if (!marked && !language)
			*vec_push(&g->r->sdo.marking_refs) = STR("");
	}
}

static void read_refs(struct reading *g, struct str key, uint32_t array)
{
	EACH(g, i, array)
	{
		if (token(g, i)->type == JSON_STRING)
			*vec_push(&g->r->sdo.refs) = (struct sdo_ref){key, text_at(g, i)};
	}
}

static void read_references(struct reading *g, uint32_t array)
{
	EACH(g, i, array)
	{
		struct sdo_reference r = {STR(""), STR(""), STR(""), STR("")};
		if (token(g, i)->type != JSON_OBJECT)
			continue;
		EACH(g, k, i)
		{
			if (token(g, k + 1)->type != JSON_STRING)
				continue;
			if (key_is(g, k, "source_name"))
				r.source = text_at(g, k + 1);
			else if (key_is(g, k, "external_id"))
				r.id = text_at(g, k + 1);
			else if (key_is(g, k, "description"))
				r.description = text_at(g, k + 1);
			else if (key_is(g, k, "url"))
				r.url = text_at(g, k + 1);
		}
		*vec_push(&g->r->sdo.references) = r;
	}
}

static void read_phases(struct reading *g, uint32_t array)
{
	EACH(g, i, array)
	{
		struct sdo_phase p = {STR(""), STR("")};
		if (token(g, i)->type != JSON_OBJECT)
			continue;
		EACH(g, k, i)
		{
			if (token(g, k + 1)->type != JSON_STRING)
				continue;
			if (key_is(g, k, "kill_chain_name"))
				p.chain = text_at(g, k + 1);
			else if (key_is(g, k, "phase_name"))
				p.name = text_at(g, k + 1);
		}
		if (p.name.n)
			*vec_push(&g->r->sdo.phases) = p;
	}
}

/* "tlp" of TLP 1 and "tlp_2_0" of the extension, however deep the object has them. */
static void read_tlp(struct reading *g, uint32_t object)
{
	for (uint32_t i = object + 1; i < token(g, object)->next; i++) {
		if (token(g, i)->type != JSON_KEY || token(g, i + 1)->type != JSON_STRING)
			continue;
		if (key_is(g, i, "tlp") || key_is(g, i, "tlp_2_0"))
			g->r->sdo.tlp = text_at(g, i + 1);
		else if (key_is(g, i, "statement"))
			g->r->sdo.statement = text_at(g, i + 1);
	}
}

static void read_hashes(struct reading *g, uint32_t object)
{
	EACH(g, k, object)
	{
		if (token(g, k + 1)->type == JSON_STRING && g->r->sdo.hash.n == 0)
			g->r->sdo.hash = text_at(g, k + 1);
	}
}

/* One observable inside a 2.0 observed-data: its type and the first text that names it. */
static void read_inside(struct reading *g, uint32_t object)
{
	static const char *const by[] = {"value", "name", "path", "key", "subject", "user_id"};
	struct str type = STR(""), found = STR("");
	size_t best = sizeof(by) / sizeof(by[0]);

	EACH(g, k, object)
	{
		if (token(g, k + 1)->type != JSON_STRING)
			continue;
		if (key_is(g, k, "type"))
			type = text_at(g, k + 1);
		for (size_t i = 0; i < best; i++) {
			if (key_is(g, k, by[i])) {
				found = text_at(g, k + 1);
				best = i;
			}
		}
	}
	if (type.n == 0)
		return;
	if (g->inside.n)
		buf_str(&g->inside, STR(", "));
	buf_str(&g->inside, str_upto(type, INSIDE_BYTES));
	if (found.n) {
		buf_putc(&g->inside, ' ');
		buf_str(&g->inside, str_upto(found, INSIDE_BYTES));
	}
}

static void read_objects(struct reading *g, uint32_t object)
{
	EACH(g, k, object)
	{
		if (token(g, k + 1)->type == JSON_OBJECT && g->n_inside++ < INSIDE_MAX)
			read_inside(g, k + 1);
	}
}

static void read_text(struct reading *g, struct str key, uint32_t value)
{
	bool number = token(g, value)->type == JSON_NUMBER;
	struct str s = text_at(g, value);

	for (size_t i = 0; i < TEXTS; i++) {
		if (!is_text(key, i))
			continue;
		if (number && !texts[i].number)
			wrong(g, texts[i].key);
		else
			*slot(&g->r->sdo, i) = s;
		break;
	}
	if (str_ends(key, STR("_ref")) && !number)
		*vec_push(&g->r->sdo.refs) = (struct sdo_ref){key, s};
	else if (str_eq(key, STR("object_marking_refs")))
		read_marking(g, value); /* not in an array, but meant */
	else if (str_eq(key, STR("confidence")))
		g->r->sdo.confidence = confidence_of_text(s);
	else if (str_eq(key, STR("revoked")))
		g->r->sdo.revoked |= str_eq_nocase(s, STR("true"));
}

static void read_array(struct reading *g, struct str key, uint32_t value)
{
	if (str_eq(key, STR("labels")) || str_eq(key, STR("indicator_types")))
		read_labels(g, value);
	else if (str_eq(key, STR("aliases")) || str_eq(key, STR("x_mitre_aliases")) ||
		 str_eq(key, STR("x_opencti_aliases")))
		read_aliases(g, value);
	else if (str_eq(key, STR("object_marking_refs")))
		EACH(g, i, value)
	read_marking(g, i);
	else if (str_eq(key, STR("granular_markings"))) read_granular(g, value);
	else if (str_eq(key, STR("external_references"))) read_references(g, value);
	else if (str_eq(key, STR("kill_chain_phases"))) read_phases(g, value);
	else if (str_ends(key, STR("_refs"))) read_refs(g, key, value);
}

static void read_object(struct reading *g, struct str key, uint32_t value)
{
	if (str_eq(key, STR("definition")) || str_eq(key, STR("extensions")))
		read_tlp(g, value);
	else if (str_eq(key, STR("hashes")))
		read_hashes(g, value);
	else if (str_eq(key, STR("objects")))
		read_objects(g, value);
	else if (str_eq(key, STR("object_marking_refs")) || str_eq(key, STR("granular_markings")))
		*vec_push(&g->r->sdo.marking_refs) = STR("");
}

/* A text that is something else is as good as missing, and that is said. */
static void check_type(struct reading *g, struct str key, enum json_type type)
{
	static const char *const arrays[] = {"aliases", "labels", "object_marking_refs",
		"granular_markings", "external_references", "kill_chain_phases", "object_refs"};
	bool text = type == JSON_STRING || type == JSON_NUMBER;

	if (type == JSON_NULL)
		return;
	for (size_t i = 0; !text && i < TEXTS; i++) {
		if (is_text(key, i))
			wrong(g, texts[i].key);
	}
	for (size_t i = 0; type != JSON_ARRAY && i < sizeof(arrays) / sizeof(arrays[0]); i++) {
		if (str_eq(key, str_of(arrays[i])))
			wrong(g, arrays[i]);
	}
}

static void read_member(struct reading *g, uint32_t at)
{
	struct str key = text_at(g, at);
	const struct json_token *v = token(g, at + 1);

	check_type(g, key, (enum json_type)v->type);
	switch ((enum json_type)v->type) {
	case JSON_STRING:
	case JSON_NUMBER:
		read_text(g, key, at + 1);
		break;
	case JSON_ARRAY:
		read_array(g, key, at + 1);
		break;
	case JSON_OBJECT:
		read_object(g, key, at + 1);
		break;
	case JSON_TRUE:
		g->r->sdo.revoked |=
			str_eq(key, STR("revoked")) || str_eq(key, STR("x_mitre_deprecated"));
		break;
	case JSON_NULL:
	case JSON_FALSE:
	case JSON_KEY:
	case JSON_BROKEN:
		break;
	}
}

/* Empty, but for the memory of its tables. */
static void clear(struct sdo *o)
{
	for (size_t i = 0; i < TEXTS; i++)
		*slot(o, i) = STR("");
	o->tlp = o->statement = o->hash = o->labels = o->inside = STR("");
	o->confidence = -1;
	o->revoked = o->benign = false;
	o->wrong = NULL;
	o->marking_refs.n = o->aliases.n = o->refs.n = o->references.n = o->phases.n = 0;
}

bool sdo_read(struct sdo_reader *r, struct arena *a, struct str object)
{
	struct flaws flaws = {.at = r->flaws};
	struct reading g = {.r = r, .a = a, .text = object};

	clear(&r->sdo);
	json_tokenise(&r->tape, object, &flaws, 0);
	r->n_flaws = flaws.n;
	if (r->tape.n == 0 || r->tape.at[0].type != JSON_OBJECT)
		return false;
	for (uint32_t i = 1; i < r->tape.at[0].next; i = r->tape.at[i].next)
		read_member(&g, i);
	if (g.labels.n)
		r->sdo.labels = arena_dup(a, buf_view(&g.labels));
	if (g.inside.n)
		r->sdo.inside = arena_dup(a, buf_view(&g.inside));
	buf_release(&g.labels);
	buf_release(&g.inside);
	return true;
}

void sdo_reader_release(struct sdo_reader *r)
{
	json_tape_release(&r->tape);
	vec_release(&r->sdo.marking_refs);
	vec_release(&r->sdo.aliases);
	vec_release(&r->sdo.refs);
	vec_release(&r->sdo.references);
	vec_release(&r->sdo.phases);
}
