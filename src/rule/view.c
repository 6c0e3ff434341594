#include "rule/view.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"

/* Nodes that one place of an event can stand for, and JSON in texts that is looked into. */
#define NODES_MAX 16u
#define TAPES_MAX 64u

/* Where a walk is: the nodes that the path leads to. */
struct at {
	uint32_t node[NODES_MAX];
	uint32_t element[NODES_MAX]; /* below an [all]: of which element */
	uint32_t n;
};

struct walk {
	struct view *v;
	struct str text;
	const struct json_token *tape;
	unsigned nesting;
};

void view_init(struct view *v, const struct fields *f)
{
	*v = (struct view){.f = f};
	v->slots = calloc(f->fields.n + 1, sizeof(*v->slots));
	v->counts = calloc(f->nodes.n + 1, sizeof(*v->counts));
	v->tapes = calloc(TAPES_MAX, sizeof(*v->tapes));
	if (!v->slots || !v->counts || !v->tapes)
		BUG("out of memory");
}

void view_release(struct view *v)
{
	for (uint32_t i = 0; v->tapes && i < TAPES_MAX; i++)
		json_tape_release(&v->tapes[i]);
	free(v->tapes);
	free(v->slots);
	free(v->counts);
	vec_release(&v->values);
	vec_release(&v->texts);
	arena_release(&v->arena);
}

static struct view_slot *slot_of(struct view *v, uint32_t field)
{
	struct view_slot *s = &v->slots[field];

	if (s->epoch != v->epoch)
		*s = (struct view_slot){v->epoch, FIELD_NONE, FIELD_NONE};
	return s;
}

static void add_to(struct view *v, uint32_t field, uint32_t element, struct str text, int type)
{
	struct view_slot *s = slot_of(v, field);
	uint32_t at = (uint32_t)v->values.n;

	*vec_push(&v->values) = (struct view_value){.text = text,
		.field = field,
		.next = FIELD_NONE,
		.element = element,
		.type = (uint8_t)type};
	if (s->last == FIELD_NONE)
		s->first = at;
	else
		v->values.at[s->last].next = at;
	s->last = at;
}

static void add_value(struct view *v, uint32_t node, uint32_t element, struct str text, int type)
{
	const struct field_end *ends = v->f->ends.at;

	for (uint32_t e = v->f->nodes.at[node].field_first; e != FIELD_NONE; e = ends[e].next)
		add_to(v, ends[e].field, element, text, type);
}

void view_begin(struct view *v, struct str raw)
{
	struct arena_mark start = {0};

	arena_rewind(&v->arena, start);
	if (++v->epoch == 0) {
		memset(v->slots, 0, (v->f->fields.n + 1) * sizeof(*v->slots));
		memset(v->counts, 0, (v->f->nodes.n + 1) * sizeof(*v->counts));
		v->epoch = 1;
	}
	v->visits = v->gave_up = 0;
	v->values.n = v->texts.n = 0;
	v->n_tapes = 0;
	v->raw = raw;
	for (size_t i = 0; i < v->f->said.n; i++)
		add_to(v, v->f->said.at[i].field, 0, v->f->said.at[i].text, JSON_STRING);
}

static void enter(struct at *to, uint32_t node, uint32_t element)
{
	if (node == FIELD_NONE || to->n == NODES_MAX)
		return;
	to->node[to->n] = node;
	to->element[to->n++] = element;
}

/* The part "name" below each node of from; a name with dots leads through several. */
static void below(struct view *v, const struct at *from, struct str name, struct at *to)
{
	bool dotted = str_chr(name, '.') < name.n;

	to->n = 0;
	for (uint32_t i = 0; i < from->n; i++) {
		struct str rest = name;
		uint32_t node = from->node[i];
		if (!dotted)
			node = fields_child(v->f, node, name);
		while (dotted && rest.n && node != FIELD_NONE)
			node = fields_child(v->f, node, str_cut(&rest, '.'));
		enter(to, node, from->element[i]);
	}
}

static void walk_value(struct walk *w, const struct at *at, uint32_t token);

static struct str text_of(struct walk *w, const struct json_token *t)
{
	struct str s = json_span(w->text, t);

	if (!(t->flags & JSON_ESCAPED))
		return s;
	return json_unescape(s, arena_alloc(&w->v->arena, s.n + 1));
}

/* Is it the event itself, or JSON that counts as such? */
static bool is_root(const struct at *at)
{
	for (uint32_t i = 0; i < at->n; i++) {
		if (at->node[i] == 0)
			return true;
	}
	return false;
}

static void walk_object(struct walk *w, const struct at *at, uint32_t object)
{
	for (uint32_t k = object + 1; k < w->tape[object].next; k = w->tape[k].next) {
		struct at to;
		below(w->v, at, text_of(w, &w->tape[k]), &to);
		/* JSON in a text of the event's own is the event's, whatever rules ask for. */
		if (w->tape[k + 1].type == JSON_STRING && is_root(at))
			enter(&to, 0, 0);
		if (to.n)
			walk_value(w, &to, k + 1);
	}
}

/* The first member with one of the names, as a token, or 0. */
static uint32_t member(struct walk *w, uint32_t object, const char *const *names, size_t n)
{
	for (uint32_t k = object + 1; k < w->tape[object].next; k = w->tape[k].next) {
		struct str key = json_span(w->text, &w->tape[k]);
		for (size_t i = 0; i < n; i++) {
			if (str_eq_nocase(key, str_of(names[i])))
				return k + 1;
		}
	}
	return 0;
}

/* {"Name": …, "Value": …}: its value is that of a field with that name. */
static void walk_named(struct walk *w, const struct at *at, uint32_t object)
{
	static const char *const names[] = {"name", "@name", "key", "displayname"};
	static const char *const values[] = {"value", "#text", "newvalue", "multivalue",
		"boolvalue", "intvalue", "multiintvalue", "messagevalue", "multimessagevalue"};
	uint32_t name = member(w, object, names, sizeof(names) / sizeof(names[0]));

	if (!name || w->tape[name].type != JSON_STRING)
		return;
	struct at to;
	below(w->v, at, text_of(w, &w->tape[name]), &to);
	if (!to.n)
		return;
	uint32_t value = member(w, object, values, sizeof(values) / sizeof(values[0]));
	if (value)
		walk_value(w, &to, value);
	walk_object(w, &to, object);
}

static uint32_t count_of(const struct view *v, uint32_t node)
{
	return v->counts[node].epoch == v->epoch ? v->counts[node].n : 0;
}

/* What is used of it. */
static void copy_at(struct at *to, const struct at *from)
{
	to->n = from->n;
	memcpy(to->node, from->node, from->n * sizeof(*from->node));
	memcpy(to->element, from->element, from->n * sizeof(*from->element));
}

/* Element number i of the array at `at`. */
static void walk_element(struct walk *w, const struct at *at, uint32_t element, uint32_t i)
{
	struct at to;
	char room[24];
	int len = 0;

	copy_at(&to, at);
	for (uint32_t k = 0; k < at->n; k++) {
		uint32_t node = at->node[k], all;
		if (!w->v->f->nodes.at[node].numbered)
			continue;
		if (!len)
			len = snprintf(room, sizeof(room), "[%u]", i);
		enter(&to, fields_child(w->v->f, node, (struct str){room, (size_t)len}),
			at->element[k]);
		all = fields_child(w->v->f, node, STR("[all]"));
		if (all != FIELD_NONE)
			enter(&to, all, count_of(w->v, all) + i);
	}
	walk_value(w, &to, element);
	if (w->tape[element].type == JSON_OBJECT)
		walk_named(w, at, element);
}

static void walk_array(struct walk *w, const struct at *at, uint32_t array)
{
	struct view *v = w->v;
	uint32_t n = 0;

	for (uint32_t e = array + 1; e < w->tape[array].next; e = w->tape[e].next)
		walk_element(w, at, e, n++);
	for (uint32_t k = 0; k < at->n; k++) {
		uint32_t all = v->f->nodes.at[at->node[k]].numbered
				       ? fields_child(v->f, at->node[k], STR("[all]"))
				       : FIELD_NONE;
		if (all != FIELD_NONE)
			v->counts[all] = (struct view_count){v->epoch, count_of(v, all) + n};
	}
}

/* JSON in a text (AuditData): its fields stand where the text does. */
static void walk_inside(struct walk *w, const struct at *at, struct str text)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};
	struct view *v = w->v;

	text = str_trim(text);
	if (text.n < 2 || text.p[0] != '{' || text.p[text.n - 1] != '}')
		return;
	if (v->n_tapes == TAPES_MAX || w->nesting == LIMIT_NESTED_TEXTS) {
		v->gave_up = 1;
		return;
	}
	struct json_tape *tape = &v->tapes[v->n_tapes++];
	json_tokenise(tape, text, &flaws, 0);
	struct walk in = {v, text, tape->at, w->nesting + 1};
	if (tape->n && tape->at[0].type == JSON_OBJECT)
		walk_object(&in, at, 0);
}

static void walk_value(struct walk *w, const struct at *at, uint32_t token)
{
	const struct json_token *t = &w->tape[token];
	struct str text = STR("");

	/* Pairs of names and values in one another can be gone through in very many ways. */
	if (++w->v->visits > LIMIT_EVENT_VISITS) {
		w->v->gave_up = 1;
		return;
	}
	if (t->type == JSON_STRING)
		text = text_of(w, t);
	else if (t->type != JSON_OBJECT && t->type != JSON_ARRAY)
		text = json_span(w->text, t);
	for (uint32_t i = 0; i < at->n; i++)
		add_value(w->v, at->node[i], at->element[i], text, t->type);
	if (t->type == JSON_OBJECT)
		walk_object(w, at, token);
	else if (t->type == JSON_ARRAY)
		walk_array(w, at, token);
	else if (t->type == JSON_STRING)
		walk_inside(w, at, text);
}

void view_json(struct view *v, struct str text, const struct json_tape *tape)
{
	struct walk w = {v, text, tape->at, 0};
	struct at root;

	root.n = 1;
	root.node[0] = root.element[0] = 0;
	*vec_push(&v->texts) = (struct view_text){text, tape};
	if (tape->n && tape->at[0].type == JSON_OBJECT)
		walk_object(&w, &root, 0);
}

void view_cell(struct view *v, struct str name, struct str text, enum json_type type)
{
	struct walk w = {.v = v};
	struct at root, to;

	root.n = 1;
	root.node[0] = root.element[0] = 0;

	below(v, &root, name, &to);
	*vec_push(&v->texts) = (struct view_text){.text = text};
	for (uint32_t i = 0; i < to.n; i++)
		add_value(v, to.node[i], to.element[i], text, type);
	enter(&to, 0, 0);
	walk_inside(&w, &to, text);
}

void view_field(struct view *v, uint32_t node, struct str text)
{
	*vec_push(&v->texts) = (struct view_text){.text = text};
	if (node != FIELD_NONE)
		add_value(v, node, 0, text, JSON_STRING);
}

uint32_t view_elements(const struct view *v, uint32_t field)
{
	uint32_t n = 0;
	const struct field_all *alls = v->f->alls.at;

	for (uint32_t i = v->f->fields.at[field].all_first; i != FIELD_NONE; i = alls[i].next)
		n += count_of(v, alls[i].node);
	return n;
}

struct str view_lower(struct view *v, uint32_t value)
{
	struct view_value *at = &v->values.at[value];
	size_t upper = 0;

	if (at->lowered)
		return at->lower;
	at->lowered = true;
	while (upper < at->text.n && at->text.p[upper] == ascii_lower(at->text.p[upper]))
		upper++;
	at->lower = at->text;
	if (upper == at->text.n)
		return at->lower;
	char *p = arena_alloc(&v->arena, at->text.n);
	for (size_t i = 0; i < at->text.n; i++)
		p[i] = ascii_lower(at->text.p[i]);
	at->lower = (struct str){p, at->text.n};
	return at->lower;
}

/* Only texts whose bytes are others than those of the record need a look of their own. */
static bool escaped_texts(struct view *v, const struct view_text *t,
	bool (*fn)(void *arg, struct str text), void *arg)
{
	for (uint32_t i = 0; i < t->tape->n; i++) {
		const struct json_token *k = &t->tape->at[i];
		if ((k->type != JSON_STRING && k->type != JSON_KEY) || !(k->flags & JSON_ESCAPED))
			continue;
		struct arena_mark mark = arena_mark(&v->arena);
		struct str s = json_span(t->text, k);
		bool found = fn(arg, json_unescape(s, arena_alloc(&v->arena, s.n + 1)));
		arena_rewind(&v->arena, mark);
		if (found)
			return true;
	}
	return false;
}

bool view_texts(struct view *v, bool (*fn)(void *arg, struct str text), void *arg)
{
	if (fn(arg, v->raw))
		return true;
	for (size_t i = 0; i < v->texts.n; i++) {
		const struct view_text *t = &v->texts.at[i];
		if (t->tape ? escaped_texts(v, t, fn, arg) : fn(arg, t->text))
			return true;
	}
	return false;
}
