#include "rule/stixobjects.h"

#include <stdlib.h>

#include "base/hash.h"
#include "rule/stixform.h"
#include "rule/stixobjects_inside.h"

static const struct seen_line lines[SEEN_LINES] = {
#define STIX_THING(name, type)
#define STIX_FIELD(thing, path, field, form) {path, FIELD_##field, THING_##thing, SEEN_##form},
#define STIX_MADE(thing, path, form) {path, FIELDS, THING_##thing, SEEN_##form},
#include "rule/stixfields.def"
#undef STIX_THING
#undef STIX_FIELD
#undef STIX_MADE
};

static const char *const types[THINGS] = {
#define STIX_THING(name, type) type,
#define STIX_FIELD(thing, path, field, form)
#define STIX_MADE(thing, path, form)
#include "rule/stixfields.def"
#undef STIX_THING
#undef STIX_FIELD
#undef STIX_MADE
};

const struct seen_line *seen_line_at(uint32_t line)
{
	return &lines[line];
}

const char *seen_type(enum seen_thing t)
{
	return types[t];
}

static void set_lines(struct seen_objects *s)
{
	for (uint16_t i = SEEN_LINES; i-- > 0;) {
		unsigned t = lines[i].thing;
		if (!s->end_line[t])
			s->end_line[t] = (uint16_t)(i + 1);
		s->first_line[t] = i;
		if (lines[i].field < FIELDS)
			s->mapped[lines[i].field] = true;
	}
}

struct seen_objects *seen_new(void)
{
	struct seen_objects *s = calloc(1, sizeof(*s));

	if (!s)
		BUG("out of memory");
	s->made = calloc(MADE_ROOM, sizeof(*s->made));
	if (!s->made)
		BUG("out of memory");
	set_lines(s);
	return s;
}

void seen_free(struct seen_objects *s)
{
	if (!s)
		return;
	arena_release(&s->a);
	vec_release(&s->objects);
	vec_release(&s->properties);
	vec_release(&s->given);
	vec_release(&s->one);
	free(s->made);
	free(s);
}

uint32_t seen_count(const struct seen_objects *s)
{
	return (uint32_t)s->objects.n;
}

struct seen_object seen_at(const struct seen_objects *s, uint32_t i)
{
	return s->objects.at[i];
}

const struct seen_property *seen_property(const struct seen_objects *s, uint32_t i)
{
	return &s->properties.at[i];
}

struct when seen_time(const struct seen_objects *s)
{
	return s->event->time;
}

const uint64_t *seen_present(const struct seen_objects *s)
{
	return s->present;
}

uint16_t seen_line_of(enum seen_thing thing, const char *path)
{
	for (unsigned i = 0; i < SEEN_LINES; i++) {
		if (lines[i].thing == thing && strcmp(lines[i].path, path) == 0)
			return (uint16_t)i;
	}
	return SEEN_LINES;
}

uint32_t seen_add(struct seen_objects *s, enum seen_thing thing)
{
	struct seen_object o = {(uint32_t)s->properties.n, (uint32_t)s->one.n, (uint8_t)thing};

	s->cut |= s->properties.n + s->one.n > LIMIT_OBJECT_PROPERTIES;
	for (size_t i = 0; i < s->one.n && !s->cut; i++) {
		uint16_t line = s->one.at[i].line;
		s->present[line / 64] |= UINT64_C(1) << line % 64;
		*vec_push(&s->properties) = s->one.at[i];
	}
	s->one.n = 0;
	if (s->cut)
		return SEEN_NOTHING;
	*vec_push(&s->objects) = o;
	s->things[thing]++;
	s->last[thing] = (uint32_t)s->objects.n - 1;
	return s->last[thing];
}

static struct made *find_made(struct seen_objects *s, enum seen_thing thing, struct str text)
{
	size_t at = (size_t)hash64(text.p, text.n, thing) & (MADE_ROOM - 1);

	for (;; at = (at + 1) & (MADE_ROOM - 1)) {
		struct made *m = &s->made[at];
		if (m->epoch != s->epoch)
			return m;
		const struct seen_object *o = &s->objects.at[m->object];
		if (o->thing == thing && str_eq(s->properties.at[o->first].text, text))
			return m;
	}
}

uint32_t seen_text(struct seen_objects *s, enum seen_thing thing, struct str text)
{
	struct made *m = find_made(s, thing, text);

	if (m->epoch == s->epoch)
		return m->object;
	*vec_push(&s->one) = (struct seen_property){.line = s->first_line[thing], .text = text};
	uint32_t object = seen_add(s, thing);
	if (object != SEEN_NOTHING)
		*m = (struct made){s->epoch, object};
	return object;
}

uint32_t seen_path(struct seen_objects *s, struct str path)
{
	struct str folder, name;
	uint32_t directory = SEEN_NOTHING;

	if (s->path.n && str_eq(s->path, path))
		return s->path_file;
	stix_path_of(path, &folder, &name);
	if (folder.n)
		directory = seen_text(s, THING_DIRECTORY, folder);
	if (name.n)
		*vec_push(&s->one) = (struct seen_property){
			.line = seen_line_of(THING_FILE, "name"), .text = name};
	*vec_push(&s->one) =
		(struct seen_property){.line = seen_line_of(THING_FILE, "path"), .text = path};
	if (directory != SEEN_NOTHING)
		*vec_push(&s->one) = (struct seen_property){
			.line = seen_line_of(THING_FILE, "parent_directory_ref"),
			.refers = true,
			.text = STR(""),
			.object = directory};
	s->path = path;
	s->path_file = seen_add(s, THING_FILE);
	return s->path_file;
}

uint32_t seen_host(struct seen_objects *s, struct str text)
{
	static const uint8_t things[] = {[HOST_IPV4] = THING_IPV4,
		[HOST_IPV6] = THING_IPV6,
		[HOST_DOMAIN] = THING_DOMAIN,
		[HOST_MAC] = THING_MAC};
	struct str form;
	enum stix_host h = stix_host_of(&s->a, text, &form);

	return h == HOST_NOTHING ? SEEN_NOTHING : seen_text(s, (enum seen_thing)things[h], form);
}

uint32_t seen_mail(struct seen_objects *s, struct str text)
{
	struct str form;

	return stix_mail_of(&s->a, text, &form) ? seen_text(s, THING_ADDRESS, form) : SEEN_NOTHING;
}

static void add_hash(struct seen_objects *s, struct str text)
{
	static const struct {
		size_t digits;
		const char *path;
	} all[] = {{32, "hashes/MD5"}, {40, "hashes/SHA-1"}, {64, "hashes/SHA-256"},
		{128, "hashes/SHA-512"}};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (text.n != all[i].digits)
			continue;
		*vec_push(&s->one) =
			(struct seen_property){.line = seen_line_of(THING_FILE, all[i].path),
				.text = stix_lower_of(&s->a, text)};
		seen_add(s, THING_FILE);
	}
}

static void add_alone(
	struct seen_objects *s, enum seen_thing thing, const char *path, struct str text)
{
	*vec_push(&s->one) =
		(struct seen_property){.line = seen_line_of(thing, path), .text = text};
	seen_add(s, thing);
}

void seen_kind(struct seen_objects *s, const struct value *v)
{
	/* What a line of the table takes is in that line's object. */
	bool mapped = v->field < FIELDS && s->mapped[v->field];

	if (v->kind == KIND_IP || v->kind == KIND_DOMAIN || v->kind == KIND_MAC ||
		v->kind == KIND_HOST)
		seen_host(s, v->text);
	else if (v->kind == KIND_URL)
		seen_text(s, THING_URL, v->text);
	else if (v->kind == KIND_EMAIL)
		seen_mail(s, v->text);
	else if (v->kind == KIND_HASH && !mapped)
		add_hash(s, v->text);
	else if (v->kind == KIND_FILE_PATH && !mapped)
		seen_path(s, v->text);
	else if (v->kind == KIND_FILE_NAME && !mapped)
		add_alone(s, THING_FILE, "name", v->text);
	else if (v->kind == KIND_ACCOUNT && !mapped)
		add_alone(s, THING_USER, "account_login", v->text);
}

void seen_event(struct seen_objects *s, const struct event *e)
{
	arena_rewind(&s->a, (struct arena_mark){0});
	if (++s->epoch == 0) {
		memset(s->made, 0, MADE_ROOM * sizeof(*s->made));
		s->epoch = 1;
	}
	s->event = e;
	s->objects.n = s->properties.n = s->given.n = s->one.n = 0;
	s->path = STR("");
	s->cut = false;
	memset(s->things, 0, sizeof(s->things));
	memset(s->has, 0, sizeof(s->has));
	memset(s->present, 0, sizeof(s->present));
	for (uint32_t i = 0; i < e->n_values; i++) {
		if (e->values[i].field < FIELDS)
			s->has[e->values[i].field] = true;
	}
	seen_things(s);
	for (uint32_t i = 0; i < e->n_values; i++)
		seen_kind(s, &e->values[i]);
}
