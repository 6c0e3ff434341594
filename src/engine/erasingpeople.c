/* Erasing from lists of people. */
#include "base/file.h"
#include "casedb/people.h"
#include "engine/erasing.h"
#include "engine/names.h"
#include "engine/peoplefile.h"
#include "people/pack.h"

/* A packed list may outgrow its file. */
enum { PACKED_MAX = 1 << 30 };

struct cleaning {
	const struct erasing *e;
	struct folder *f;
	struct replacement *rep; /* NULL: only count */
	struct arena arena;
	uint64_t gone;
};

static bool holds_value(const struct erasing *e, struct observable o)
{
	struct buf text = {0};

	for (size_t i = 0; i < e->normal.n; i++)
		if (o.form == e->normal.at[i].form && str_eq(o.v, e->normal.at[i].v))
			return true;
	observable_text(o, &text);
	bool holds = erasing_holds(e, buf_view(&text));
	buf_release(&text);
	return holds;
}

/* By a name or an id the value is the person: nothing of her stays. */
static bool is_whom(const struct erasing *e, const struct person *p)
{
	for (uint32_t i = 0; i < p->n_names; i++)
		if (erasing_holds(e, p->names[i]))
			return true;
	for (uint32_t i = 0; i < p->n_ids; i++)
		if (erasing_holds(e, p->ids[i]))
			return true;
	return false;
}

/* Identities and roles that hold it. */
static void clean_person(struct cleaning *c, struct person *p)
{
	struct identity *identities =
		arena_array(&c->arena, p->n_identities + 1u, sizeof(*identities));
	struct role *roles = arena_array(&c->arena, p->n_roles + 1u, sizeof(*roles));
	uint32_t n = 0, m = 0;

	for (uint32_t i = 0; i < p->n_identities; i++)
		if (!holds_value(c->e, p->identities[i].o))
			identities[n++] = p->identities[i];
	for (uint32_t i = 0; i < p->n_roles; i++)
		if (!erasing_holds(c->e, p->roles[i].title) &&
			!erasing_holds(c->e, p->roles[i].body))
			roles[m++] = p->roles[i];
	c->gone += p->n_identities - n + p->n_roles - m;
	p->identities = identities;
	p->n_identities = n;
	p->roles = roles;
	p->n_roles = m;
}

static void clean_people(struct cleaning *c, struct people *people)
{
	size_t kept = 0;

	for (size_t i = 0; i < people->persons.n; i++) {
		if (is_whom(c->e, &people->persons.at[i])) {
			c->gone++;
			continue;
		}
		people->persons.at[kept] = people->persons.at[i];
		clean_person(c, &people->persons.at[kept++]);
	}
	people->persons.n = kept;
	kept = 0;
	for (size_t i = 0; i < people->skipped.n; i++) {
		if (erasing_holds(c->e, people->skipped.at[i].what))
			c->gone++;
		else
			people->skipped.at[kept++] = people->skipped.at[i];
	}
	people->skipped.n = kept;
}

static void clean_facts(struct cleaning *c, const struct sha256 *key, struct people_facts *facts)
{
	char hex[65];

	if (!erasing_holds(c->e, facts->list) && !erasing_holds(c->e, facts->path))
		return;
	c->gone++;
	/* Two lists may be left with the same name, and must not take each other's place. */
	if (erasing_holds(c->e, facts->list)) {
		sha256_hex(*key, hex);
		facts->list = arena_printf(&c->arena, STR_FMT " %.8s",
			STR_ARG(erasing_blank(c->e, &c->arena, facts->list)), hex);
	}
	facts->path = erasing_blank(c->e, &c->arena, facts->path);
}

static bool put_back(struct cleaning *c, const struct people_file *file,
	const struct people *people, struct err *err)
{
	struct buf packed = {0}, facts = {0};

	people_pack(people, &packed);
	people_file_write(file, &facts);
	bool done = replace_people(c->rep, &file->key, buf_view(&packed), buf_view(&facts), err);
	buf_release(&packed);
	buf_release(&facts);
	return done;
}

static bool clean_list(struct cleaning *c, const struct sha256 *key, struct err *err)
{
	char name[NAME_ROOM], path[FILE_NAME_ROOM];
	struct people_file file;
	struct people people = {0};
	struct buf bytes = {0};
	uint64_t before = c->gone;

	name_of_hash(key, name);
	name_file(NAME_PEOPLE, str_of(name), path);
	bool done = file_read(folder_fd(c->f), path, PACKED_MAX, &bytes, err) &&
		    people_unpack(&c->arena, buf_view(&bytes), &people, err) &&
		    people_file_facts(&c->arena, c->f, str_of(name), &file, err);
	if (done) {
		clean_people(c, &people);
		clean_facts(c, key, &file.facts);
		if (c->gone != before && c->rep)
			done = put_back(c, &file, &people, err);
	}
	people_release(&people);
	buf_release(&bytes);
	return done;
}

struct keys {
	VEC(struct sha256) at;
};

static bool note_key(void *arg, const struct people_list_row *r)
{
	struct keys *k = arg;

	*vec_push(&k->at) = r->key;
	return true;
}

bool erasing_people(const struct erasing *e, struct folder *f, struct replacement *rep,
	uint64_t *inout_parts, struct err *err)
{
	struct cleaning c = {.e = e, .f = f, .rep = rep};
	struct keys keys = {0};
	bool done = casedb_people_list_each(folder_db(f), note_key, &keys, err);

	for (size_t i = 0; done && i < keys.at.n; i++) {
		done = clean_list(&c, &keys.at.at[i], err);
		arena_rewind(&c.arena, (struct arena_mark){0});
	}
	*inout_parts += c.gone;
	vec_release(&keys.at);
	arena_release(&c.arena);
	return done;
}
