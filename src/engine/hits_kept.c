#include <stdlib.h>
#include <string.h>

#include "base/scan.h"
#include "engine/hits_inside.h"
#include "engine/inside.h"

/* So many passes are looked at; a batch's are bits of a word, and more come. */
enum { PASSES_MAX = 32 };
/* So much waits to be written into the catalogue at once. */
enum { PUT_BYTES = 8 << 20, PUT_ROWS = 1024 };

/* The book's rule of this version, or UINT32_MAX. */
static uint32_t rule_of(const struct hit_finding *g, const char *version)
{
	const struct versioned *v = g->versions.at;
	size_t lo = 0, n = g->versions.n;

	while (n > 0) {
		size_t half = n / 2;
		bool below = memcmp(v[lo + half].version, version, HIT_RULE_BYTES) < 0;
		lo = below ? lo + half + 1 : lo;
		n = below ? n - half - 1 : half;
	}
	bool found = lo < g->versions.n && memcmp(v[lo].version, version, HIT_RULE_BYTES) == 0;
	return found ? v[lo].rule : UINT32_MAX;
}

struct hit_pass *hits_add_pass(struct hit_finding *g, int64_t id, struct str rules)
{
	struct hit_pass *p = vec_push(&g->passes);

	*p = (struct hit_pass){
		.id = id, .rules = arena_dup(&g->arena, rules), .n = rules.n / HIT_RULE_BYTES};
	p->numbers = arena_array(&g->arena, p->n + 1, sizeof(*p->numbers));
	p->has = arena_array(&g->arena, n_rules(g) + 1, sizeof(*p->has));
	memset(p->has, 0, (n_rules(g) + 1) * sizeof(*p->has));
	for (size_t i = 0; i < p->n; i++) {
		uint32_t at = rule_of(g, p->rules.p + i * HIT_RULE_BYTES);
		p->numbers[i] = at;
		if (at != UINT32_MAX)
			p->has[at] = p->useful = true;
	}
	return p;
}

static bool take_pass(void *arg, const struct pass_row *r)
{
	struct hit_finding *g = arg;

	if (g->passes.n == PASSES_MAX)
		return false;
	hits_add_pass(g, r->id, r->rules);
	return true;
}

static void pack_hit(struct buf *out, const struct evaluate_hit *h, uint32_t rule)
{
	buf_varint(out, h->of->record);
	buf_str(out, (struct str){(const char *)h->of->id.b, sizeof(h->of->id.b)});
	buf_varint(out, rule);
	buf_varint(out, h->part);
	buf_text(out, h->values);
	buf_text(out, h->why);
}

static struct str text_of(struct scan *sc, size_t limit)
{
	uint64_t n = scan_varint(sc, "a text");

	return n > limit ? scan_take(sc, SIZE_MAX, "a text") : scan_take(sc, (size_t)n, "a text");
}

/* Does a batch have a rule's hits from none of the passes before this one? */
static bool is_first(
	const struct hit_finding *g, const struct hit_place *p, uint32_t pass, uint32_t rule)
{
	for (uint32_t i = 0; i < pass; i++)
		if ((p->passes >> i & 1) && g->passes.at[i].has[rule])
			return false;
	return true;
}

/* What the catalogue has of a batch, but rules that aren't asked, or that an earlier pass has. */
static bool take_packed(
	struct hit_finding *g, const struct hit_place *p, uint32_t pass, struct str packed)
{
	const struct hit_pass *of = &g->passes.at[pass];
	struct scan sc = scan_of(packed);

	while (scan_left(&sc)) {
		struct raw_hit h = {.place = (uint32_t)(p - g->places.at)};
		h.record = (uint32_t)scan_varint(&sc, "a record");
		struct str id = scan_take(&sc, sizeof(h.id.b), "an id");
		uint64_t number = scan_varint(&sc, "a rule");
		h.part = (uint32_t)scan_varint(&sc, "a part");
		h.values = text_of(&sc, DETECT_VALUES_MAX);
		h.why = text_of(&sc, DETECT_WHY_MAX);
		if (!scan_ok(&sc) || number >= of->n)
			return false;
		h.rule = of->numbers[number];
		if (h.rule == UINT32_MAX || !is_first(g, p, pass, h.rule))
			continue;
		memcpy(h.id.b, id.p, id.n);
		h.values = arena_dup(&g->out->arena, h.values);
		h.why = arena_dup(&g->out->arena, h.why);
		*vec_push(&g->hits) = h;
	}
	return true;
}

struct taking {
	struct hit_finding *g;
	uint32_t pass;
	bool damaged;
};

static bool take_row(void *arg, const struct hits_row *r)
{
	struct taking *t = arg;
	struct hit_place *p = hit_place_of(t->g, r->batch);

	if (!p)
		return true;
	if (!t->g->opt->fresh && !take_packed(t->g, p, t->pass, r->hits)) {
		t->damaged = true;
		return false;
	}
	p->passes |= (uint64_t)1 << t->pass;
	t->g->reduced.at[p - t->g->places.at] |= r->reduced;
	t->g->out->unread += r->unread;
	return true;
}

static bool count_erasure(void *arg, const struct casedb_erasure *e)
{
	(void)e;
	++*(uint64_t *)arg;
	return true;
}

bool hits_load(struct hit_finding *g, struct err *err)
{
	struct casedb *db = folder_db(g->f);

	if (!casedb_erasure_each(db, count_erasure, &g->erasures, err) ||
		!casedb_pass_each(db, take_pass, g, err))
		return false;
	for (uint32_t i = 0; i < g->passes.n; i++) {
		struct taking t = {g, i, false};
		if (!g->passes.at[i].useful)
			continue;
		if (!casedb_hits_each(db, g->passes.at[i].id, take_row, &t, err))
			return false;
		if (t.damaged)
			return err_set(err, ERR_CASE,
				"'%s/%s': what rules matched is damaged; 'spoor reindex' makes "
				"it anew",
				g->f->path, CASE_DB);
	}
	return true;
}

bool hits_put(struct hit_finding *g, struct err *err)
{
	struct casedb *db = folder_db(g->f);
	const char *p = g->waiting.p;
	uint64_t erasures = 0;

	if (!g->rows.n || !g->f->writable)
		return true;
	/* What was erased meanwhile must not come back by what is written down here. */
	bool done = casedb_begin(db, err) && casedb_erasure_each(db, count_erasure, &erasures, err);
	for (size_t i = 0; done && erasures == g->erasures && i < g->rows.n; i++) {
		struct hits_row *r = &g->rows.at[i];
		r->hits.p = p;
		p += r->hits.n;
		done = casedb_hits_put(db, r, err);
	}
	done = done && casedb_commit(db, err);
	if (!done)
		casedb_rollback(db);
	g->rows.n = 0;
	buf_clear(&g->waiting);
	return done;
}

/* A batch's hits: into memory, and to what will be written. */
bool hits_take(void *arg, const struct evaluated *e, struct err *err)
{
	struct hit_finding *g = arg;
	struct hit_place *p = &g->places.at[e->number];
	size_t before = g->waiting.n;

	for (size_t i = 0; i < e->n; i++) {
		const struct evaluate_hit *h = &e->hits[i];
		pack_hit(&g->waiting, h, g->number_of[h->rule]);
		if (!is_first(g, p, g->making, h->rule))
			continue;
		*vec_push(&g->hits) = (struct raw_hit){e->number, h->of->record, h->of->id, h->rule,
			h->part, arena_dup(&g->out->arena, h->values),
			arena_dup(&g->out->arena, h->why)};
	}
	*vec_push(&g->rows) = (struct hits_row){.pass = g->passes.at[g->making].id,
		.batch = p->name,
		.reduced = e->reduced,
		.unread = e->unread,
		.hits = {NULL, g->waiting.n - before}};
	p->passes |= (uint64_t)1 << g->making;
	g->reduced.at[e->number] |= e->reduced;
	g->out->unread += e->unread;
	return (g->waiting.n < PUT_BYTES && g->rows.n < PUT_ROWS) || hits_put(g, err);
}
