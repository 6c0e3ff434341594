#include "engine/designated.h"

#include <stdlib.h>

#include "intel/partypack.h"

/* One entry comes from a few files at most; a key that leads to more entries tells nobody apart. */
enum { ROWS_MAX = 64, CANDIDATES_MAX = 10000 };

static bool put_one(struct casedb *db, struct arena *scratch, int64_t source, const struct party *p,
	struct err *err)
{
	struct screen_keys keys = {0};
	struct buf said = {0};
	struct party_row row = {
		.source = source, .list = p->list, .entry = p->id, .list_date = p->list_date};
	int64_t id = 0;

	party_pack(p, &said);
	row.said = buf_view(&said);
	screen_keys_of_party(scratch, p, &keys);
	bool done = casedb_party_add(db, &row, &id, err);
	for (size_t i = 0; done && i < keys.at.n; i++)
		done = casedb_party_key_add(db, keys.at.at[i], id, err);
	vec_release(&keys.at);
	buf_release(&said);
	return done;
}

bool designated_put(struct casedb *db, int64_t source, const struct said *s, struct err *err)
{
	struct arena scratch = {0};
	bool done = true;

	for (size_t i = 0; done && i < s->parties.n; i++)
		done = put_one(db, &scratch, source, &s->parties.at[i], err);
	arena_release(&scratch);
	return done;
}

struct listing {
	struct arena *a;
	struct designated_lists *out;
};

static bool take_list(void *arg, const struct party_list_row *r)
{
	struct listing *l = arg;

	*vec_push(&l->out->at) = (struct designated_list){.list = arena_dup(l->a, r->list),
		.name = arena_dup(l->a, r->name),
		.sha256 = r->sha256,
		.list_date = r->list_date,
		.added = r->added,
		.source = r->source,
		.entries = r->entries};
	return true;
}

bool designated_lists(
	struct casedb *db, struct arena *a, struct designated_lists *inout, struct err *err)
{
	struct listing l = {a, inout};

	return casedb_party_list_each(db, take_list, &l, err);
}

/* A row's list and number: which entry it is of. */
struct entry {
	struct str list, id;
};

struct finding {
	struct arena *a;
	struct screen_keys keys;
	VEC(struct entry) entries; /* that one of the keys leads to */
	struct party rows[ROWS_MAX];
	int64_t sources[ROWS_MAX];
	size_t n_rows;
	bool bad;
};

static bool take_entry(void *arg, const struct party_row *r)
{
	struct finding *f = arg;

	*vec_push(&f->entries) =
		(struct entry){arena_dup(f->a, r->list), arena_dup(f->a, r->entry)};
	return f->entries.n < CANDIDATES_MAX;
}

static int cmp_entry(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;
	int c = str_cmp(a->list, b->list);

	return c ? c : str_cmp(a->id, b->id);
}

static bool take_row(void *arg, const struct party_row *r)
{
	struct finding *f = arg;
	struct scan sc = scan_of(arena_dup(f->a, r->said));

	party_unpack(f->a, &sc, &f->rows[f->n_rows]);
	f->bad |= !scan_ok(&sc);
	f->sources[f->n_rows++] = r->source;
	return !f->bad && f->n_rows < ROWS_MAX;
}

#define JOIN(f, member, n_member, type)                                                            \
	do {                                                                                       \
		size_t n_ = 0;                                                                     \
		for (size_t i_ = 0; i_ < (f)->n_rows; i_++)                                        \
			n_ += (f)->rows[i_].n_member;                                              \
		type *at_ = arena_array((f)->a, n_ + 1, sizeof(*at_));                             \
		n_ = 0;                                                                            \
		for (size_t i_ = 0; i_ < (f)->n_rows; i_++)                                        \
			for (uint32_t k_ = 0; k_ < (f)->rows[i_].n_member; k_++)                   \
				at_[n_++] = (f)->rows[i_].member[k_];                              \
		all.member = at_;                                                                  \
		all.n_member = (uint32_t)n_;                                                       \
	} while (0)

/* All that the rows say. */
static struct party join(struct finding *f)
{
	struct party all = f->rows[0];

	JOIN(f, names, n_names, struct party_name);
	JOIN(f, births, n_births, struct party_date);
	JOIN(f, countries, n_countries, struct str);
	JOIN(f, places, n_places, struct str);
	JOIN(f, ids, n_ids, struct party_id);
	for (size_t i = 1; i < f->n_rows; i++) {
		const struct party *p = &f->rows[i];
		if (all.type == PARTY_UNKNOWN)
			all.type = p->type;
		if (all.programme.n == 0)
			all.programme = p->programme;
		if (!when_known(all.listed_on))
			all.listed_on = p->listed_on;
		if (!when_known(all.list_date))
			all.list_date = p->list_date;
	}
	return all;
}

static void keep_sources(struct finding *f, struct designated_match *m)
{
	int64_t *at = arena_array(f->a, f->n_rows + 1, sizeof(*at));

	for (size_t i = 0; i < f->n_rows; i++) {
		bool known = false;
		for (size_t k = 0; k < m->n_sources; k++)
			known |= at[k] == f->sources[i];
		if (!known)
			at[m->n_sources++] = f->sources[i];
	}
	m->sources = at;
}

static bool try_entry(struct casedb *db, struct finding *f, const struct entry *e,
	const struct screen_query *q, struct designated_matches *inout, struct err *err)
{
	struct designated_match m = {0};

	f->n_rows = 0;
	if (!casedb_party_of_entry(db, e->list, e->id, take_row, f, err))
		return false;
	if (f->bad)
		return err_set(err, ERR_CASE, "entry '%.*s' of a list is damaged",
			(int)str_upto(e->id, 100).n, e->id.p);
	if (f->n_rows == 0)
		return true;
	m.party = join(f);
	if (screen_party(f->a, q, &m.party, &m.match)) {
		keep_sources(f, &m);
		*vec_push(&inout->at) = m;
	}
	return true;
}

static int cmp_match(const void *pa, const void *pb)
{
	const struct designated_match *a = pa, *b = pb;
	int c = (a->match.score < b->match.score) - (a->match.score > b->match.score);

	if (c == 0)
		c = str_cmp(a->party.list, b->party.list);
	return c ? c : str_cmp(a->party.id, b->party.id);
}

bool designated_find(struct casedb *db, struct arena *a, const struct screen_query *q,
	struct designated_matches *inout, struct err *err)
{
	struct finding *f = arena_new(a, struct finding);
	bool done = true;

	f->a = a;
	screen_keys_of_query(a, q, &f->keys);
	for (size_t i = 0; done && i < f->keys.at.n && f->entries.n < CANDIDATES_MAX; i++)
		done = casedb_party_with_key(db, f->keys.at.at[i], take_entry, f, err);
	if (f->entries.n)
		qsort(f->entries.at, f->entries.n, sizeof(*f->entries.at), cmp_entry);
	for (size_t i = 0; done && i < f->entries.n; i++) {
		const struct entry *e = &f->entries.at[i];
		if (i == 0 || cmp_entry(e - 1, e) != 0)
			done = try_entry(db, f, e, q, inout, err);
	}
	if (inout->at.n)
		qsort(inout->at.at, inout->at.n, sizeof(*inout->at.at), cmp_match);
	vec_release(&f->keys.at);
	vec_release(&f->entries);
	return done;
}
