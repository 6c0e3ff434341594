#include "engine/hits.h"

#include <stdlib.h>
#include <string.h>

#include "engine/hits_inside.h"
#include "engine/inside.h"

/*
 * Of more passes the case keeps those that were used last.  From PASSES_ROOM on one pass is made for all
 * that batches lack, since a batch's passes are bits of a word.
 */
enum { PASSES_KEPT = 24, PASSES_ROOM = 60 };

static int by_version(const void *x, const void *y)
{
	const struct versioned *a = x, *b = y;

	return memcmp(a->version, b->version, HIT_RULE_BYTES);
}

static void list_versions(struct hit_finding *g)
{
	for (uint32_t i = 0; i < n_rules(g); i++)
		if (rule_at(g, i)->asked)
			*vec_push(&g->versions) = (struct versioned){rule_at(g, i)->version, i};
	if (g->versions.n)
		qsort(g->versions.at, g->versions.n, sizeof(*g->versions.at), by_version);
}

static int by_name(const void *x, const void *y)
{
	const struct hit_place *a = x, *b = y;

	return str_cmp(a->name, b->name);
}

static void list_places(struct hit_finding *g)
{
	for (uint32_t i = 0; i < g->snap->n; i++) {
		const struct snapshot_segment *s = &g->snap->at[i];
		for (uint32_t k = 0; k < s->n_batches; k++)
			*vec_push(&g->places) = (struct hit_place){s->batch_names[k], i, k, 0};
	}
	if (g->places.n)
		qsort(g->places.at, g->places.n, sizeof(*g->places.at), by_name);
	for (size_t i = 0; i < g->places.n; i++)
		*vec_push(&g->reduced) = false;
}

struct hit_place *hit_place_of(const struct hit_finding *g, struct str name)
{
	struct hit_place want = {.name = name};

	return g->places.n ? bsearch(&want, g->places.at, g->places.n, sizeof(want), by_name)
			   : NULL;
}

struct making {
	struct evaluating *e;
	const uint32_t *only;
	size_t n_only;
	uint64_t passes; /* batches that have these */
	uint32_t *scratch;
	bool every; /* all batches that lack one of the rules */
};

/* The rules that batches with these passes have not been held against. */
static size_t missing(const struct hit_finding *g, uint64_t passes, uint32_t *ret)
{
	size_t n = 0;

	for (uint32_t i = 0; i < n_rules(g); i++) {
		bool has = !rule_at(g, i)->asked;
		for (uint32_t k = 0; k < g->passes.n && !has; k++)
			has = (passes >> k & 1) && g->passes.at[k].has[i];
		if (!has)
			ret[n++] = i;
	}
	return n;
}

/* Those batches of the segment that are wanted: by number, their place; UINT32_MAX: not. */
static uint32_t *wanted_batches(
	const struct hit_finding *g, const struct making *m, uint32_t segment, size_t *ret_n)
{
	const struct snapshot_segment *s = &g->snap->at[segment];
	uint32_t *at = calloc(s->n_batches + 1, sizeof(*at));

	if (!at)
		BUG("out of memory");
	*ret_n = 0;
	for (uint32_t i = 0; i < s->n_batches; i++) {
		const struct hit_place *p = hit_place_of(g, s->batch_names[i]);
		bool wanted =
			p && p->segment == segment &&
			(m->every ? missing(g, p->passes, m->scratch) > 0 : p->passes == m->passes);
		at[i] = wanted ? (uint32_t)(p - g->places.at) : UINT32_MAX;
		*ret_n += wanted;
	}
	return at;
}

static bool add_batches(struct hit_finding *g, const struct making *m, const uint32_t *batches,
	uint32_t n_batches, const struct hit_record *rows, size_t n, struct err *err)
{
	struct evaluate_record *records = calloc(n + 1, sizeof(*records));
	bool done = true;
	size_t at = 0;

	if (!records)
		BUG("out of memory");
	for (uint32_t i = 0; done && i < n_batches; i++) {
		size_t first = at;
		if (batches[i] == UINT32_MAX)
			continue;
		for (; at < n && rows[at].batch == i; at++)
			records[at - first] = rows[at].at;
		struct evaluate_batch b = {
			batches[i], g->places.at[batches[i]].name, records, at - first};
		struct evaluated none = {.number = batches[i]};
		g->out->evaluated += b.n;
		done = b.n ? evaluate_add(m->e, &b, err) : hits_take(g, &none, err);
	}
	free(records);
	return done;
}

static bool evaluate_segment(
	struct hit_finding *g, const struct making *m, uint32_t segment, struct err *err)
{
	struct hit_records records = {0};
	size_t wanted;
	uint32_t *batches = wanted_batches(g, m, segment, &wanted);

	if (wanted)
		hits_scope(g, segment, m->only, m->n_only, batches, &records);
	bool done = !wanted || add_batches(g, m, batches, g->snap->at[segment].n_batches,
				       records.at.at, records.at.n, err);
	vec_release(&records.at);
	free(batches);
	return done;
}

/* Begins a pass of these rules; of a case that can't be written it is in memory alone. */
static bool begin_pass(struct hit_finding *g, const uint32_t *only, size_t n, struct err *err)
{
	struct buf rules = {0};
	int64_t id = 0;

	for (size_t i = 0; i < n; i++) {
		buf_str(&rules,
			(struct str){(const char *)rule_at(g, only[i])->version, HIT_RULE_BYTES});
		g->number_of[only[i]] = (uint32_t)i;
	}
	bool done = !g->f->writable ||
		    casedb_pass_add(folder_db(g->f), buf_view(&rules), when_now(), &id, err);
	g->making = (uint32_t)g->passes.n;
	hits_add_pass(g, id, buf_view(&rules));
	buf_release(&rules);
	return done;
}

static bool make_pass(struct hit_finding *g, struct making m, struct err *err)
{
	struct evaluate_options opt = {
		.box = g->opt->box,
		.jobs = g->opt->jobs,
		.rules = buf_view(&g->opt->book->files),
		.n_rules = n_rules(g),
		.only = m.only,
		.n_only = m.n_only,
		.watcher = g->opt->watcher,
		.fn = hits_take,
		.arg = g,
	};

	if (!begin_pass(g, m.only, m.n_only, err) || !evaluate_begin(g->snap, &opt, &m.e, err))
		return false;
	bool done = true;
	for (uint32_t i = 0; done && i < g->snap->n; i++)
		done = evaluate_segment(g, &m, i, err);
	done = done && evaluate_finish(m.e, err) && hits_put(g, err);
	evaluate_free(m.e);
	return done;
}

/*
 * YARA rules have a pass of their own, and the last: what costs them a record (libyara counts no steps)
 * must not cost it other rules.
 */
static size_t of_one_language(const struct hit_finding *g, uint32_t *inout, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!str_eq(rule_at(g, inout[i])->kind, STR("yara")))
			inout[kept++] = inout[i];
	return kept ? kept : n;
}

/* A pass for each list of rules that some batches lack: most often none, or one. */
static bool make_passes(struct hit_finding *g, struct err *err)
{
	uint32_t *only = calloc(n_rules(g) + 1, sizeof(*only));
	uint32_t *scratch = calloc(n_rules(g) + 1, sizeof(*scratch));
	uint64_t whole = 0; /* passes that were seen to lack nothing */
	bool done = true;

	if (!only || !scratch)
		BUG("out of memory");
	g->number_of = arena_array(&g->arena, n_rules(g) + 1, sizeof(*g->number_of));
	for (size_t i = 0; done && i < g->places.n; i++) {
		struct making m = {.only = only,
			.passes = g->places.at[i].passes,
			.scratch = scratch,
			.every = g->passes.n >= PASSES_ROOM};
		if (whole && m.passes == whole)
			continue;
		m.n_only = missing(g, m.passes, only);
		if (m.n_only && m.every)
			m.n_only = missing(g, 0, only);
		else
			m.n_only = of_one_language(g, only, m.n_only);
		if (m.n_only)
			done = make_pass(g, m, err);
		else
			whole = m.passes;
		i -= m.n_only > 0; /* until nothing is missing */
	}
	free(only);
	free(scratch);
	return done;
}

static int by_use(const void *x, const void *y)
{
	const struct pass_row *a = x, *b = y;

	if (a->used.us != b->used.us)
		return a->used.us > b->used.us ? -1 : 1;
	return (a->id < b->id) - (a->id > b->id);
}

struct pass_rows {
	VEC(struct pass_row) at;
};

static bool list_pass(void *arg, const struct pass_row *r)
{
	struct pass_rows *to = arg;

	*vec_push(&to->at) = (struct pass_row){.id = r->id, .used = r->used};
	return true;
}

/* Those that were of use are noted, and what nobody has used for longest goes. */
static bool forget_passes(struct hit_finding *g, struct err *err)
{
	struct casedb *db = folder_db(g->f);
	struct pass_rows rows = {0};

	if (!g->f->writable)
		return true;
	bool done = casedb_begin(db, err);
	for (size_t i = 0; done && i < g->passes.n; i++)
		done = !g->passes.at[i].useful ||
		       casedb_pass_use(db, g->passes.at[i].id, when_now(), err);
	done = done && casedb_pass_each(db, list_pass, &rows, err);
	if (done && rows.at.n > PASSES_KEPT) {
		qsort(rows.at.at, rows.at.n, sizeof(*rows.at.at), by_use);
		for (size_t i = PASSES_KEPT; done && i < rows.at.n; i++)
			done = casedb_pass_remove(db, rows.at.at[i].id, err);
	}
	done = done && casedb_commit(db, err);
	if (!done)
		casedb_rollback(db);
	vec_release(&rows.at);
	return done;
}

static void list_reduced(struct hit_finding *g)
{
	bool *marked = calloc(g->snap->n + 1, sizeof(*marked));

	if (!marked)
		BUG("out of memory");
	for (size_t i = 0; i < g->places.n; i++) {
		uint32_t segment = g->places.at[i].segment;
		if (g->reduced.at[i] && !marked[segment]) {
			marked[segment] = true;
			*vec_push(&g->out->reduced) = segment;
		}
	}
	free(marked);
}

bool hits_find(struct folder *f, struct snapshot *snap, const struct hits_options *opt,
	struct hits *ret, struct err *err)
{
	struct hit_finding g = {.f = f, .snap = snap, .opt = opt, .out = ret};

	*ret = (struct hits){0};
	list_versions(&g);
	list_places(&g);
	bool done = hits_load(&g, err) && make_passes(&g, err) && forget_passes(&g, err);
	if (done) {
		hits_find_rows(&g);
		list_reduced(&g);
	}
	vec_release(&g.versions);
	vec_release(&g.passes);
	vec_release(&g.places);
	vec_release(&g.hits);
	vec_release(&g.reduced);
	vec_release(&g.rows);
	buf_release(&g.waiting);
	arena_release(&g.arena);
	return done;
}

void hits_release(struct hits *h)
{
	vec_release(&h->at);
	vec_release(&h->reduced);
	arena_release(&h->arena);
	*h = (struct hits){0};
}
