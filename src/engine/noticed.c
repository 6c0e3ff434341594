/* When sightings were noticed, over an erasure that gives their indicators other places. */
#include <stdlib.h>

#include "base/hash.h"
#include "engine/intelset.h"
#include "engine/live.h"

struct identifying {
	const struct intel_set *set;
	struct noticed *kept; /* taking */
	struct casedb *db;    /* giving back */
	VEC(struct sighting_row) rows;
	struct arena arena;
};

/* Two hashes with different seeds: nobody loses but a time, should they ever collide. */
static bool identify(
	const struct intel_set *set, const struct sighting_row *r, uint64_t ret_indicator[2])
{
	const struct intel_file *file = intel_set_find(set, r->source);
	struct indicators_reader reader = {.in = file ? &file->in : NULL};
	struct indicator in;
	struct buf all = {0};
	uint64_t key = 0;

	if (!file || !indicators_at(&reader, r->ordinal, &in))
		return false;
	(void)record_key(&in, &key);
	buf_add(&all, file->sha256.b, sizeof(file->sha256.b));
	buf_u64(&all, key);
	buf_putc(&all, (char)in.what);
	if (in.what == INDICATOR_NETWORK) {
		buf_add(&all, in.from, sizeof(in.from));
		buf_add(&all, in.to, sizeof(in.to));
	}
	buf_str(&all, in.id);
	for (unsigned i = 0; i < 2; i++)
		ret_indicator[i] = hash64(all.p, all.n, i);
	buf_release(&all);
	return true;
}

static int noticed_cmp(const void *va, const void *vb)
{
	const struct noticed_one *a = va, *b = vb;

	for (unsigned i = 0; i < 2; i++) {
		if (a->indicator[i] != b->indicator[i])
			return a->indicator[i] < b->indicator[i] ? -1 : 1;
	}
	int c = observable_cmp(a->o, b->o);
	return c ? c : a->how - b->how;
}

static bool keep(void *arg, const struct sighting_row *r)
{
	struct identifying *d = arg;
	struct noticed_one one = {
		.o = r->o, .how = r->how, .direction = r->direction, .noticed = r->noticed};

	if (!identify(d->set, r, one.indicator))
		return true;
	one.o.v = arena_dup(&d->kept->arena, r->o.v);
	*vec_push(&d->kept->at) = one;
	return true;
}

bool noticed_take(struct folder *f, struct noticed *ret, struct err *err)
{
	struct intel_set set;
	struct identifying d = {.set = &set, .kept = ret};

	if (!intel_set_open(f, &set, err))
		return false;
	bool done = casedb_sighting_each(folder_db(f), WHEN_NONE, keep, &d, err);
	intel_set_close(&set);
	if (ret->at.n)
		qsort(ret->at.at, ret->at.n, sizeof(*ret->at.at), noticed_cmp);
	return done;
}

static bool collect(void *arg, const struct sighting_row *r)
{
	struct identifying *d = arg;
	struct sighting_row *to = vec_push(&d->rows);

	*to = *r;
	to->o.v = arena_dup(&d->arena, r->o.v);
	return true;
}

static bool give_one(
	struct identifying *d, const struct noticed *n, struct sighting_row *r, struct err *err)
{
	struct noticed_one key = {.o = r->o, .how = r->how};

	if (n->at.n == 0 || !identify(d->set, r, key.indicator))
		return true;
	const struct noticed_one *was = bsearch(&key, n->at.at, n->at.n, sizeof(key), noticed_cmp);
	if (!was)
		return true;
	r->noticed = was->noticed;
	r->direction = was->direction;
	return casedb_sighting_antedate(d->db, r, err);
}

bool noticed_give_back(struct folder *f, const struct noticed *n, struct err *err)
{
	struct intel_set set;
	struct identifying d = {.set = &set, .db = folder_db(f)};

	if (!intel_set_open(f, &set, err))
		return false;
	bool done =
		casedb_sighting_each(d.db, WHEN_NONE, collect, &d, err) && casedb_begin(d.db, err);
	for (size_t i = 0; done && i < d.rows.n; i++)
		done = give_one(&d, n, &d.rows.at[i], err);
	done = done && casedb_commit(d.db, err);
	if (!done)
		casedb_rollback(d.db);
	vec_release(&d.rows);
	arena_release(&d.arena);
	intel_set_close(&set);
	return done;
}

void noticed_release(struct noticed *n)
{
	vec_release(&n->at);
	arena_release(&n->arena);
}
