/*
 * Warning lists: values that are well known and mean no harm, so that a sighting of them is looked
 * at twice.  Their entries are kept under the list's id; the list itself is a node whose `is` ends in
 * how entries are compared:
 *
 *	string      the value itself
 *	hostname    the name, and all names below it
 *	cidr        addresses of the network, or the address
 *	substring   values that have the text in them
 *	regex       values that the expression, in its delimiters, is found in
 */
#include "intel/line.h"
#include "intel/misp_inside.h"
#include "intel/misp_types.h"
#include "observe/value.h"
#include "text/json_cut.h"

enum list_type { LIST_STRING, LIST_HOSTNAME, LIST_CIDR, LIST_SUBSTRING, LIST_REGEX, LIST_TYPES };
static const char *const list_types[] = {
	[LIST_STRING] = "string",
	[LIST_HOSTNAME] = "hostname",
	[LIST_CIDR] = "cidr",
	[LIST_SUBSTRING] = "substring",
	[LIST_REGEX] = "regex",
};

struct warning {
	struct misp *m;
	struct indicator base;
	enum list_type type;
	bool kinds[KINDS]; /* that the attributes it is for can be */
	uint32_t line;
};

/* "localhost", "com": the name of a machine, or of a top-level domain. */
static bool one_label(struct gather *g, struct str value, struct word *w)
{
	bool ask;

	*w = (struct word){.what = WORD_VALUE};
	return value_as_with(&g->scratch, idna_to_ascii, KIND_DOMAIN, value, &w->o, &ask) &&
	       w->o.kind == KIND_HOST;
}

/* Lists write a name and all below it with a dot in front. */
static struct str bare(struct str value)
{
	while (value.n && value.p[0] == '.')
		value = str_from(value, 1);
	while (value.n && value.p[value.n - 1] == '.')
		value.n--;
	return value;
}

/* By the kinds that the list is for, else by the shape of the value. */
static bool value_of(struct warning *l, struct str value, struct word *w)
{
	struct gather *g = l->m->g;

	if (l->type == LIST_CIDR)
		return word_as(&g->scratch, KIND_IP, value, w) &&
		       (w->what == WORD_NETWORK || w->o.kind == KIND_IP);
	if (l->type == LIST_HOSTNAME)
		return word_as(&g->scratch, KIND_DOMAIN, bare(value), w) ||
		       one_label(g, bare(value), w);
	for (unsigned k = 0; k < KINDS; k++) {
		struct str v = k == KIND_DOMAIN ? bare(value) : value;
		if (l->kinds[k] && k != KIND_URL && word_as(&g->scratch, (enum kind)k, v, w))
			return true;
	}
	word_read(&g->scratch, value, w);
	if (w->what == WORD_VALUE || w->what == WORD_NETWORK)
		return true;
	return l->kinds[KIND_DOMAIN] && one_label(g, bare(value), w);
}

/*
 * "/a+/i": PHP's delimiters, which MISP's lists have.  Whether it is an expression is said by what
 * runs it, in a box.
 */
static bool is_delimited(struct str s)
{
	static const char opening[] = "([{<", closing[] = ")]}>";
	char first = s.n ? s.p[0] : 'a';
	const char *bracket = memchr(opening, first, sizeof(opening) - 1);
	char last = bracket ? closing[bracket - opening] : first;

	if (ascii_is_alnum(first) || first == '\\' || first == ' ')
		return false;
	while (s.n > 1 && ascii_is_alpha(s.p[s.n - 1]))
		s.n--;
	return s.n > 2 && s.p[s.n - 1] == last;
}

static void entry(struct warning *l, struct str value, struct str comment, uint32_t line)
{
	struct gather *g = l->m->g;
	struct arena_mark mark = arena_mark(&g->scratch);
	struct indicator in = l->base;
	struct word w;

	value = str_trim(value);
	in.line = line;
	in.original = value;
	in.context = str_upto(comment, CONTEXT_BYTES);
	if (value.n == 0)
		gather_skip(g, line, in.id, STR("an empty entry"));
	else if (l->type == LIST_REGEX && !is_delimited(value))
		gather_skip(g, line, value, STR("no expression in delimiters"));
	else if (l->type == LIST_REGEX || l->type == LIST_SUBSTRING)
		gather_other(g, &in, l->type == LIST_REGEX ? INDICATOR_REGEX : INDICATOR_SUBSTRING);
	else if (value_of(l, value, &w))
		gather_word(g, &in, &w);
	else
		gather_skip(g, line, value,
			l->type == LIST_CIDR       ? STR("no address and no network")
			: l->type == LIST_HOSTNAME ? STR("no name of a host")
						   : STR("no value of a kind that spoor knows"));
	arena_rewind(&g->scratch, mark);
}

static struct str unquoted(struct warning *l, struct str raw)
{
	if (raw.n < 2 || raw.p[0] != '"')
		return raw;
	struct str inner = str_from(str_upto(raw, raw.n - 1), 1);
	return json_unescape(inner, arena_alloc(&l->m->g->scratch, inner.n));
}

/* "value", or {"value": …, "comment": …}. */
static void one_entry(void *arg, enum json_cut_kind kind, struct str value, uint32_t line)
{
	struct warning *l = arg;
	struct gather *g = l->m->g;
	struct arena_mark mark = arena_mark(&g->scratch);

	line += l->line - 1;
	if (kind == JSON_CUT_BUNDLE || kind == JSON_CUT_OPEN)
		return;
	if (kind == JSON_CUT_OTHER)
		entry(l, unquoted(l, value), STR(""), line);
	else if (kind == JSON_CUT_OBJECT && jobject_read(&l->m->o, &g->scratch, value))
		entry(l, jobject_text(&l->m->o, 0, "value"), jobject_text(&l->m->o, 0, "comment"),
			line);
	else
		gather_skip(g, line, value, STR("no entry of a list"));
	arena_rewind(&g->scratch, mark);
}

/* {"value": "comment", …} */
static bool one_member(void *arg, struct str key, struct str value)
{
	struct warning *l = arg;
	struct gather *g = l->m->g;
	struct arena_mark mark = arena_mark(&g->scratch);
	struct str name = json_unescape(key, arena_alloc(&g->scratch, key.n));

	entry(l, name, value.p[0] == '"' ? unquoted(l, value) : STR(""), l->line);
	arena_rewind(&g->scratch, mark);
	return true;
}

/* Which attributes it is for, as kinds and as edges of the list. */
static void read_attributes(struct warning *l, struct str raw)
{
	struct misp *m = l->m;
	struct jobject *o = &m->o;
	struct str text = arena_printf(
		&m->g->scratch, "{\"a\":" STR_FMT "}", STR_ARG(str_upto(raw, 1 << 16)));
	uint32_t array;

	if (raw.n == 0 || !jobject_read(o, &m->g->scratch, text))
		return;
	array = jobject_at(o, 0, "a");
	for (uint32_t i = jobject_first_text(o, array); i; i = jobject_next(o, array, i)) {
		struct edge e = edge_empty();
		const struct misp_type *t = misp_type_of(jobject_text_of(o, i));
		e.from = l->base.id;
		e.type = STR("applies-to");
		e.to = jobject_text_of(o, i);
		e.place.line = l->line;
		if (e.to.n)
			gather_edge(m->g, &e);
		for (int side = 0; t && side < 2; side++) {
			if (t->how[side] == MISP_KIND)
				l->kinds[t->kind[side]] = true;
		}
	}
}

static bool type_of(struct str type, enum list_type *ret)
{
	if (type.n == 0) /* MISP's default */
		type = STR("string");
	for (unsigned i = 0; i < LIST_TYPES; i++) {
		if (str_eq(type, str_of(list_types[i]))) {
			*ret = (enum list_type)i;
			return true;
		}
	}
	return false;
}

static void list_node(struct warning *l, const struct misp_parts *p, struct str object)
{
	struct misp *m = l->m;
	struct node n = node_empty();

	n.type = NODE_OTHER;
	n.is = arena_printf(&m->g->scratch, "misp-warninglist:%s", list_types[l->type]);
	n.id = l->base.id;
	n.name = misp_part_text(m, p, "name");
	n.external = misp_part_text(m, p, "version");
	n.description = misp_part_text(m, p, "description");
	n.place = misp_place(m, object, l->line);
	gather_node(m->g, &n);
}

void misp_warning_read(struct misp *m, struct str object, uint32_t line)
{
	static const char *const wanted[] = {"name", "version", "description", "type", "list",
		"matching_attributes", "category", NULL};
	struct warning l = {.m = m, .line = line};
	struct misp_parts p;
	struct str type, list, name;

	misp_parts_read(&p, object, wanted);
	name = misp_part_text(m, &p, "name");
	type = misp_part_text(m, &p, "type");
	list = misp_part(&p, "list");
	if (!type_of(type, &l.type) || (type.n == 0 && misp_part(&p, "type").n)) {
		gather_skip(m->g, line, name,
			arena_printf(m->g->a,
				"a warning list of type '" STR_FMT
				"', which nobody knows: not loaded",
				STR_ARG(str_upto(type.n ? type : misp_part(&p, "type"), 60))));
		return;
	}
	if (!gather_begin_warnings(m->g)) {
		gather_skip(m->g, line, name,
			STR("a warning list among indicators: not loaded; add it as a source of "
			    "its "
			    "own"));
		return;
	}
	l.base = gather_base(line);
	l.base.id =
		arena_printf(m->g->a, "misp-warninglist:" STR_FMT, STR_ARG(str_upto(name, 200)));
	list_node(&l, &p, object);
	read_attributes(&l, misp_part(&p, "matching_attributes"));
	l.line = misp_line(object, line, list);
	if (list.n && list.p[0] == '{')
		json_cut_members(list, one_member, &l);
	else if (list.n > 1)
		json_cut(str_from(str_upto(list, list.n - 1), 1), STR("\x01"), one_entry, &l);
	gather_end_warnings(m->g);
}
