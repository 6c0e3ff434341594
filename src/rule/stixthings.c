/* Which of an event's values are properties of one object. */
#include <stdlib.h>

#include "rule/stixform.h"
#include "rule/stixobjects_inside.h"

static bool is_list(uint16_t line)
{
	return strstr(seen_line_at(line)->path, "[]") != NULL;
}

static bool same_path(uint16_t a, uint16_t b)
{
	return a == b || strcmp(seen_line_at(a)->path, seen_line_at(b)->path) == 0;
}

/* A whole number as JSON has it. */
static bool is_number(struct str s)
{
	uint64_t n;

	return str_u64(s, &n) && (s.n == 1 || s.p[0] != '0');
}

static bool refer(struct seen_property *p, uint32_t object)
{
	p->refers = true;
	p->text = STR("");
	p->object = object;
	return object != SEEN_NOTHING;
}

static struct str key_of(struct seen_objects *s, struct str path, bool name)
{
	struct str key = stix_key_of(&s->a, path), folder = key, last = STR("");

	if (s->has[FIELD_REGISTRY_DATA])
		stix_path_of(key, &folder, &last);
	return name ? last : folder;
}

/* The text that a form makes of a value; "": nothing. */
static struct str text_of(struct seen_objects *s, uint8_t form, struct str text)
{
	struct str folder, name;

	switch (form) {
	case SEEN_LOWER:
		return stix_lower_of(&s->a, text);
	case SEEN_LAST_PART:
		stix_path_of(text, &folder, &name);
		return name;
	case SEEN_KEY:
	case SEEN_KEY_VALUE:
		return key_of(s, text, form == SEEN_KEY_VALUE);
	case SEEN_HOST_TEXT:
		return stix_host_of(&s->a, text, &name) == HOST_DOMAIN ? name : text;
	case SEEN_MAIL_TEXT:
		stix_mail_of(&s->a, text, &name);
		return name;
	case SEEN_ID:
		return stix_message_id_of(text);
	case SEEN_REQUEST:
	case SEEN_REQUEST_HOST:
		/* A link in a mail was not asked for. */
		stix_request_of(s->has[FIELD_HTTP_METHOD] ? text : STR(""), &folder, &name);
		return form == SEEN_REQUEST ? folder : name;
	default:
		return text;
	}
}

/* False where the value is none of that form. */
static bool make(struct seen_objects *s, uint16_t line, struct str text, struct seen_property *ret)
{
	uint8_t form = seen_line_at(line)->form;
	struct str folder, name;

	*ret = (struct seen_property){.line = line, .number = form == SEEN_NUMBER};
	switch (form) {
	case SEEN_HOST:
		return refer(ret, seen_host(s, text));
	case SEEN_MAIL:
		return refer(ret, seen_mail(s, text));
	case SEEN_PATH:
		return refer(ret, seen_path(s, text));
	case SEEN_FOLDER:
		stix_path_of(text, &folder, &name);
		return folder.n && refer(ret, seen_text(s, THING_DIRECTORY, folder));
	case SEEN_NUMBER:
		ret->text = text;
		return is_number(text);
	default:
		ret->text = text_of(s, form, text);
		return ret->text.n > 0;
	}
}

/* Of a value that is in no list, but is not the only one: like an element by itself. */
enum { ALONE = 1u << 31 };

/*
 * Lists are each object's.  So are addresses of a mail, which logs have as lists though there is
 * only one.
 */
static uint32_t element_of(uint16_t line, const struct value *v, uint32_t i, bool several)
{
	uint8_t form = seen_line_at(line)->form;

	if (is_list(line))
		return 0;
	if (v->element && form != SEEN_MAIL && form != SEEN_MAIL_TEXT)
		return v->element;
	return several ? ALONE | i : 0;
}

/* Has the event several of a field? */
static bool is_several(const struct event *e, uint16_t field)
{
	const struct value *first = NULL;

	for (uint32_t i = 0; i < e->n_values; i++) {
		if (e->values[i].field != field)
			continue;
		if (first && !str_eq(first->text, e->values[i].text))
			return true;
		first = &e->values[i];
	}
	return false;
}

static bool same_value(const struct given *a, const struct given *b)
{
	return a->element == b->element && a->p.refers == b->p.refers &&
	       (a->p.refers ? a->p.object == b->p.object : str_eq(a->p.text, b->p.text));
}

/* Enough for the values that a log repeats: more of them are many in any case. */
enum { TWINS_LOOKED = 64 };

static void give(struct seen_objects *s, size_t first, const struct given *g)
{
	for (size_t i = s->given.n; i > first && i + TWINS_LOOKED > s->given.n; i--) {
		if (same_value(&s->given.at[i - 1], g))
			return;
	}
	*vec_push(&s->given) = *g;
}

/* All values of a field, for a line of the table. */
static void give_field(struct seen_objects *s, uint16_t line)
{
	uint16_t field = seen_line_at(line)->field;
	size_t first = s->given.n;
	bool several = s->has[field] && is_several(s->event, field);

	for (uint32_t i = 0; s->has[field] && i < s->event->n_values; i++) {
		const struct value *v = &s->event->values[i];
		struct given g = {0};
		if (v->field != field || !make(s, line, v->text, &g.p))
			continue;
		g.element = element_of(line, v, i, several);
		give(s, first, &g);
	}
}

static void give_files(struct seen_objects *s, uint16_t line)
{
	for (uint32_t i = 0; i < s->objects.n; i++) {
		struct given g = {.p = {.line = line}};
		if (s->objects.at[i].thing == THING_FILE && refer(&g.p, i))
			*vec_push(&s->given) = g;
	}
}

static void give_made(struct seen_objects *s, uint16_t line)
{
	uint8_t form = seen_line_at(line)->form;
	enum seen_thing of = form == SEEN_PARENT ? THING_PARENT : THING_USER;
	struct given g = {.p = {.line = line}};
	struct buf b = {0};

	if (form == SEEN_FILES) {
		give_files(s, line);
	} else if (form == SEEN_TIME) {
		if (!when_known(s->event->time))
			return;
		when_print(s->event->time, &b);
		g.p.text = arena_dup(&s->a, buf_view(&b));
		buf_release(&b);
		*vec_push(&s->given) = g;
	} else if (form == SEEN_PARENT || form == SEEN_USER) {
		/* One of several would be anybody. */
		if (s->things[of] == 1 && refer(&g.p, s->last[of]))
			*vec_push(&s->given) = g;
	}
}

static int by_element(const void *a, const void *b)
{
	const struct given *x = a, *y = b;

	if (x->element != y->element)
		return x->element < y->element ? -1 : 1;
	return x->p.line < y->p.line ? -1 : x->p.line > y->p.line;
}

/* given is sorted: of each in from ... to (one element), how many there are with its path. */
static void count_twins(struct seen_objects *s, size_t from, size_t to)
{
	for (size_t i = from; i < to;) {
		size_t end = i;
		while (end < to && same_path(s->given.at[end].p.line, s->given.at[i].p.line))
			end++;
		for (size_t k = i; k < end; k++)
			s->given.at[k].twins =
				is_list(s->given.at[k].p.line) ? 1 : (uint32_t)(end - i);
		i = end;
	}
}

static int by_line(const void *a, const void *b)
{
	const struct seen_property *x = a, *y = b;

	return x->line < y->line ? -1 : x->line > y->line;
}

struct part {
	size_t from, to; /* in s->given, of one element */
};

static bool has_path(const struct seen_objects *s, struct part p, uint16_t line)
{
	for (size_t i = p.from; i < p.to; i++) {
		if (same_path(s->given.at[i].p.line, line))
			return true;
	}
	return false;
}

/* What there is one of in a part; of the base, only what the other part p has nothing for. */
static void take_part(struct seen_objects *s, struct part of, const struct part *p)
{
	for (size_t i = of.from; i < of.to; i++) {
		const struct given *g = &s->given.at[i];
		if (g->twins == 1 && (!p || !has_path(s, *p, g->p.line)))
			*vec_push(&s->one) = g->p;
	}
}

/* An object of what there is one of in the part and the base, and one more value, or none (SIZE_MAX). */
static void one_object(
	struct seen_objects *s, enum seen_thing thing, struct part base, struct part p, size_t more)
{
	take_part(s, p, NULL);
	if (p.to != base.to)
		take_part(s, base, &p);
	if (more != SIZE_MAX)
		*vec_push(&s->one) = s->given.at[more].p;
	if (s->one.n)
		qsort(s->one.at, s->one.n, sizeof(*s->one.at), by_line);
	seen_add(s, thing);
}

/* Each value that has twins is in an object of its own; without any there is one object. */
static void objects_of(
	struct seen_objects *s, enum seen_thing thing, struct part base, struct part p)
{
	bool twins = false;

	for (size_t i = p.from; i < p.to && !s->cut; i++) {
		if (s->given.at[i].twins == 1)
			continue;
		twins = true;
		one_object(s, thing, base, p, i);
	}
	if (!twins)
		one_object(s, thing, base, p, SIZE_MAX);
}

/* Is something of the base in no object of an element, or is there none? */
static bool base_is_needed(const struct seen_objects *s, struct part base)
{
	if (base.to == s->given.n)
		return base.to > base.from;
	for (size_t i = base.from; i < base.to; i++) {
		const struct given *g = &s->given.at[i];
		if (g->twins > 1 || has_path(s, (struct part){base.to, s->given.n}, g->p.line))
			return true;
	}
	return false;
}

static void make_objects(struct seen_objects *s, enum seen_thing thing)
{
	struct part base = {0, 0}, p;

	if (!s->given.n)
		return;
	qsort(s->given.at, s->given.n, sizeof(*s->given.at), by_element);
	while (base.to < s->given.n && s->given.at[base.to].element == 0)
		base.to++;
	for (p.from = 0; p.from < s->given.n; p.from = p.to) {
		p.to = p.from;
		while (p.to < s->given.n &&
			s->given.at[p.to].element == s->given.at[p.from].element)
			p.to++;
		count_twins(s, p.from, p.to);
	}
	if (base_is_needed(s, base))
		objects_of(s, thing, base, base);
	for (p.from = base.to; p.from < s->given.n && !s->cut; p.from = p.to) {
		p.to = p.from;
		while (p.to < s->given.n &&
			s->given.at[p.to].element == s->given.at[p.from].element)
			p.to++;
		objects_of(s, thing, base, p);
	}
}

/* What the event has for the lines of a thing; nothing but fields makes one. */
static void give_thing(struct seen_objects *s, enum seen_thing t)
{
	s->given.n = 0;
	for (uint16_t line = s->first_line[t]; line < s->end_line[t]; line++) {
		/* The second line of a path is for events without the first. */
		bool have = s->given.n && !is_list(line) &&
			    same_path(line, s->given.at[s->given.n - 1].p.line);
		if (seen_line_at(line)->field < FIELDS && !have)
			give_field(s, line);
	}
	if (!s->given.n)
		return;
	for (uint16_t line = s->first_line[t]; line < s->end_line[t]; line++) {
		if (seen_line_at(line)->field == FIELDS)
			give_made(s, line);
	}
}

void seen_things(struct seen_objects *s)
{
	for (unsigned t = 0; t < THING_IPV4; t++) {
		give_thing(s, (enum seen_thing)t);
		make_objects(s, (enum seen_thing)t);
	}
}
