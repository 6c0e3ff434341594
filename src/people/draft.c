#include "people/draft.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/limits.h"
#include "observe/value.h"
#include "people/dates.h"

/* A wrong file must not fill the catalogue with its lines. */
#define SKIPPED_MAX 10000u
#define WHAT_BYTES 200u

void draft_init(struct draft *d, struct arena *a, struct people *out)
{
	*d = (struct draft){.a = a, .out = out};
}

void draft_skip(struct draft *d, uint32_t line, struct str what, struct str why)
{
	if (d->out->skipped.n >= SKIPPED_MAX) {
		if (d->more_skipped++ == 0)
			d->more_line = line;
		return;
	}
	*vec_push(&d->out->skipped) = (struct people_skipped){
		.line = line, .what = arena_dup(d->a, str_upto(what, WHAT_BYTES)), .why = why};
}

uint32_t draft_new(struct draft *d, uint32_t line)
{
	struct person *p = vec_push(&d->out->persons);

	*p = (struct person){.line = line};
	*vec_push(&d->keys) = STR("");
	return (uint32_t)d->out->persons.n - 1;
}

/* The slot of the person with this key, or the free one where it would be. */
static uint64_t *slot_of(const struct draft *d, struct str key, uint64_t hash)
{
	size_t at = (size_t)hash & (d->n_slots - 1);

	while (d->slots[at] && (d->slots[at] >> 32 != hash >> 32 ||
				       !str_eq(d->keys.at[(uint32_t)d->slots[at] - 1], key)))
		at = (at + 1) & (d->n_slots - 1);
	return &d->slots[at];
}

static void make_room(struct draft *d)
{
	if (d->n_keys * 2 < d->n_slots)
		return;
	free(d->slots);
	d->n_slots = d->n_slots ? d->n_slots * 2 : 1024;
	d->slots = calloc(d->n_slots, sizeof(*d->slots));
	if (!d->slots)
		BUG("out of memory");
	for (size_t i = 0; i < d->keys.n; i++) {
		struct str key = d->keys.at[i];
		uint64_t hash = hash64(key.p, key.n, 0);
		if (key.n)
			*slot_of(d, key, hash) = (hash >> 32) << 32 | (uint32_t)(i + 1);
	}
}

bool draft_find(const struct draft *d, struct str key, uint32_t *ret_person)
{
	if (!d->n_slots || key.n == 0)
		return false;
	uint64_t slot = *slot_of(d, key, hash64(key.p, key.n, 0));
	if (slot)
		*ret_person = (uint32_t)slot - 1;
	return slot != 0;
}

uint32_t draft_person(struct draft *d, struct str key, uint32_t line)
{
	uint32_t person;

	if (draft_find(d, key, &person))
		return person;
	person = draft_new(d, line);
	if (key.n == 0)
		return person;
	make_room(d);
	uint64_t hash = hash64(key.p, key.n, 0);
	*slot_of(d, key, hash) = (hash >> 32) << 32 | (uint32_t)(person + 1);
	d->keys.at[person] = arena_dup(d->a, key);
	d->n_keys++;
	return person;
}

static struct str kept(struct draft *d, struct str s)
{
	s = str_trim(str_upto(str_trim(s), LIMIT_PERSON_TEXT));
	return s.n ? arena_dup(d->a, s) : STR("");
}

void draft_name(struct draft *d, uint32_t person, struct str name)
{
	name = kept(d, name);
	if (name.n)
		*vec_push(&d->parts) = (struct draft_part){person, DRAFT_NAME, .text = name};
}

/* GUIDs are written in either case, and stay the same id. */
bool draft_is_guid(struct str s)
{
	if (s.n != 36)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
		if (hyphen ? s.p[i] != '-' : hex_digit(s.p[i]) < 0)
			return false;
	}
	return true;
}

void draft_id(struct draft *d, uint32_t person, struct str scheme, struct str id)
{
	id = str_upto(str_trim(id), LIMIT_PERSON_TEXT);
	scheme = str_upto(str_trim(scheme), LIMIT_PERSON_SCHEME);
	if (id.n == 0)
		return;
	char *room = arena_alloc(d->a, scheme.n + 1 + id.n);
	bool guid = draft_is_guid(id);
	for (size_t i = 0; i < scheme.n; i++)
		room[i] = ascii_lower(scheme.p[i]);
	room[scheme.n] = ':';
	for (size_t i = 0; i < id.n; i++)
		room[scheme.n + 1 + i] = guid ? ascii_lower(id.p[i]) : id.p[i];
	*vec_push(&d->parts) =
		(struct draft_part){person, DRAFT_ID, .text = {room, scheme.n + 1 + id.n}};
}

void draft_role(struct draft *d, uint32_t person, const struct role *role)
{
	struct draft_part *p = vec_push(&d->parts);

	*p = (struct draft_part){person, DRAFT_ROLE, .text = STR(""), .role = *role};
	p->role.title = kept(d, role->title);
	p->role.body = kept(d, role->body);
}

static void add_identity(
	struct draft *d, uint32_t person, struct identity i, struct str value, uint32_t line)
{
	struct arena_mark mark = arena_mark(d->a);
	bool needs_idna;

	if (str_trim(value).n == 0)
		return;
	if (value_as_with(d->a, idna_to_ascii, (enum kind)i.o.kind, value, &i.o, &needs_idna) &&
		(i.o.kind == KIND_EMAIL || i.o.kind == KIND_ACCOUNT || i.o.kind == KIND_PHONE)) {
		/* It may borrow from the value, which stands in the file or in scratch. */
		i.o.v = arena_dup(d->a, i.o.v);
		*vec_push(&d->parts) =
			(struct draft_part){person, DRAFT_IDENTITY, .text = STR(""), .identity = i};
		return;
	}
	arena_rewind(d->a, mark);
	draft_skip(d, line, value, STR("no such address, account or number"));
}

void draft_identity(struct draft *d, uint32_t person, enum kind kind, struct str value,
	struct during during, uint32_t line)
{
	add_identity(
		d, person, (struct identity){{.kind = (uint8_t)kind}, false, during}, value, line);
}

void draft_sign_in(
	struct draft *d, uint32_t person, struct str value, struct during during, uint32_t line)
{
	add_identity(
		d, person, (struct identity){{.kind = KIND_ACCOUNT}, true, during}, value, line);
}

static struct when dated(struct draft *d, struct str s, struct when w, uint32_t line)
{
	if (str_trim(s).n && !when_known(w))
		draft_skip(d, line, s, STR("no date (2019, 2019-05, 2019-05-01): left open"));
	return w;
}

struct during draft_during(struct draft *d, struct str from, struct str to, uint32_t line)
{
	struct during during;

	during.from = dated(d, from, date_begin(from), line);
	during.to = dated(d, to, date_end(to), line);
	return during;
}

static int cmp_when(struct during a, struct during b)
{
	if (a.from.us != b.from.us)
		return a.from.us < b.from.us ? -1 : 1;
	return (a.to.us > b.to.us) - (a.to.us < b.to.us);
}

static int cmp_role(const struct role *a, const struct role *b)
{
	int c = cmp_when(a->during, b->during);

	if (c == 0)
		c = (a->what > b->what) - (a->what < b->what);
	if (c == 0)
		c = str_cmp(a->body, b->body);
	return c ? c : str_cmp(a->title, b->title);
}

/* What is the same for both counts once; names keep their order, so they are compared elsewhere. */
static int cmp_what(const struct draft_part *a, const struct draft_part *b)
{
	int c;

	switch (a->what) {
	case DRAFT_ID:
		return str_cmp(a->text, b->text);
	case DRAFT_NAME:
		return 0;
	case DRAFT_IDENTITY:
		c = observable_cmp(a->identity.o, b->identity.o);
		if (c == 0)
			c = cmp_when(a->identity.during, b->identity.during);
		return c ? c : (int)b->identity.sign_in - (int)a->identity.sign_in;
	case DRAFT_ROLE:
		return cmp_role(&a->role, &b->role);
	}
	return 0;
}

static int cmp_part(const void *pa, const void *pb)
{
	const struct draft_part *const *a = pa, *const *b = pb;
	int c = ((*a)->person > (*b)->person) - ((*a)->person < (*b)->person);

	if (c == 0)
		c = ((*a)->what > (*b)->what) - ((*a)->what < (*b)->what);
	if (c == 0)
		c = cmp_what(*a, *b);
	/* Stable: parts stand in the order in which they came. */
	return c ? c : (*a > *b) - (*a < *b);
}

static bool name_is_there(const struct str *names, uint32_t n, struct str name)
{
	for (uint32_t i = 0; i < n; i++)
		if (str_eq(names[i], name))
			return true;
	return false;
}

/* Same person, kind of part and content: the identity that signs in comes first and stays. */
static bool repeats(const struct draft_part *a, const struct draft_part *b)
{
	if (a->what != b->what || a->what == DRAFT_NAME)
		return false;
	if (a->what == DRAFT_IDENTITY)
		return observable_eq(a->identity.o, b->identity.o) &&
		       cmp_when(a->identity.during, b->identity.during) == 0;
	return cmp_what(a, b) == 0;
}

/* A person in the making. */
struct making {
	struct str *ids, *names;
	struct identity *identities;
	struct role *roles;
	uint32_t n[4];
	size_t dropped;
};

static void put_part(struct making *m, const struct draft_part *part)
{
	static const uint32_t most[4] = {[DRAFT_ID] = LIMIT_PERSON_PARTS,
		[DRAFT_NAME] = LIMIT_PERSON_NAMES,
		[DRAFT_IDENTITY] = LIMIT_PERSON_PARTS,
		[DRAFT_ROLE] = LIMIT_PERSON_PARTS};
	uint32_t at = m->n[part->what];

	if (part->what == DRAFT_NAME && name_is_there(m->names, at, part->text))
		return;
	if (at == most[part->what]) {
		m->dropped++;
		return;
	}
	m->n[part->what]++;
	switch (part->what) {
	case DRAFT_ID:
		m->ids[at] = part->text;
		break;
	case DRAFT_NAME:
		m->names[at] = part->text;
		break;
	case DRAFT_IDENTITY:
		m->identities[at] = part->identity;
		break;
	case DRAFT_ROLE:
		m->roles[at] = part->role;
		break;
	}
}

/* One person's parts, sorted. */
static void put_person(struct draft *d, struct draft_part *const *parts, size_t n)
{
	struct person *p = &d->out->persons.at[parts[0]->person];
	size_t counts[4] = {0};

	for (size_t i = 0; i < n; i++)
		counts[parts[i]->what]++;
	struct making m = {
		.ids = arena_array(d->a, counts[DRAFT_ID] + 1, sizeof(*m.ids)),
		.names = arena_array(d->a, counts[DRAFT_NAME] + 1, sizeof(*m.names)),
		.identities = arena_array(d->a, counts[DRAFT_IDENTITY] + 1, sizeof(*m.identities)),
		.roles = arena_array(d->a, counts[DRAFT_ROLE] + 1, sizeof(*m.roles)),
	};
	for (size_t i = 0; i < n; i++)
		if (i == 0 || !repeats(parts[i - 1], parts[i]))
			put_part(&m, parts[i]);
	p->ids = m.ids;
	p->names = m.names;
	p->identities = m.identities;
	p->roles = m.roles;
	p->n_ids = m.n[DRAFT_ID];
	p->n_names = m.n[DRAFT_NAME];
	p->n_identities = m.n[DRAFT_IDENTITY];
	p->n_roles = m.n[DRAFT_ROLE];
	if (m.dropped)
		draft_skip(d, p->line, p->n_names ? p->names[0] : STR("a person"),
			arena_printf(d->a,
				"%zu more ids, names, addresses or roles than are kept "
				"of one person",
				m.dropped));
}

void draft_finish(struct draft *d)
{
	struct draft_part **sorted = calloc(d->parts.n + 1, sizeof(*sorted));

	if (!sorted)
		BUG("out of memory");
	for (size_t i = 0; i < d->parts.n; i++)
		sorted[i] = &d->parts.at[i];
	qsort(sorted, d->parts.n, sizeof(struct draft_part *), cmp_part);
	for (size_t from = 0, to; from < d->parts.n; from = to) {
		for (to = from; to < d->parts.n && sorted[to]->person == sorted[from]->person;)
			to++;
		put_person(d, sorted + from, to - from);
	}
	if (d->more_skipped)
		*vec_push(&d->out->skipped) = (struct people_skipped){.line = d->more_line,
			.what = arena_printf(d->a, "%zu more", d->more_skipped),
			.why = STR("too many to list")};
	free(sorted);
	free(d->slots);
	vec_release(&d->parts);
	vec_release(&d->keys);
}
