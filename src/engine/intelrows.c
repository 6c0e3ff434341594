#include "engine/intelrows.h"

#include <stdlib.h>

#include "engine/knowledge.h"
#include "engine/names.h"

/* Indicators of the version before, by what makes two the same: kind, value, and the source's id. */
struct known {
	uint32_t id;
	bool used;
	struct indicator in; /* texts in the arena */
};

struct old {
	int64_t id;
	struct sha256 sha256;
};

struct entering {
	struct casedb *db;
	const struct intel_source_row *row;
	struct arena arena;
	VEC(struct old) old; /* sources that this one replaces */
	VEC(struct known) known;
	struct intel_rows out;
};

static int same_cmp(const struct indicator *a, const struct indicator *b)
{
	int c = str_cmp(a->id, b->id);

	if (c == 0 && a->what != b->what)
		c = a->what < b->what ? -1 : 1;
	if (c || a->what == INDICATOR_PENDING)
		return c ? c : str_cmp(a->original, b->original);
	if (a->what == INDICATOR_VALUE)
		return observable_cmp(a->o, b->o);
	c = memcmp(a->from, b->from, sizeof(a->from));
	return c ? c : memcmp(a->to, b->to, sizeof(a->to));
}

static int known_cmp(const void *va, const void *vb)
{
	const struct known *a = va, *b = vb;
	int c = same_cmp(&a->in, &b->in);

	return c ? c : (a->id > b->id) - (a->id < b->id);
}

/* Files of one base name in many folders are different feeds, unless somebody named them. */
static bool is_file_name(struct str name, struct str path)
{
	return str_ends(path, name) && (path.n == name.n || path.p[path.n - name.n - 1] == '/');
}

static bool find_old(void *arg, const struct intel_source_row *r)
{
	struct entering *g = arg;
	const struct intel_source_row *new = g->row;
	bool named = !is_file_name(new->name, new->path);
	bool newer = str_eq(r->name, new->name) && (named || str_eq(r->path, new->path));

	if (newer || sha256_eq(r->sha256, new->sha256))
		*vec_push(&g->old) = (struct old){r->id, r->sha256};
	return true;
}

static bool keep_known(void *arg, uint32_t id, int64_t source, const struct indicator *in)
{
	struct entering *g = arg;
	struct known *k = vec_push(&g->known);

	(void)source;
	*k = (struct known){.id = id, .in = *in};
	k->in.id = arena_dup(&g->arena, in->id);
	k->in.o.v = arena_dup(&g->arena, in->o.v);
	k->in.original =
		in->what == INDICATOR_PENDING ? arena_dup(&g->arena, in->original) : STR("");
	return true;
}

static struct known *find_known(struct entering *g, const struct indicator *in)
{
	size_t from = 0, to = g->known.n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (same_cmp(&g->known.at[mid].in, in) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	for (; from < g->known.n && same_cmp(&g->known.at[from].in, in) == 0; from++) {
		if (!g->known.at[from].used)
			return &g->known.at[from];
	}
	return NULL;
}

static bool put_indicator(struct entering *g, const struct indicator *read, struct err *err)
{
	struct indicator in = *read;
	struct known *k = find_known(g, &in);
	uint32_t id;

	if (in.confidence < 0)
		in.confidence = g->row->confidence;
	if (k) {
		k->used = true;
		return casedb_indicator_update(g->db, k->id, g->out.id, &in, err);
	}
	g->out.added++;
	return casedb_indicator_add(g->db, g->out.id, &in, &id, err);
}

static bool put_all(struct entering *g, const struct intel *in, struct err *err)
{
	for (size_t i = 0; i < in->indicators.n; i++) {
		if (!put_indicator(g, &in->indicators.at[i], err))
			return false;
	}
	for (size_t i = 0; i < in->skipped.n; i++) {
		const struct skipped *s = &in->skipped.at[i];
		if (!casedb_skipped_add(g->db, g->out.id, s->what, s->why, s->line, err))
			return false;
	}
	for (size_t i = 0; i < g->known.n; i++)
		g->out.gone += !g->known.at[i].used;
	return true;
}

/* Its files: what they hold must be found by whoever erases, so they go with their rows. */
static bool set_doomed(
	struct entering *g, const struct sha256 *source, bool doomed, struct err *err)
{
	static const enum name_kind kinds[] = {NAME_INTEL, NAME_INTEL_FACTS};
	char name[NAME_ROOM], file[FILE_NAME_ROOM];

	name_of_hash(source, name);
	for (size_t i = 0; i < 2; i++) {
		name_file(kinds[i], str_of(name), file);
		if (!(doomed ? casedb_doom(g->db, str_of(file), err)
			     : casedb_undoom(g->db, str_of(file), err)))
			return false;
	}
	return true;
}

/* The new row first, then the indicators move there, then the old rows go with what is left. */
static bool enter(struct entering *g, const struct intel *in, struct err *err)
{
	if (!casedb_intel_source_each(g->db, find_old, g, err))
		return false;
	for (size_t i = 0; i < g->old.n; i++) {
		if (!casedb_indicator_each(g->db, g->old.at[i].id, keep_known, g, err) ||
			!casedb_intel_source_retire(g->db, g->old.at[i].id, err))
			return false;
	}
	if (g->known.n)
		qsort(g->known.at, g->known.n, sizeof(*g->known.at), known_cmp);
	if (!casedb_intel_source_add(g->db, g->row, &g->out.id, err) || !put_all(g, in, err) ||
		!knowledge_put(g->db, g->out.id, &in->said, err))
		return false;
	for (size_t i = 0; i < g->old.n; i++) {
		if (!casedb_intel_source_remove(g->db, g->old.at[i].id, err) ||
			!set_doomed(g, &g->old.at[i].sha256, true, err))
			return false;
	}
	g->out.replaced = g->old.n > 0;
	/* A version that comes back may have been doomed before. */
	return set_doomed(g, &g->row->sha256, false, err);
}

bool intel_rows_put(struct folder *f, const struct intel_source_row *r, const struct intel *in,
	struct intel_rows *ret, struct err *err)
{
	struct entering g = {.db = folder_db(f), .row = r};

	bool done = enter(&g, in, err);
	if (done)
		*ret = g.out;
	vec_release(&g.old);
	vec_release(&g.known);
	arena_release(&g.arena);
	return done;
}
