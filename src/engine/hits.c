#include "engine/hits.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/scan.h"
#include "engine/inside.h"

/*
 * Of more passes than that the case keeps those that were used last.  A batch's passes are bits of
 * a word, so that there are fewer of them.
 */
enum { PASSES_KEPT = 24, PASSES_MAX = 32, PASSES_ROOM = 60 };
/* So much waits to be written into the catalogue at once. */
enum { PUT_BYTES = 8 << 20, PUT_ROWS = 1024 };

/* A pass of the catalogue, or one that is being made. */
struct pass {
	int64_t id;
	struct str rules; /* versions */
	uint32_t *
		numbers; /* of the book's rules, by the pass's numbers; UINT32_MAX: none of these */
	size_t n;
	bool *has; /* by the book's numbers */
	bool useful;
};

/* A batch of the snapshot. */
struct place {
	struct str name;
	uint32_t segment, number; /* its number in the segment */
	uint64_t passes;          /* that it has been held against */
};

/* A hit of which the row is not known yet. */
struct raw_hit {
	uint32_t place, record;
	struct event_id id;
	uint32_t rule, part;
	struct str values, why;
};

struct versioned {
	const uint8_t *version;
	uint32_t rule;
};

struct finding {
	struct folder *f;
	struct snapshot *snap;
	const struct hits_options *opt;
	struct hits *out;
	struct arena arena;
	VEC(struct versioned) versions; /* by version */
	VEC(struct pass) passes;
	VEC(struct place) places; /* by name */
	VEC(struct raw_hit) hits;
	VEC(bool) reduced; /* by place */
	/* Of the pass being made. */
	uint32_t making;
	uint32_t *number_of; /* by the book's numbers: in the pass */
	struct buf waiting;
	VEC(struct hits_row) rows; /* that wait; their hits are in `waiting`, by length */
	uint64_t erasures;
	struct err err; /* of callbacks */
};

static const struct told_rule *rule_at(const struct finding *g, uint32_t i)
{
	return &g->opt->book->rules.at[i];
}

static uint32_t n_rules(const struct finding *g)
{
	return (uint32_t)g->opt->book->rules.n;
}

/* The book's rule of this version, or UINT32_MAX. */
static uint32_t rule_of(const struct finding *g, const char *version)
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

static int by_version(const void *x, const void *y)
{
	const struct versioned *a = x, *b = y;

	return memcmp(a->version, b->version, HIT_RULE_BYTES);
}

static void list_versions(struct finding *g)
{
	for (uint32_t i = 0; i < n_rules(g); i++)
		if (rule_at(g, i)->asked)
			*vec_push(&g->versions) = (struct versioned){rule_at(g, i)->version, i};
	if (g->versions.n)
		qsort(g->versions.at, g->versions.n, sizeof(*g->versions.at), by_version);
}

static struct pass *add_pass(struct finding *g, int64_t id, struct str rules)
{
	struct pass *p = vec_push(&g->passes);

	*p = (struct pass){
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
	struct finding *g = arg;

	if (g->passes.n == PASSES_MAX)
		return false;
	add_pass(g, r->id, r->rules);
	return true;
}

static int by_name(const void *x, const void *y)
{
	const struct place *a = x, *b = y;

	return str_cmp(a->name, b->name);
}

static void list_places(struct finding *g)
{
	for (uint32_t i = 0; i < g->snap->n; i++) {
		const struct snapshot_segment *s = &g->snap->at[i];
		for (uint32_t k = 0; k < s->n_batches; k++)
			*vec_push(&g->places) = (struct place){s->batch_names[k], i, k, 0};
	}
	if (g->places.n)
		qsort(g->places.at, g->places.n, sizeof(*g->places.at), by_name);
	for (size_t i = 0; i < g->places.n; i++)
		*vec_push(&g->reduced) = false;
}

static struct place *place_of(const struct finding *g, struct str name)
{
	struct place want = {.name = name};

	return g->places.n ? bsearch(&want, g->places.at, g->places.n, sizeof(want), by_name)
			   : NULL;
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
static bool is_first(const struct finding *g, const struct place *p, uint32_t pass, uint32_t rule)
{
	for (uint32_t i = 0; i < pass; i++)
		if ((p->passes >> i & 1) && g->passes.at[i].has[rule])
			return false;
	return true;
}

/* What the catalogue has of a batch, but rules that aren't asked, or that an earlier pass has. */
static bool take_packed(struct finding *g, const struct place *p, uint32_t pass, struct str packed)
{
	const struct pass *of = &g->passes.at[pass];
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
	struct finding *g;
	uint32_t pass;
	bool damaged;
};

static bool take_row(void *arg, const struct hits_row *r)
{
	struct taking *t = arg;
	struct place *p = place_of(t->g, r->batch);

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

static bool load(struct finding *g, struct err *err)
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

static bool put_rows(struct finding *g, struct err *err)
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
static bool take_batch(void *arg, const struct evaluated *e, struct err *err)
{
	struct finding *g = arg;
	struct place *p = &g->places.at[e->number];
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
	return (g->waiting.n < PUT_BYTES && g->rows.n < PUT_ROWS) || put_rows(g, err);
}

/* Rows of a segment, by batch and record. */
struct seg_place {
	uint32_t batch;
	struct evaluate_record at;
};

static int by_record(const void *x, const void *y)
{
	const struct seg_place *a = x, *b = y;

	if (a->batch != b->batch)
		return a->batch < b->batch ? -1 : 1;
	return a->at.record < b->at.record ? -1 : a->at.record > b->at.record;
}

/* The streams of a segment that one of the rules is for. */
static bool streams_of(const struct finding *g, const struct segment *seg, const uint32_t *only,
	size_t n_only, bool *ret, uint32_t n)
{
	struct seg_stream st;
	bool any = false;

	for (uint32_t i = 0; i < n && segment_stream(seg, i, &st); i++) {
		ret[i] = false;
		for (size_t k = 0; k < n_only && !ret[i]; k++)
			ret[i] = told_rule_is_for(rule_at(g, only[k]), st.format);
		any |= ret[i];
	}
	return any;
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
static size_t missing(const struct finding *g, uint64_t passes, uint32_t *ret)
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
	const struct finding *g, const struct making *m, uint32_t segment, size_t *ret_n)
{
	const struct snapshot_segment *s = &g->snap->at[segment];
	uint32_t *at = calloc(s->n_batches + 1, sizeof(*at));

	if (!at)
		BUG("out of memory");
	*ret_n = 0;
	for (uint32_t i = 0; i < s->n_batches; i++) {
		const struct place *p = place_of(g, s->batch_names[i]);
		bool wanted =
			p && p->segment == segment &&
			(m->every ? missing(g, p->passes, m->scratch) > 0 : p->passes == m->passes);
		at[i] = wanted ? (uint32_t)(p - g->places.at) : UINT32_MAX;
		*ret_n += wanted;
	}
	return at;
}

static bool add_batches(struct finding *g, const struct making *m, const uint32_t *batches,
	uint32_t n_batches, const struct seg_place *rows, size_t n, struct err *err)
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
		done = b.n ? evaluate_add(m->e, &b, err) : take_batch(g, &none, err);
	}
	free(records);
	return done;
}

static bool evaluate_segment(
	struct finding *g, const struct making *m, uint32_t segment, struct err *err)
{
	const struct segment *seg = g->snap->at[segment].seg;
	VEC(struct seg_place) rows = {0};
	struct seg_info info;
	struct seg_row row;
	uint32_t number;
	size_t wanted;
	uint32_t *batches = wanted_batches(g, m, segment, &wanted);

	segment_info(seg, &info);
	bool *streams = calloc(info.streams + 1, sizeof(*streams));
	if (!streams)
		BUG("out of memory");
	if (wanted && streams_of(g, seg, m->only, m->n_only, streams, info.streams)) {
		struct seg_scan *scan = segment_scan(seg, INT64_MIN, INT64_MAX);
		while (seg_scan_next(scan, &number, &row, NULL)) {
			if (row.stream < info.streams && streams[row.stream] &&
				row.batch < g->snap->at[segment].n_batches &&
				batches[row.batch] != UINT32_MAX)
				*vec_push(&rows) =
					(struct seg_place){row.batch, {row.record, row.id}};
		}
		seg_scan_free(scan);
	}
	if (rows.n)
		qsort(rows.at, rows.n, sizeof(*rows.at), by_record);
	bool done = !wanted || add_batches(g, m, batches, g->snap->at[segment].n_batches, rows.at,
				       rows.n, err);
	vec_release(&rows);
	free(streams);
	free(batches);
	return done;
}

/* Begins a pass of these rules; of a case that can't be written it is in memory alone. */
static bool begin_pass(struct finding *g, const uint32_t *only, size_t n, struct err *err)
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
	add_pass(g, id, buf_view(&rules));
	buf_release(&rules);
	return done;
}

static bool make_pass(struct finding *g, struct making m, struct err *err)
{
	struct evaluate_options opt = {
		.box = g->opt->box,
		.jobs = g->opt->jobs,
		.rules = buf_view(&g->opt->book->files),
		.n_rules = n_rules(g),
		.only = m.only,
		.n_only = m.n_only,
		.watcher = g->opt->watcher,
		.fn = take_batch,
		.arg = g,
	};

	if (!begin_pass(g, m.only, m.n_only, err) || !evaluate_begin(g->snap, &opt, &m.e, err))
		return false;
	bool done = true;
	for (uint32_t i = 0; done && i < g->snap->n; i++)
		done = evaluate_segment(g, &m, i, err);
	done = done && evaluate_finish(m.e, err) && put_rows(g, err);
	evaluate_free(m.e);
	return done;
}

/* A pass for each list of rules that some batches lack: most often none, or one. */
static bool make_passes(struct finding *g, struct err *err)
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
		if (m.n_only)
			done = make_pass(g, m, err);
		else
			whole = m.passes;
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
static bool forget_passes(struct finding *g, struct err *err)
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

static int by_time(const void *x, const void *y)
{
	const struct hit *a = x, *b = y;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	int c = memcmp(a->id.b, b->id.b, sizeof(a->id.b));
	if (c)
		return c;
	if (a->content != b->content)
		return a->content < b->content ? -1 : 1;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	return a->part < b->part ? -1 : a->part > b->part;
}

static void add_hit(
	struct finding *g, const struct raw_hit *h, uint32_t number, const struct seg_row *row)
{
	const struct place *p = &g->places.at[h->place];

	/* Merging leaves out copies, and hides them. */
	if (rowset_has(g->snap->at[p->segment].hidden, number))
		return;
	*vec_push(&g->out->at) = (struct hit){p->segment, number, row->time, row->id, row->content,
		h->rule, h->part, h->values, h->why};
}

static int by_place(const void *x, const void *y)
{
	const struct raw_hit *a = x, *b = y;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return a->record < b->record ? -1 : a->record > b->record;
}

/* The rows of the hits h[0…n-1] of one batch, by their ids; false if too many share one. */
static bool rows_by_id(struct finding *g, const struct raw_hit *h, size_t n)
{
	enum { SAME_ID = 64 };
	const struct place *p = &g->places.at[h->place];
	const struct segment *seg = g->snap->at[p->segment].seg;
	size_t before = g->out->at.n;
	uint32_t rows[SAME_ID];
	struct seg_row row;

	for (size_t i = 0; i < n; i++) {
		size_t found = segment_find_id(seg, h[i].id, rows, SAME_ID);
		if (found > SAME_ID) {
			g->out->at.n = before;
			return false;
		}
		for (size_t k = 0; k < found; k++)
			if (segment_row(seg, rows[k], &row) && row.batch == p->number &&
				row.record == h[i].record)
				add_hit(g, &h[i], rows[k], &row);
	}
	return true;
}

static void rows_by_scan(struct finding *g, const struct raw_hit *h, size_t n)
{
	const struct place *p = &g->places.at[h->place];
	struct seg_scan *scan = segment_scan(g->snap->at[p->segment].seg, INT64_MIN, INT64_MAX);
	struct seg_row row;
	uint32_t number;

	while (seg_scan_next(scan, &number, &row, NULL)) {
		size_t lo = 0, left = n;
		if (row.batch != p->number)
			continue;
		while (left > 0) {
			size_t half = left / 2;
			bool below = h[lo + half].record < row.record;
			lo = below ? lo + half + 1 : lo;
			left = below ? left - half - 1 : half;
		}
		for (; lo < n && h[lo].record == row.record; lo++)
			add_hit(g, &h[lo], number, &row);
	}
	seg_scan_free(scan);
}

static void find_rows(struct finding *g)
{
	const struct raw_hit *h = g->hits.at;
	size_t to;

	if (g->hits.n)
		qsort(g->hits.at, g->hits.n, sizeof(*g->hits.at), by_place);
	for (size_t from = 0; from < g->hits.n; from = to) {
		for (to = from + 1; to < g->hits.n && h[to].place == h[from].place; to++)
			;
		if (!rows_by_id(g, h + from, to - from))
			rows_by_scan(g, h + from, to - from);
	}
	if (g->out->at.n)
		qsort(g->out->at.at, g->out->at.n, sizeof(*g->out->at.at), by_time);
}

static void list_reduced(struct finding *g)
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
	struct finding g = {.f = f, .snap = snap, .opt = opt, .out = ret};

	*ret = (struct hits){0};
	list_versions(&g);
	list_places(&g);
	bool done = load(&g, err) && make_passes(&g, err) && forget_passes(&g, err);
	if (done) {
		find_rows(&g);
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
