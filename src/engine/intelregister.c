/* The catalogue's side of a file of intelligence: rows, and the compiled keys. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "casedb/intel.h"
#include "engine/inside.h"
#include "engine/intel.h"
#include "engine/intelfile.h"
#include "engine/live.h"
#include "intel/pack.h"

/* Indicators of the version before, by what makes two the same: kind, value, and the source's id. */
struct known {
	uint32_t id;
	bool used;
	struct indicator in; /* texts in the arena */
};

struct registering {
	struct folder *f;
	struct arena arena;
	struct intel_file file;
	VEC(int64_t) old; /* sources that this one replaces */
	VEC(struct known) known;
	struct intel_added *out;
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

static bool find_old(void *arg, const struct intel_source_row *r)
{
	struct registering *g = arg;
	bool same = sha256_eq(r->sha256, g->file.sha256) ||
		    (g->file.named ? str_eq(r->name, g->file.name) : str_eq(r->path, g->file.path));

	if (same)
		*vec_push(&g->old) = r->id;
	return true;
}

static bool keep_known(void *arg, uint32_t id, int64_t source, const struct indicator *in)
{
	struct registering *g = arg;
	struct known *k = vec_push(&g->known);

	(void)source;
	*k = (struct known){.id = id, .in = *in};
	k->in.id = arena_dup(&g->arena, in->id);
	k->in.o.v = arena_dup(&g->arena, in->o.v);
	k->in.original =
		in->what == INDICATOR_PENDING ? arena_dup(&g->arena, in->original) : STR("");
	return true;
}

static struct known *find_known(struct registering *g, const struct indicator *in)
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

static bool put_indicator(struct registering *g, const struct indicator *read, struct err *err)
{
	struct indicator in = *read;
	struct known *k = find_known(g, &in);
	uint32_t id;

	if (in.confidence < 0)
		in.confidence = g->file.confidence;
	g->out->indicators += in.what != INDICATOR_PENDING;
	g->out->pending += in.what == INDICATOR_PENDING;
	if (k) {
		k->used = true;
		return casedb_indicator_update(g->f->db, k->id, g->out->source, &in, err);
	}
	g->out->added++;
	return casedb_indicator_add(g->f->db, g->out->source, &in, &id, err);
}

static bool put_all(struct registering *g, const struct intel *in, struct err *err)
{
	for (size_t i = 0; i < in->indicators.n; i++) {
		if (!put_indicator(g, &in->indicators.at[i], err))
			return false;
	}
	for (size_t i = 0; i < in->skipped.n; i++) {
		const struct skipped *s = &in->skipped.at[i];
		if (!casedb_skipped_add(g->f->db, g->out->source, s->what, s->why, s->line, err))
			return false;
	}
	for (size_t i = 0; i < g->known.n; i++)
		g->out->gone += !g->known.at[i].used;
	return true;
}

/* The new row first, then the indicators move there, then the old rows go with what is left. */
static bool replace(struct registering *g, const struct intel *in, struct err *err)
{
	struct casedb *db = g->f->db;
	struct intel_source_row row = {.sha256 = g->file.sha256,
		.name = g->file.name,
		.path = g->file.path,
		.title = in->title,
		.kind = in->kind,
		.marking = g->file.marking,
		.confidence = g->file.confidence,
		.added = g->file.added,
		.skipped = in->skipped.n};

	for (size_t i = 0; i < in->indicators.n; i++) {
		row.pending += in->indicators.at[i].what == INDICATOR_PENDING;
		row.indicators += in->indicators.at[i].what != INDICATOR_PENDING;
	}
	if (!casedb_intel_source_each(db, find_old, g, err))
		return false;
	for (size_t i = 0; i < g->old.n; i++) {
		if (!casedb_indicator_each(db, g->old.at[i], keep_known, g, err) ||
			!casedb_intel_source_retire(db, g->old.at[i], err))
			return false;
	}
	if (g->known.n)
		qsort(g->known.at, g->known.n, sizeof(*g->known.at), known_cmp);
	if (!casedb_intel_source_add(db, &row, &g->out->source, err) || !put_all(g, in, err))
		return false;
	for (size_t i = 0; i < g->old.n; i++) {
		if (!casedb_intel_source_remove(db, g->old.at[i], err))
			return false;
	}
	g->out->replaced = g->old.n > 0;
	g->out->skipped = in->skipped.n;
	return true;
}

static bool register_bytes(struct folder *f, const struct sha256 *source, struct str bytes,
	struct intel_added *ret, struct err *err)
{
	struct registering g = {.f = f, .out = ret};
	struct intel in = {0};

	bool done = intel_file_read(bytes, &g.file, err);
	if (done && !sha256_eq(g.file.sha256, *source))
		done = err_set(err, ERR_CASE, "it is of another source");
	done = done && intel_unpack(g.file.packed, &in, err) && replace(&g, &in, err);
	intel_release(&in);
	vec_release(&g.old);
	vec_release(&g.known);
	arena_release(&g.arena);
	return done;
}

bool intel_register(
	struct folder *f, const struct sha256 *source, struct intel_added *ret, struct err *err)
{
	char name[INTEL_FILE_ROOM];
	struct file_map map;

	intel_file_name(source, name);
	if (faccessat(f->fd, name, F_OK, 0) && errno == ENOENT)
		return true;
	if (!file_map(f->fd, name, &map, err))
		return false;
	bool done = register_bytes(f, source, map.bytes, ret, err) || err_in(err, "'%s'", name);
	file_unmap(&map);
	return done;
}

struct compiling {
	struct arena arena;
	VEC(struct indicator) in;
	VEC(uint32_t) ref;
};

static bool take(void *arg, uint32_t id, int64_t source, const struct indicator *in)
{
	struct compiling *c = arg;

	(void)source;
	if (in->what == INDICATOR_PENDING || in->revoked)
		return true;
	struct indicator *kept = vec_push(&c->in);
	*kept = *in;
	kept->o.v = arena_dup(&c->arena, in->o.v);
	*vec_push(&c->ref) = id;
	return true;
}

bool intel_compile(struct folder *f, struct err *err)
{
	struct compiling c = {0};
	struct buf out = {0};
	struct casedb_state state;

	bool done =
		casedb_state(f->db, &state, err) && casedb_indicator_each(f->db, 0, take, &c, err);
	if (done) {
		keyset_build(c.in.at, c.ref.at, c.in.n, state.journal_count, &out);
		done = file_replace(f->fd, KEYS_FILE, buf_view(&out), err);
	}
	buf_release(&out);
	vec_release(&c.in);
	vec_release(&c.ref);
	arena_release(&c.arena);
	return done;
}
