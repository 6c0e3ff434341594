#include "engine/intelrows.h"

#include <stdlib.h>

#include "casedb/sighting.h"
#include "engine/intelset.h"
#include "engine/knowledge.h"
#include "engine/names.h"

struct old {
	int64_t id;
	struct sha256 sha256;
};

struct entering {
	struct folder *f;
	struct casedb *db;
	const struct intel_source_row *row;
	const struct indicators *in;
	VEC(struct old) old; /* sources that this one replaces */
	int64_t id;
};

/* Files of one base name in many folders are different feeds, unless somebody named them. */
static bool is_file_name(struct str name, struct str path)
{
	return str_ends(path, name) && (path.n == name.n || path.p[path.n - name.n - 1] == '/');
}

static bool is_older(const struct intel_source_row *r, const struct intel_source_row *new)
{
	bool named = !is_file_name(new->name, new->path);

	return (str_eq(r->name, new->name) && (named || str_eq(r->path, new->path))) ||
	       sha256_eq(r->sha256, new->sha256);
}

static bool find_old(void *arg, const struct intel_source_row *r)
{
	struct entering *g = arg;

	if (is_older(r, g->row))
		*vec_push(&g->old) = (struct old){r->id, r->sha256};
	return true;
}

bool intel_rows_before(struct folder *f, const struct intel_source_row *r,
	struct sha256 *ret_sha256, int64_t *ret_id, struct err *err)
{
	struct entering g = {.row = r};
	bool done = casedb_intel_source_each(folder_db(f), find_old, &g, err);

	if (done)
		*ret_id = 0;
	if (done && g.old.n) {
		*ret_id = g.old.at[g.old.n - 1].id;
		*ret_sha256 = g.old.at[g.old.n - 1].sha256;
	}
	vec_release(&g.old);
	return done;
}

/* Its files: what they hold must be found by whoever erases, so they go with their rows. */
static bool set_doomed(struct casedb *db, const struct sha256 *source, bool doomed, struct err *err)
{
	static const enum name_kind kinds[] = {
		NAME_INTEL, NAME_INTEL_SAID, NAME_INTEL_GIVEN, NAME_INTEL_FACTS};
	char name[NAME_ROOM], file[FILE_NAME_ROOM];

	name_of_hash(source, name);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		name_file(kinds[i], str_of(name), file);
		if (!(doomed ? casedb_doom(db, str_of(file), err)
			     : casedb_undoom(db, str_of(file), err)))
			return false;
	}
	return true;
}

static bool put_skipped(struct entering *g, const struct intel *said, struct err *err)
{
	for (size_t i = 0; i < said->skipped.n; i++) {
		const struct skipped *s = &said->skipped.at[i];
		struct skipped_row row = {g->id, s->what, s->why, s->line, s->member};
		if (!casedb_skipped_add(g->db, &row, err))
			return false;
	}
	return true;
}

/* Ordinals of an old source that were sighted. */
struct sighted {
	VEC(uint32_t) at;
};

static bool note_sighted(void *arg, const struct sighting_row *r)
{
	struct sighted *s = arg;

	if (s->at.n == 0 || s->at.at[s->at.n - 1] != r->ordinal)
		*vec_push(&s->at) = r->ordinal;
	return true;
}

static bool move_each(struct entering *g, const struct old *old, const struct sighted *s,
	const struct indicators *before, struct err *err)
{
	struct indicators_reader was = {.in = before}, is = {.in = g->in};
	struct indicator a, b;
	uint32_t ordinal;

	for (size_t i = 0; i < s->at.n; i++) {
		if (!indicators_at(&was, s->at.at[i], &a) ||
			!indicators_same(&is, &a, &ordinal, &b) || b.revoked)
			continue;
		if (!casedb_sighting_move(g->db, old->id, s->at.at[i], g->id, ordinal, err))
			return false;
	}
	return true;
}

/*
 * Where the file itself was replaced (an erasure), or can't be read any more, nobody can say which
 * indicator it was that was met: the sightings go, and are found anew.
 */
static bool move_sightings(struct entering *g, const struct old *old, struct err *err)
{
	char name[NAME_ROOM];
	struct sighted s = {0};
	struct file_map map;
	struct indicators before;
	struct err none;

	if (sha256_eq(old->sha256, g->row->sha256) || g->row->role != INTEL_INDICATORS)
		return true;
	name_of_hash(&old->sha256, name);
	bool done = casedb_sighting_each_of(g->db, old->id, note_sighted, &s, err);
	if (done && s.at.n && intel_file_open(g->f, str_of(name), &map, &before, &none)) {
		done = move_each(g, old, &s, &before, err);
		file_unmap(&map);
	}
	vec_release(&s.at);
	return done;
}

/* The new row first, then the sightings move there, then the old rows go with what is left. */
static bool enter(struct entering *g, const struct intel *said, struct err *err)
{
	if (!casedb_intel_source_each(g->db, find_old, g, err))
		return false;
	for (size_t i = 0; i < g->old.n; i++) {
		if (!casedb_intel_source_retire(g->db, g->old.at[i].id, err))
			return false;
	}
	if (!casedb_intel_source_add(g->db, g->row, &g->id, err) || !put_skipped(g, said, err) ||
		!knowledge_put(g->db, g->id, &said->said, err))
		return false;
	for (size_t i = 0; i < g->old.n; i++) {
		if (!move_sightings(g, &g->old.at[i], err) ||
			!intel_rows_remove(g->f, g->old.at[i].id, &g->old.at[i].sha256, err))
			return false;
	}
	/* A version that comes back may have been doomed before. */
	return set_doomed(g->db, &g->row->sha256, false, err);
}

bool intel_rows_put(struct folder *f, const struct intel_source_row *r, const struct indicators *in,
	const struct intel *said, int64_t *ret_id, bool *ret_replaced, struct err *err)
{
	struct entering g = {.f = f, .db = folder_db(f), .row = r, .in = in};
	bool done = enter(&g, said, err);

	if (done) {
		*ret_id = g.id;
		*ret_replaced = g.old.n > 0;
	}
	vec_release(&g.old);
	return done;
}

bool intel_rows_remove(struct folder *f, int64_t id, const struct sha256 *sha256, struct err *err)
{
	return casedb_intel_source_remove(folder_db(f), id, err) &&
	       set_doomed(folder_db(f), sha256, true, err);
}
