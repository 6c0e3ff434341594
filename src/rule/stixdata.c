#include "rule/stixdata.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/when.h"
#include "rule/patternlex.h"
#include "rule/stixdata_inside.h"

static struct str text_at(struct stix_data *d, uint32_t at)
{
	const struct json_token *t = &d->tape.at[at];
	struct str s = json_span(d->text, t);

	return t->flags & JSON_ESCAPED ? json_unescape(s, arena_alloc(&d->a, s.n + 1)) : s;
}

struct str stix_data_text(struct stix_data *d, uint32_t at)
{
	return text_at(d, at);
}

uint32_t stix_data_member(struct stix_data *d, uint32_t object, struct str key)
{
	const struct json_token *at = d->tape.at;

	if (object == DATA_NONE || at[object].type != JSON_OBJECT)
		return DATA_NONE;
	for (uint32_t i = object + 1; i < at[object].next; i = at[i].next) {
		struct arena_mark start = arena_mark(&d->a);
		bool same = str_eq(text_at(d, i), key);
		arena_rewind(&d->a, start);
		if (same)
			return i + 1;
	}
	return DATA_NONE;
}

static bool is_text(const struct stix_data *d, uint32_t at)
{
	return at != DATA_NONE && d->tape.at[at].type == JSON_STRING;
}

static struct str member_text(struct stix_data *d, uint32_t object, const char *key)
{
	uint32_t at = stix_data_member(d, object, str_of(key));

	return is_text(d, at) ? text_at(d, at) : STR("");
}

static size_t slot_of(const struct stix_data *d, uint32_t scope, struct str name)
{
	size_t i = hash64(name.p, name.n, scope) & d->mask;

	while (d->names[i].object &&
		(d->names[i].scope != scope || !str_eq(d->names[i].name, name)))
		i = (i + 1) & d->mask;
	return i;
}

/* The first of a name stays. */
static void add_name(struct stix_data *d, uint32_t scope, struct str name, uint32_t object)
{
	size_t i = slot_of(d, scope, name);

	if (!d->names[i].object)
		d->names[i] = (struct data_name){name, scope, object + 1};
}

uint32_t stix_data_find(const struct stix_data *d, uint32_t scope, struct str name)
{
	size_t i = slot_of(d, scope, name);

	if (!d->names[i].object && scope)
		i = slot_of(d, 0, name);
	return d->names[i].object ? d->names[i].object - 1 : DATA_NONE;
}

/* Room for all that may have a name: no more than there are tokens. */
static void make_names(struct stix_data *d)
{
	size_t n = 64;

	while (n < (size_t)d->tape.n)
		n *= 2;
	d->names = calloc(n, sizeof(*d->names));
	if (!d->names)
		BUG("out of memory");
	d->mask = n - 1;
}

static bool moment(struct stix_data *d, uint32_t object, const char *key, int64_t *ret_us)
{
	struct str s = member_text(d, object, key);
	struct when w;

	if (pattern_time(s, ret_us))
		return true;
	bool known = s.n && when_rfc3339(s, &w);
	if (known)
		*ret_us = w.us;
	return known;
}

static struct stix_span span_of(struct stix_data *d, uint32_t object)
{
	struct stix_span s = {.count = 1};
	bool first = moment(d, object, "first_observed", &s.first);
	bool last = moment(d, object, "last_observed", &s.last);
	uint32_t n = stix_data_member(d, object, STR("number_observed"));
	uint64_t count;

	s.timed = first || last;
	if (!first)
		s.first = s.last;
	if (!last)
		s.last = s.first;
	if (s.first > s.last) {
		int64_t t = s.first;
		s.first = s.last;
		s.last = t;
	}
	if (n != DATA_NONE && str_u64(json_span(d->text, &d->tape.at[n]), &count) && count > 0)
		s.count = count;
	return s;
}

static void add_observation(struct stix_data *d, uint32_t object)
{
	struct observation o = {.id = member_text(d, object, "id"),
		.objects = stix_data_member(d, object, STR("objects")),
		.refs = stix_data_member(d, object, STR("object_refs"))};

	*vec_push(&d->observations) = o;
	*vec_push(&d->spans) = span_of(d, object);
}

static void add_object(struct stix_data *d, uint32_t object)
{
	struct str id = member_text(d, object, "id");

	if (id.n)
		add_name(d, 0, id, object);
	if (str_eq(member_text(d, object, "type"), STR("observed-data")))
		add_observation(d, object);
}

static void add_all(struct stix_data *d)
{
	const struct json_token *at = d->tape.at;
	uint32_t list = 0;

	if (at[0].type == JSON_OBJECT && str_eq(member_text(d, 0, "type"), STR("bundle")))
		list = stix_data_member(d, 0, STR("objects"));
	if (list == DATA_NONE)
		return;
	if (at[list].type == JSON_OBJECT)
		add_object(d, list);
	if (at[list].type != JSON_ARRAY)
		return;
	for (uint32_t i = list + 1; i < at[list].next; i = at[i].next)
		add_object(d, i);
}

/* Keys of `objects` are names within their observation. */
static void add_local_names(struct stix_data *d)
{
	const struct json_token *at = d->tape.at;

	for (size_t i = 0; i < d->observations.n; i++) {
		uint32_t map = d->observations.at[i].objects;
		if (map == DATA_NONE || at[map].type != JSON_OBJECT)
			continue;
		for (uint32_t k = map + 1; k < at[map].next; k = at[k].next)
			add_name(d, (uint32_t)i + 1, text_at(d, k), k + 1);
	}
}

struct stix_data *stix_data_new(struct str text)
{
	struct stix_data *d = calloc(1, sizeof(*d));
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};

	if (!d)
		BUG("out of memory");
	d->text = text;
	size_t n = json_tokenise(&d->tape, text, &flaws, 0);
	d->broken = flaws.n > 0 || n < text.n || d->tape.n == 0;
	make_names(d);
	d->stamps = calloc(d->tape.n + 1, sizeof(*d->stamps));
	d->known = calloc(d->tape.n + 1, 1);
	if (!d->stamps || !d->known)
		BUG("out of memory");
	if (d->tape.n)
		add_all(d);
	add_local_names(d);
	return d;
}

struct stix_data *stix_data_of_event(struct str text)
{
	struct stix_data *d = stix_data_new(text);

	d->of_event = true;
	return d;
}

void stix_data_free(struct stix_data *d)
{
	if (!d)
		return;
	json_tape_release(&d->tape);
	vec_release(&d->observations);
	vec_release(&d->spans);
	vec_release(&d->now);
	vec_release(&d->then);
	free(d->names);
	free(d->stamps);
	free(d->known);
	arena_release(&d->a);
	free(d);
}

struct stix_seen stix_data_seen(struct stix_data *d, struct stix_tests *tests)
{
	d->tests = tests;
	return (struct stix_seen){
		.at = d->spans.at, .n = (uint32_t)d->spans.n, .holds = stix_data_holds, .arg = d};
}

bool stix_data_is_broken(const struct stix_data *d)
{
	return d->broken;
}

struct str stix_data_id(const struct stix_data *d, uint32_t observation)
{
	return d->observations.at[observation].id;
}
