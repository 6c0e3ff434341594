#include "intel/misp.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/hash.h"
#include "intel/misp_inside.h"
#include "text/json_cut.h"

/* What an object of MISP is, by its keys. */
enum shape {
	NOT_MISP,
	IN_EVENT,  /* {"Event": …} */
	IN_ANSWER, /* {"response": {…}}; an array is looked into by json_cut */
	EVENT,
	CLUSTERS,
	GALAXY,
	SHARING_GROUP,
	TAXONOMY,
	TEMPLATE,
	WARNING_LIST,
	MANIFEST,
};

static const struct {
	const char *kind;
	void (*read)(struct misp *m, struct str object, uint32_t line);
} readers[] = {
	[EVENT] = {"misp", misp_event_read},
	[CLUSTERS] = {"misp-galaxy", misp_clusters_read},
	[GALAXY] = {"misp-galaxy", misp_galaxy_read},
	[SHARING_GROUP] = {"misp", misp_sharing_group_read},
	[TAXONOMY] = {"misp-taxonomy", misp_taxonomy_read},
	[TEMPLATE] = {"misp-object", misp_template_read},
	[WARNING_LIST] = {"misp-warninglist", misp_warning_read},
	[MANIFEST] = {"misp-manifest", misp_manifest_read},
};

/* Keys that tell, with the first byte that their value must have. */
enum key {
	KEY_EVENT = 1 << 0,
	KEY_RESPONSE = 1 << 1,
	KEY_ATTRIBUTE = 1 << 2,
	KEY_INFO = 1 << 3,
	KEY_THREAT = 1 << 4,
	KEY_VALUES = 1 << 5,
	KEY_TYPE = 1 << 6,
	KEY_NAME = 1 << 7,
	KEY_NAMESPACE = 1 << 8,
	KEY_PREDICATES = 1 << 9,
	KEY_META = 1 << 10,
	KEY_ATTRIBUTES = 1 << 11,
	KEY_LIST = 1 << 12,
	KEY_VERSION = 1 << 13,
	KEY_UUID = 1 << 14,
	KEY_SHARING = 1 << 15,
	KEY_STIX = 1 << 16,
	KEY_MATCHING = 1 << 17,
};

static const struct {
	const char *name, *begins; /* NULL: with anything */
	unsigned key;
} keys[] = {
	{"Event", "{", KEY_EVENT},
	{"response", "{[", KEY_RESPONSE},
	{"Attribute", "[{", KEY_ATTRIBUTE},
	{"Object", "[{", KEY_ATTRIBUTE},
	{"ShadowAttribute", "[", KEY_ATTRIBUTE},
	{"info", "\"", KEY_INFO},
	{"threat_level_id", NULL, KEY_THREAT},
	{"analysis", NULL, KEY_THREAT},
	{"Orgc", "{", KEY_THREAT},
	{"Tag", "[", KEY_THREAT},
	{"values", "[", KEY_VALUES},
	{"type", NULL, KEY_TYPE},
	{"name", "\"", KEY_NAME},
	{"namespace", "\"", KEY_NAMESPACE},
	{"predicates", "[", KEY_PREDICATES},
	{"meta-category", "\"", KEY_META},
	{"attributes", "{", KEY_ATTRIBUTES},
	{"list", "[{", KEY_LIST},
	{"version", NULL, KEY_VERSION},
	{"matching_attributes", NULL, KEY_MATCHING},
	{"uuid", "\"", KEY_UUID},
	{"SharingGroup", "{", KEY_SHARING},
	{"spec_version", NULL, KEY_STIX},
	{"objects", "[", KEY_STIX},
};

/* Where the first object begins: behind blanks and the brackets of arrays. */
static struct str first_object(struct str text)
{
	while (text.n && memchr(" \t\r\n[", text.p[0], 5))
		text = str_from(text, 1);
	return text.n && text.p[0] == '{' ? text : STR("");
}

struct probe {
	unsigned keys;
	size_t n;
	bool manifest; /* its first key is a uuid, and holds what an event is about */
};

static bool probe_member(void *arg, struct str key, struct str value)
{
	struct probe *p = arg;
	struct str info;

	if (p->n++ == 0 && str_is_uuid(key) && value.p[0] == '{') {
		p->manifest = json_cut_member(value, STR("info"), &info);
		return false;
	}
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *begins = keys[i].begins;
		if (str_eq(key, str_of(keys[i].name)) &&
			(!begins || memchr(begins, value.p[0], strlen(begins))))
			p->keys |= keys[i].key;
	}
	if (str_eq(key, STR("values")) && first_object(value).n == 0)
		p->keys &= ~(unsigned)KEY_VALUES;
	/* Told before its objects, which may be two gigabytes, are looked for to their end. */
	if (str_eq(key, STR("type")) && str_eq(value, STR("\"bundle\"")))
		p->keys |= KEY_STIX;
	/* "indicator--…": an id of STIX. */
	value = str_upto(value, 80);
	if (str_eq(key, STR("id")) && str_find(value, STR("--")) < value.n)
		p->keys |= KEY_STIX;
	return !(p->keys & (KEY_STIX | KEY_EVENT));
}

static bool has(const struct probe *p, unsigned all)
{
	return (p->keys & all) == all;
}

static enum shape shape_of(struct str object)
{
	struct probe p = {0};

	json_cut_members(object, probe_member, &p);
	if (p.manifest)
		return MANIFEST;
	if (p.keys & KEY_STIX)
		return NOT_MISP;
	if (p.keys & KEY_EVENT)
		return IN_EVENT;
	if (p.keys & KEY_SHARING)
		return SHARING_GROUP;
	if (p.keys & KEY_ATTRIBUTE || has(&p, KEY_INFO | KEY_THREAT))
		return EVENT;
	if (has(&p, KEY_META | KEY_ATTRIBUTES | KEY_NAME))
		return TEMPLATE;
	if (has(&p, KEY_NAMESPACE | KEY_PREDICATES))
		return TAXONOMY;
	if (has(&p, KEY_VALUES | KEY_TYPE | KEY_NAME))
		return CLUSTERS;
	if (has(&p, KEY_NAMESPACE | KEY_TYPE | KEY_NAME | KEY_UUID))
		return GALAXY;
	/* Somebody's list of what is bad must not pass for one of what is harmless. */
	if (has(&p, KEY_LIST | KEY_NAME | KEY_VERSION) && p.keys & (KEY_TYPE | KEY_MATCHING))
		return WARNING_LIST;
	return p.keys & KEY_RESPONSE ? IN_ANSWER : NOT_MISP;
}

static enum shape shape_within(struct str text, struct str *ret_object)
{
	struct str object = first_object(text), inner;
	enum shape shape = object.n ? shape_of(object) : NOT_MISP;

	*ret_object = object;
	if (shape != IN_ANSWER || !json_cut_member(object, STR("response"), &inner))
		return shape;
	*ret_object = first_object(inner);
	return ret_object->n ? shape_of(*ret_object) : NOT_MISP;
}

static void read_object(struct misp *m, struct str object, uint32_t line);

static void one_of_answer(struct misp *m, void *arg, struct str value, uint32_t line)
{
	(void)arg;
	read_object(m, value, line);
}

static void read_object(struct misp *m, struct str object, uint32_t line)
{
	enum shape shape = shape_of(object);
	struct str inner;

	if (shape == IN_ANSWER && !m->in_answer &&
		json_cut_member(object, STR("response"), &inner)) {
		m->in_answer = true;
		misp_each(m, inner, misp_line(object, line, inner), true, one_of_answer, NULL);
		m->in_answer = false;
		return;
	}
	if (shape == IN_EVENT && json_cut_member(object, STR("Event"), &inner)) {
		line = misp_line(object, line, inner);
		object = inner;
		shape = EVENT;
	}
	if (shape == NOT_MISP || shape == IN_ANSWER || shape == IN_EVENT)
		gather_skip(m->g, line, object, STR("no event, cluster or list of MISP"));
	else
		readers[shape].read(m, object, line);
}

static void one_value(void *arg, enum json_cut_kind kind, struct str value, uint32_t line)
{
	struct misp *m = arg;
	struct arena_mark mark = arena_mark(&m->g->scratch);

	if (m->cut || kind == JSON_CUT_BUNDLE)
		return;
	if (kind == JSON_CUT_OPEN) {
		gather_skip(m->g, line, value,
			STR("the text ends within this value; it is read as far as it goes"));
	} else if (kind == JSON_CUT_OBJECT) {
		read_object(m, value, line);
	} else if (kind == JSON_CUT_BROKEN) {
		/* The value has no end, so that nothing behind it has a beginning. */
		size_t at = (size_t)(value.p - m->text.p);
		struct str rest = first_object(str_from(m->text, at));
		m->cut = true;
		gather_skip(m->g, line, str_upto(value, str_chr(value, '\n')),
			STR("the text ends within this value; it is read as far as it goes"));
		if (rest.n)
			read_object(m, rest, misp_line(str_from(m->text, at), line, rest));
	} else {
		gather_skip(m->g, line, value, STR("no object"));
	}
	arena_rewind(&m->g->scratch, mark);
}

bool misp_is_warning_list(struct str text)
{
	struct str object;

	return shape_within(text, &object) == WARNING_LIST;
}

struct str misp_read(struct gather *g, struct str text, struct str given)
{
	struct misp *m;
	struct str object;
	enum shape shape = shape_within(text, &object);

	if (shape == NOT_MISP || shape == IN_ANSWER)
		return STR("");
	m = arena_new(g->a, struct misp);
	m->g = g;
	m->text = text;
	m->given = given;
	json_cut(text, STR("response"), one_value, m);
	jobject_release(&m->o);
	free(m->made);
	return str_of(readers[shape == IN_EVENT ? EVENT : shape].kind);
}
