#include "engine/claims.h"

#include <stdlib.h>

#include "casedb/intel.h"
#include "casedb/knowledge.h"
#include "engine/markings.h"

/* Names that are looked for, folded, one behind another with a NUL in between. */
struct wanted {
	struct buf folds;
};

struct loading {
	struct arena *a;
	struct claims_view *v;
};

static void add_fold(struct wanted *w, struct str name)
{
	name_fold(name, &w->folds);
	buf_putc(&w->folds, 0);
}

/* A name that folds to nothing is like no other. */
static bool is_name(const struct wanted *w, struct str name, struct buf *fold)
{
	struct str all = buf_view(&w->folds);

	buf_clear(fold);
	name_fold(name, fold);
	while (fold->n && all.n) {
		if (str_eq(str_cut(&all, 0), buf_view(fold)))
			return true;
	}
	return false;
}

static void keep(struct arena *a, struct str *inout_s)
{
	*inout_s = arena_dup(a, *inout_s);
}

static bool take(void *arg, int64_t source, const struct claim *c)
{
	struct loading *l = arg;

	struct claim_row *r = vec_push(&l->v->rows);
	*r = (struct claim_row){.source = source, .c = *c, .of = CLAIM_NONE};
	keep(l->a, &r->c.id);
	keep(l->a, &r->c.by);
	keep(l->a, &r->c.incident);
	keep(l->a, &r->c.about);
	keep(l->a, &r->c.words);
	keep(l->a, &r->c.text);
	keep(l->a, &r->c.of);
	keep(l->a, &r->c.reference);
	keep(l->a, &r->c.marking);
	return true;
}

struct node_key {
	int64_t source;
	struct str id;
};
struct node_keys {
	struct arena *a;
	VEC(struct node_key) at;
};

static bool keep_node(void *arg, int64_t source, const struct node_name *n, bool own)
{
	struct node_keys *k = arg;

	(void)own;
	*vec_push(&k->at) = (struct node_key){source, arena_dup(k->a, n->node)};
	return true;
}

static bool add_name(void *arg, int64_t source, const struct node_name *n, bool own)
{
	(void)source;
	(void)own;
	add_fold(arg, n->name);
	return true;
}

/* The name itself, and whatever else a source calls what it calls so. */
static bool find_names(
	struct casedb *db, struct arena *a, struct str about, struct wanted *w, struct err *err)
{
	struct node_keys keys = {.a = a};
	struct buf fold = {0};

	add_fold(w, about);
	name_fold(about, &fold);
	bool done = casedb_name_find(db, buf_view(&fold), keep_node, &keys, err);
	for (size_t i = 0; done && i < keys.at.n; i++)
		done = casedb_name_each(
			db, keys.at.at[i].source, keys.at.at[i].id, add_name, w, err);
	vec_release(&keys.at);
	buf_release(&fold);
	return done;
}

static int id_cmp(const struct claim_row *a, const struct claim_row *b)
{
	int d = (a->source > b->source) - (a->source < b->source);

	return d ? d : str_cmp(a->c.id, b->c.id);
}

/* Rows by source and id, for whoever looks for what a claim answers. */
struct by_id {
	const struct claim_row *row;
	size_t index;
};

static int by_id_cmp(const void *va, const void *vb)
{
	const struct by_id *a = va, *b = vb;
	int d = id_cmp(a->row, b->row);

	return d ? d : (a->index > b->index) - (a->index < b->index);
}

static size_t find_row(const struct by_id *at, size_t n, int64_t source, struct str id)
{
	const struct claim_row want = {.source = source, .c = {.id = id}};
	size_t from = 0, to = n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (id_cmp(at[mid].row, &want) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from < n && id_cmp(at[from].row, &want) == 0 ? at[from].index : CLAIM_NONE;
}

static int to_cmp(const void *va, const void *vb)
{
	const struct claim_link *a = va, *b = vb;

	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return (a->from > b->from) - (a->from < b->from);
}

static void link_answers(struct arena *a, struct claims_view *v)
{
	struct by_id *at = arena_array(a, v->rows.n + 1, sizeof(*at));

	for (size_t i = 0; i < v->rows.n; i++)
		at[i] = (struct by_id){&v->rows.at[i], i};
	qsort(at, v->rows.n, sizeof(*at), by_id_cmp);
	for (size_t i = 0; i < v->rows.n; i++) {
		struct claim_row *r = &v->rows.at[i];
		r->of = CLAIM_NONE;
		if (r->c.of.n)
			r->of = find_row(at, v->rows.n, r->source, r->c.of);
		if (r->of != CLAIM_NONE)
			*vec_push(&v->answers) = (struct claim_link){i, r->of};
	}
	if (v->answers.n)
		qsort(v->answers.at, v->answers.n, sizeof(*v->answers.at), to_cmp);
}

static bool same_incident(const struct claims_view *v, size_t i, size_t k)
{
	return str_eq(v->rows.at[i].c.incident, v->rows.at[k].c.incident);
}

/*
 * Whoever asks about a name asks about the incidents that it is named for, and with them about
 * those who deny it or name another.
 */
static void mark_wanted(const struct wanted *w, const struct claims_view *v, bool *ret_kept)
{
	struct buf fold = {0};

	for (size_t i = 0, next; i < v->rows.n; i = next) {
		bool named = false;
		for (next = i; next < v->rows.n && same_incident(v, i, next); next++) {
			const struct claim *c = &v->rows.at[next].c;
			bool about = is_name(w, c->about, &fold);
			named |= about && c->incident.n;
			ret_kept[next] =
				about || is_name(w, c->incident, &fold) || is_name(w, c->by, &fold);
		}
		for (size_t k = i; named && k < next; k++)
			ret_kept[k] = true;
	}
	buf_release(&fold);
}

/* Leaves the claims that are wanted, and those that answer them or are answered by them. */
static void select_rows(struct arena *a, const struct wanted *w, struct claims_view *v)
{
	bool *wanted = arena_zalloc(a, v->rows.n + 1), *kept = arena_alloc(a, v->rows.n + 1);
	size_t n = 0;

	mark_wanted(w, v, wanted);
	memcpy(kept, wanted, v->rows.n);
	for (size_t i = 0; i < v->answers.n; i++) {
		const struct claim_link *k = &v->answers.at[i];
		kept[k->from] |= wanted[k->to];
		kept[k->to] |= wanted[k->from];
	}
	for (size_t i = 0; i < v->rows.n; i++) {
		if (kept[i])
			v->rows.at[n++] = v->rows.at[i];
	}
	v->rows.n = n;
	v->answers.n = 0;
	link_answers(a, v);
}

static bool same_name(struct str a, struct str b)
{
	struct buf x = {0}, y = {0};

	name_fold(a, &x);
	name_fold(b, &y);
	bool same = str_eq(buf_view(&x), buf_view(&y));
	buf_release(&x);
	buf_release(&y);
	return same;
}

static bool asserts(const struct claim *c)
{
	return c->standing == STANDING_ASSESSMENT || c->standing == STANDING_CHARGE ||
	       c->standing == STANDING_SANCTION;
}

/* Several machines, persons and companies can have had a part; of these there is one. */
static bool names_one(enum claim_level l)
{
	return l == LEVEL_CLUSTER || l == LEVEL_INTRUSION_SET || l == LEVEL_AGENCY ||
	       l == LEVEL_STATE;
}

bool claims_contradict(const struct claim *a, const struct claim *b)
{
	if (a->incident.n == 0 || !str_eq(a->incident, b->incident) || a->about.n == 0 ||
		b->about.n == 0 || !same_name(a->by, b->by))
		return false;
	if (!same_name(a->about, b->about))
		return asserts(a) && asserts(b) && a->level == b->level && names_one(a->level);
	if ((a->standing == STANDING_DENIAL && asserts(b)) ||
		(b->standing == STANDING_DENIAL && asserts(a)))
		return true;
	return a->level == b->level && a->scale == b->scale && a->low >= 0 && b->low >= 0 &&
	       (a->high < b->low || b->high < a->low);
}

/* As many of one speaker about one incident are held against each other. */
#define COMPARED_MAX 100u

struct spoken {
	struct str by; /* folded */
	size_t index;
};

static int from_cmp(const void *va, const void *vb)
{
	const struct claim_link *a = va, *b = vb;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return (a->to > b->to) - (a->to < b->to);
}

static int spoken_cmp(const void *va, const void *vb)
{
	const struct spoken *a = va, *b = vb;
	int d = str_cmp(a->by, b->by);

	return d ? d : (a->index > b->index) - (a->index < b->index);
}

static void compare(struct claims_view *v, const struct spoken *at, size_t n)
{
	for (size_t i = 0; i < n && i < COMPARED_MAX; i++) {
		for (size_t k = i + 1; k < n && k < COMPARED_MAX; k++) {
			size_t x = at[i].index, y = at[k].index;
			if (!claims_contradict(&v->rows.at[x].c, &v->rows.at[y].c))
				continue;
			*vec_push(&v->contradictions) = (struct claim_link){x, y};
			*vec_push(&v->contradictions) = (struct claim_link){y, x};
		}
	}
}

/* Rows of one incident, which stand together, by speaker. */
static void compare_incident(struct claims_view *v, struct spoken *at, size_t n)
{
	size_t first = 0;

	qsort(at, n, sizeof(*at), spoken_cmp);
	for (size_t i = 1; i <= n; i++) {
		if (i == n || !str_eq(at[i].by, at[first].by)) {
			compare(v, at + first, i - first);
			first = i;
		}
	}
}

static void link_contradictions(struct arena *a, struct claims_view *v)
{
	struct spoken *at = arena_array(a, v->rows.n + 1, sizeof(*at));
	struct buf fold = {0};
	size_t first = 0;

	for (size_t i = 0; i < v->rows.n; i++) {
		buf_clear(&fold);
		name_fold(v->rows.at[i].c.by, &fold);
		at[i] = (struct spoken){arena_dup(a, buf_view(&fold)), i};
	}
	for (size_t i = 1; i <= v->rows.n; i++) {
		if (i == v->rows.n ||
			!str_eq(v->rows.at[i].c.incident, v->rows.at[first].c.incident)) {
			compare_incident(v, at + first, i - first);
			first = i;
		}
	}
	if (v->contradictions.n)
		qsort(v->contradictions.at, v->contradictions.n, sizeof(*v->contradictions.at),
			from_cmp);
	buf_release(&fold);
}

struct marked {
	int64_t source;
	struct str name, label;
};
struct marks {
	struct arena *a;
	VEC(struct marked) at;
};

static bool keep_mark(void *arg, const struct intel_source_row *r)
{
	struct marks *m = arg;

	*vec_push(&m->at) = (struct marked){
		r->id, arena_dup(m->a, r->name.n ? r->name : r->path), arena_dup(m->a, r->marking)};
	return true;
}

/* Whose it is; a claim that is not marked has the marking with which its source was added. */
static bool mark(struct casedb *db, struct arena *a, struct claims_view *v, struct err *err)
{
	struct marks m = {.a = a};

	bool done = casedb_intel_source_each(db, keep_mark, &m, err);
	for (size_t i = 0; done && i < v->rows.n; i++) {
		struct claim_row *r = &v->rows.at[i];
		if (r->c.marking.n)
			r->c.marking = markings_label(db, r->source, r->c.marking);
		for (size_t k = 0; k < m.at.n; k++) {
			if (m.at.at[k].source != r->source)
				continue;
			r->source_name = m.at.at[k].name;
			if (r->c.marking.n == 0)
				r->c.marking = m.at.at[k].label;
		}
	}
	vec_release(&m.at);
	return done;
}

bool claims_load(struct casedb *db, struct arena *a, struct str about, struct claims_view *ret,
	struct err *err)
{
	struct wanted w = {.folds = {0}};
	struct claims_view v = {0};
	struct loading l = {.a = a, .v = &v};

	bool done = (!about.n || find_names(db, a, about, &w, err)) &&
		    casedb_claim_each(db, 0, take, &l, err) && mark(db, a, &v, err);
	if (done) {
		link_answers(a, &v);
		if (about.n)
			select_rows(a, &w, &v);
		link_contradictions(a, &v);
		*ret = v;
	} else {
		claims_release(&v);
	}
	buf_release(&w.folds);
	return done;
}

void claims_release(struct claims_view *v)
{
	vec_release(&v->rows);
	vec_release(&v->answers);
	vec_release(&v->contradictions);
}
