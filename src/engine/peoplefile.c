#include "engine/peoplefile.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "casedb/people.h"
#include "engine/join.h"
#include "engine/kept.h"
#include "people/pack.h"
#include "text/members.h"

void people_file_write(const struct people_file *p, struct buf *out)
{
	struct jsonw w = jsonw_of(out);
	char hex[65];

	jsonw_open(&w, '{');
	jsonw_key(&w, "key");
	sha256_hex(p->key, hex);
	jsonw_text(&w, hex);
	jsonw_key(&w, "sha256");
	sha256_hex(p->facts.sha256, hex);
	jsonw_text(&w, hex);
	kept_hex(&w, "list_hex", p->facts.list);
	kept_hex(&w, "path_hex", p->facts.path);
	kept_hex(&w, "as_hex", p->facts.as);
	/* Unsigned, since that is what members.h reads: the bits are those of a struct when. */
	jsonw_member_u64(&w, "at_us", (uint64_t)p->facts.at.us);
	jsonw_member_u64(&w, "added_us", (uint64_t)p->added.us);
	jsonw_close(&w, '}');
	buf_putc(out, '\n');
}

bool people_file_facts(struct arena *a, struct folder *f, struct str name, struct people_file *ret,
	struct err *err)
{
	char file[FILE_NAME_ROOM];
	struct buf json = {0};
	struct members m;

	name_file(NAME_PEOPLE_FACTS, name, file);
	if (!file_read(folder_fd(f), file, LIMIT_YAML_BYTES, &json, err))
		return false;
	bool good = members_read(buf_view(&json), &m) &&
		    members_hash(&m, members_get(&m, 0, "key"), &ret->key) &&
		    members_hash(&m, members_get(&m, 0, "sha256"), &ret->facts.sha256);
	if (good) {
		ret->facts.list = members_bytes(a, &m, 0, "list_hex");
		ret->facts.path = members_bytes(a, &m, 0, "path_hex");
		ret->facts.as = members_bytes(a, &m, 0, "as_hex");
		ret->facts.at.us = (int64_t)members_u64(&m, 0, "at_us");
		ret->added.us = (int64_t)members_u64(&m, 0, "added_us");
	}
	members_release(&m);
	buf_release(&json);
	return good || err_set(err, ERR_CASE, "'%s' is damaged", file);
}

/* The version that the new one takes the place of. */
struct older {
	const struct people_file *new;
	int64_t id;
	struct sha256 key;
};

static bool find_older(void *arg, const struct people_list_row *r)
{
	struct older *o = arg;

	if (!sha256_eq(r->key, o->new->key) &&
		(!str_eq(r->name, o->new->facts.list) || r->at.us != o->new->facts.at.us))
		return true;
	o->id = r->id;
	o->key = r->key;
	return false;
}

/* Its files: what they hold must be found by whoever erases, so they go with their rows. */
static bool set_doomed(struct folder *f, const struct sha256 *key, bool doomed, struct err *err)
{
	static const enum name_kind kinds[] = {NAME_PEOPLE, NAME_PEOPLE_FACTS};
	char name[NAME_ROOM], file[FILE_NAME_ROOM];

	name_of_hash(key, name);
	for (size_t i = 0; i < 2; i++) {
		name_file(kinds[i], str_of(name), file);
		if (!(doomed ? casedb_doom(folder_db(f), str_of(file), err)
			     : casedb_undoom(folder_db(f), str_of(file), err)))
			return false;
	}
	return true;
}

static bool remove_older(
	struct folder *f, const struct people_file *new, bool *ret_any, struct err *err)
{
	for (;;) {
		struct older o = {.new = new};
		if (!casedb_people_list_each(folder_db(f), find_older, &o, err))
			return false;
		if (!o.id)
			break;
		*ret_any = true;
		if (!casedb_people_list_remove(folder_db(f), o.id, err) ||
			!set_doomed(f, &o.key, true, err))
			return false;
	}
	/* A version that comes back may have been doomed before. */
	return set_doomed(f, &new->key, false, err);
}

static uint32_t roles_of(const struct person *p)
{
	uint32_t roles = p->protect ? SAID_PROTECT : 0;

	for (uint32_t i = 0; i < p->n_roles; i++)
		roles |= 1u << p->roles[i].what;
	return roles;
}

static bool put_said(struct folder *f, int64_t list, const struct people *people, struct err *err)
{
	struct buf said = {0};
	int64_t id;
	bool done = casedb_said_last(folder_db(f), &id, err);

	for (size_t i = 0; done && i < people->persons.n; i++) {
		const struct person *p = &people->persons.at[i];
		buf_clear(&said);
		person_pack(p, &said);
		id++;
		struct said_row r = {id, list, id, roles_of(p), buf_view(&said)};
		done = casedb_said_add(folder_db(f), &r, err);
	}
	buf_release(&said);
	return done;
}

static void count(const struct people *people, struct people_published *ret)
{
	ret->persons = people->persons.n;
	ret->skipped = people->skipped.n;
	ret->identities = 0;
	for (size_t i = 0; i < people->persons.n; i++)
		ret->identities += people->persons.at[i].n_identities;
}

static bool put_list(struct folder *f, const struct people_file *file, const struct people *people,
	struct err *err)
{
	struct people_published n = {0};
	int64_t id;

	count(people, &n);
	struct people_list_row r = {.key = file->key,
		.sha256 = file->facts.sha256,
		.name = file->facts.list,
		.path = file->facts.path,
		.kind = people->kind,
		.at = file->facts.at,
		.added = file->added,
		.persons = n.persons,
		.identities = n.identities,
		.skipped = n.skipped};
	return casedb_people_list_add(folder_db(f), &r, &id, err) && put_said(f, id, people, err);
}

static bool load(struct folder *f, struct str name, bool *ret_replaced, struct err *err)
{
	char path[FILE_NAME_ROOM];
	struct arena a = {0};
	struct people_file file;
	struct file_map m = {0};
	struct people people = {0};

	name_file(NAME_PEOPLE, name, path);
	/* A newer version has taken its place since. */
	if (faccessat(folder_fd(f), path, F_OK, 0) && errno == ENOENT)
		return true;
	bool done = people_file_facts(&a, f, name, &file, err) &&
		    file_map(folder_fd(f), path, &m, err) &&
		    people_unpack(&a, m.bytes, &people, err) &&
		    remove_older(f, &file, ret_replaced, err) && put_list(f, &file, &people, err);
	people_release(&people);
	file_unmap(&m);
	arena_release(&a);
	return done;
}

bool people_file_load(struct folder *f, struct str name, struct err *err)
{
	bool replaced;

	return load(f, name, &replaced, err);
}

bool people_file_gone(struct folder *f, struct str name, struct err *err)
{
	uint8_t prefix[16];
	int64_t id = 0;
	struct sha256 key = {0};

	if (!name_parse_hash(name, prefix))
		return err_set(err, ERR_CASE, "'" STR_FMT "' names no list of people",
			STR_ARG(str_upto(name, 64)));
	memcpy(key.b, prefix, sizeof(prefix));
	if (!casedb_people_list_begins(
		    folder_db(f), (struct str){(const char *)prefix, sizeof(prefix)}, &id, err))
		return false;
	return (!id || casedb_people_list_remove(folder_db(f), id, err)) &&
	       set_doomed(f, &key, true, err);
}

struct publishing {
	struct folder *f;
	struct str name;
	struct sha256 key;
	struct people_published out;
};

static bool is_known(void *arg, bool *ret_known, struct err *err)
{
	struct publishing *p = arg;
	int64_t id = 0;

	bool done = casedb_people_list_find(folder_db(p->f), &p->key, &id, err);
	*ret_known = id != 0;
	return done;
}

static bool load_new(void *arg, struct err *err)
{
	struct publishing *p = arg;

	return load(p->f, p->name, &p->out.replaced, err) && join_people(p->f, err);
}

/* Of the bytes and of how they were given: the same file may be two lists, or one of two dates. */
static struct sha256 key_of(const struct people_facts *facts)
{
	char fixed[40];
	struct buf rest = {0};

	memcpy(fixed, facts->sha256.b, 32);
	memcpy(fixed + 32, &facts->at.us, 8);
	buf_str(&rest, facts->as);
	buf_putc(&rest, '\0');
	struct sha256 key =
		sha256_of3((struct str){fixed, sizeof(fixed)}, buf_view(&rest), facts->list);
	buf_release(&rest);
	return key;
}

static bool count_packed(struct str packed, struct people_published *ret, struct err *err)
{
	struct arena a = {0};
	struct people people;
	bool done = people_unpack(&a, packed, &people, err);

	if (done) {
		count(&people, ret);
		people_release(&people);
	}
	arena_release(&a);
	return done;
}

/* Those of the version that went. */
static bool remove_files(struct folder *f, struct err *err)
{
	if (!folder_lock(f, err))
		return false;
	bool done = recover_doomed(f, err);
	folder_unlock(f);
	return done;
}

bool people_publish(struct folder *f, const struct people_facts *facts, struct str packed,
	struct people_published *ret, struct err *err)
{
	struct publishing p = {.f = f, .key = key_of(facts)};
	struct people_file file = {.key = p.key, .facts = *facts, .added = when_now()};
	char name[NAME_ROOM], key[65], hash[65];
	struct buf json = {0}, body = {0};

	if (!count_packed(packed, &p.out, err))
		return false;
	name_of_hash(&p.key, name);
	p.name = str_of(name);
	people_file_write(&file, &json);
	sha256_hex(p.key, key);
	sha256_hex(sha256_of(packed), hash);
	buf_addf(&body, "\"list\":\"%s\",\"packed\":\"%s\"", key, hash);
	struct kept k = {.name = p.name,
		.files = {{NAME_PEOPLE, packed, false},
			{NAME_PEOPLE_FACTS, buf_view(&json), false}},
		.n_files = 2,
		.line = "people",
		.body = buf_view(&body),
		.known = is_known,
		.load = load_new,
		.arg = &p};
	bool done =
		kept_publish(f, &k, &p.out.known, err) && (!p.out.replaced || remove_files(f, err));
	buf_release(&json);
	buf_release(&body);
	if (done)
		*ret = p.out;
	return done;
}

static bool retract_locked(struct folder *f, struct str name, struct err *err)
{
	struct buf body = {0};

	buf_addf(&body, "\"list\":\"" STR_FMT "\"", STR_ARG(name));
	bool done = journal_append(folder_journal(f), "people-removed", buf_view(&body), err) &&
		    casedb_begin(folder_db(f), err);
	buf_release(&body);
	if (!done)
		return false;
	if (people_file_gone(f, name, err) && join_people(f, err) && folder_keep_up(f, err))
		return casedb_commit(folder_db(f), err) && recover_doomed(f, err);
	casedb_rollback(folder_db(f));
	return false;
}

bool people_retract(struct folder *f, const struct sha256 *key, struct err *err)
{
	char name[NAME_ROOM];

	name_of_hash(key, name);
	if (!folder_lock(f, err))
		return false;
	bool done = retract_locked(f, str_of(name), err);
	folder_unlock(f);
	return done;
}
