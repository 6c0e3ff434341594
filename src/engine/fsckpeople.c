/* Lists of people: are their files whole, and does the catalogue say what they say? */
#include "base/file.h"
#include "base/hash.h"
#include "casedb/people.h"
#include "engine/fsck_inside.h"
#include "engine/lists.h"
#include "engine/peoplefile.h"
#include "people/pack.h"

/* What a list says of everybody, in order, from its file and from the catalogue. */
struct sums {
	int64_t list;
	uint64_t persons, hash;
};

struct comparing {
	VEC(struct sums) at;
};

static void add(struct sums *s, struct str said)
{
	s->persons++;
	s->hash = hash64(said.p, said.n, s->hash);
}

static bool add_said(void *arg, const struct said_row *r)
{
	struct comparing *c = arg;

	for (size_t i = 0; i < c->at.n; i++)
		if (c->at.at[i].list == r->list)
			add(&c->at.at[i], r->said);
	return true;
}

static bool sum_file(struct checking *c, struct str name, struct sums *ret, struct err *why)
{
	char path[FILE_NAME_ROOM];
	struct people people = {0};
	struct people_file facts;
	struct file_map m = {0};
	struct buf said = {0};

	name_file(NAME_PEOPLE, name, path);
	bool done = people_file_facts(&c->arena, c->f, name, &facts, why) &&
		    file_map(c->f->fd, path, &m, why) &&
		    people_unpack(&c->arena, m.bytes, &people, why);
	for (size_t i = 0; done && i < people.persons.n; i++) {
		buf_clear(&said);
		person_pack(&people.persons.at[i], &said);
		add(ret, buf_view(&said));
	}
	c->n.bytes += m.bytes.n;
	people_release(&people);
	file_unmap(&m);
	buf_release(&said);
	return done;
}

static void check_list(struct checking *c, const struct list_version *v, const struct sums *said)
{
	char name[NAME_ROOM], path[FILE_NAME_ROOM];
	struct arena_mark mark = arena_mark(&c->arena);
	struct sums file = {0};
	struct err why;

	name_of_hash(&v->key, name);
	name_file(NAME_PEOPLE, str_of(name), path);
	if (!sum_file(c, str_of(name), &file, &why))
		fsck_say(c, FSCK_DAMAGE, str_of(path), "%s", why.msg);
	else if (file.persons != said->persons || file.hash != said->hash)
		fsck_say(c, FSCK_DAMAGE, str_of(path),
			"the catalogue says something else of its people");
	arena_rewind(&c->arena, mark);
}

bool fsck_people(struct checking *c, struct err *err)
{
	struct comparing said = {0};
	struct lists lists;

	/* One moment: a list may be coming in. */
	if (!casedb_begin_read(c->f->db, err))
		return false;
	bool done = lists_load(c->f->db, &lists, err);
	for (size_t i = 0; done && i < lists.at.n; i++)
		*vec_push(&said.at) = (struct sums){.list = lists.at.at[i].id};
	done = done && casedb_said_each(c->f->db, add_said, &said, err);
	casedb_rollback(c->f->db);
	for (size_t i = 0; done && i < lists.at.n; i++)
		check_list(c, &lists.at.at[i], &said.at.at[i]);
	vec_release(&said.at);
	if (done)
		lists_release(&lists);
	return done;
}
