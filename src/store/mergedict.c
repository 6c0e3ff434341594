#include <stdlib.h>

#include "base/vec.h"
#include "store/merging.h"
#include "store/sort.h"

/* Walks the entries of one input in order of (key, observable). */
struct cursor {
	const struct segment *seg;
	struct bucket b;
	uint32_t bucket, entry; /* number of the entry it stands on */
	const uint8_t *next;
	struct raw_entry e;
	struct observable o;
	uint64_t key;
	bool done, damaged;
	char room[TEXT_MAX];
};

struct walk {
	struct merging *m;
	struct cursor *at; /* one per input */
	size_t *group;     /* inputs that have the least entry */
	size_t n_group;
};

static void cursor_next(struct cursor *c)
{
	c->entry++;
	while (c->entry >= c->b.first + c->b.n) {
		if (c->bucket >= c->seg->f.buckets) {
			c->done = true;
			return;
		}
		if (!bucket_at(c->seg, c->bucket++, &c->b) || c->b.first != c->entry) {
			c->damaged = c->done = true;
			return;
		}
		c->next = c->b.p;
	}
	if (!entry_parse(c->seg, c->next, c->b.end, &c->e) ||
		!entry_value(c->seg, &c->e, c->room, &c->o)) {
		c->damaged = c->done = true;
		return;
	}
	c->next = c->e.next;
	c->key = observable_key(c->o);
}

static void walk_begin(struct walk *w, struct merging *m)
{
	*w = (struct walk){.m = m, .at = calloc(m->n + 1, sizeof(*w->at))};
	w->group = calloc(m->n + 1, sizeof(*w->group));
	if (!w->at || !w->group)
		BUG("out of memory");
	for (size_t i = 0; i < m->n; i++) {
		w->at[i].seg = m->in[i].seg;
		w->at[i].entry = UINT32_MAX;
		cursor_next(&w->at[i]);
	}
}

static void walk_end(struct walk *w)
{
	free(w->at);
	free(w->group);
}

static int cmp_cursors(const struct cursor *a, const struct cursor *b)
{
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return observable_cmp(a->o, b->o);
}

/* Moves on from the last group, to the inputs that have the next entry.  False at the end. */
static bool walk_next(struct walk *w)
{
	for (size_t i = 0; i < w->n_group; i++)
		cursor_next(&w->at[w->group[i]]);
	w->n_group = 0;
	for (size_t i = 0; i < w->m->n; i++) {
		if (w->at[i].done)
			continue;
		int cmp = w->n_group ? cmp_cursors(&w->at[i], &w->at[w->group[0]]) : 0;
		if (cmp < 0)
			w->n_group = 0;
		if (cmp <= 0)
			w->group[w->n_group++] = i;
	}
	return w->n_group > 0;
}

static bool walk_good(struct walk *w)
{
	for (size_t i = 0; i < w->m->n; i++) {
		if (w->at[i].damaged)
			return merging_damaged(w->m, i);
	}
	return true;
}

static bool is_kept(const struct merging_input *in, uint32_t entry)
{
	return entry < in->seg->f.entries && (in->kept[entry / 64] >> entry % 64 & 1);
}

/* Which entries of an input have a row that isn't hidden. */
static bool mark_kept(struct merging *m, size_t i)
{
	struct merging_input *in = &m->in[i];
	struct rows_reader r;
	struct raw_entry e;
	struct bucket b;
	uint32_t row, entry = 0;

	in->kept = calloc((size_t)in->seg->f.entries / 64 + 1, sizeof(*in->kept));
	if (!in->kept)
		BUG("out of memory");
	for (uint32_t no = 0; no < in->seg->f.buckets; no++) {
		if (!bucket_at(in->seg, no, &b) || b.first != entry)
			return merging_damaged(m, i);
		const uint8_t *p = b.p;
		for (uint32_t k = 0; k < b.n; k++, entry++) {
			if (!entry_parse(in->seg, p, b.end, &e) || !entry_rows(in->seg, &e, &r))
				return merging_damaged(m, i);
			p = e.next;
			bool kept = e.type.use != USE_NONE && in->hidden.n == 0;
			while (!kept && rows_next(&r, &row))
				kept = in->row_map[row] != GONE;
			in->kept[entry / 64] |= (uint64_t)kept << entry % 64;
		}
	}
	return entry == in->seg->f.entries || merging_damaged(m, i);
}

static bool stays(const struct merging_input *in, const struct cursor *c)
{
	struct alias_reader r;
	uint32_t target;
	uint8_t how;

	if (is_kept(in, c->entry))
		return true;
	entry_aliases(c->seg, &c->e, &r);
	while (alias_next(&r, &how, &target)) {
		if (is_kept(in, target))
			return true;
	}
	return false;
}

bool merging_number(struct merging *m)
{
	struct walk w;

	for (size_t i = 0; i < m->n; i++) {
		struct merging_input *in = &m->in[i];
		in->entry_map = malloc(((size_t)in->seg->f.entries + 1) * sizeof(*in->entry_map));
		if (!in->entry_map)
			BUG("out of memory");
		if (!mark_kept(m, i))
			return false;
	}
	walk_begin(&w, m);
	while (walk_next(&w)) {
		bool stay = false, kept = false;
		for (size_t k = 0; k < w.n_group; k++) {
			const struct merging_input *in = &m->in[w.group[k]];
			kept |= is_kept(in, w.at[w.group[k]].entry);
			stay = stay || kept || stays(in, &w.at[w.group[k]]);
		}
		for (size_t k = 0; k < w.n_group; k++)
			m->in[w.group[k]].entry_map[w.at[w.group[k]].entry] =
				stay ? m->entries : GONE;
		const struct cursor *first = &w.at[w.group[0]];
		if (kept && first->o.form == FORM_TEXT)
			textpack_see(m->tp, first->o.v);
		m->entries += stay;
		if (m->entries == GONE)
			break;
	}
	bool good = walk_good(&w);
	walk_end(&w);
	if (m->entries == GONE)
		return err_set(m->err, ERR_LIMIT, "merge: more than 4,294,967,294 observables");
	return good;
}

struct gathered {
	VEC(uint32_t) rows;
	VEC(uint32_t) rows_tmp;
	VEC(uint64_t) targets;
	VEC(uint64_t) targets_tmp;
	uint64_t least; /* target, and where its bytes are */
	size_t least_input;
	uint32_t least_entry;
};

static bool gather_rows(struct gathered *g, const struct merging_input *in, const struct cursor *c)
{
	struct rows_reader r;
	uint32_t row;

	if (!entry_rows(c->seg, &c->e, &r))
		return false;
	while (rows_next(&r, &row)) {
		if (in->row_map[row] != GONE)
			*vec_push(&g->rows) = in->row_map[row];
	}
	return c->e.type.use == USE_NONE || r.limit != 0;
}

static void gather_targets(
	struct gathered *g, const struct merging *m, size_t i, const struct cursor *c)
{
	struct alias_reader r;
	uint32_t target;
	uint8_t how;

	entry_aliases(c->seg, &c->e, &r);
	while (alias_next(&r, &how, &target)) {
		if (!is_kept(&m->in[i], target))
			continue;
		uint64_t t = dict_target(how, m->in[i].entry_map[target]);
		*vec_push(&g->targets) = t;
		if (t < g->least) {
			g->least = t;
			g->least_input = i;
			g->least_entry = target;
		}
	}
}

static void order_gathered(struct gathered *g)
{
	size_t n = 0, i = 1;

	while (i < g->rows.n && g->rows.at[i] > g->rows.at[i - 1])
		i++;
	if (i < g->rows.n) {
		while (g->rows_tmp.cap < g->rows.n)
			g->rows_tmp.at = vec_grow(g->rows_tmp.at, g->rows_tmp.cap, &g->rows_tmp.cap,
				sizeof(*g->rows_tmp.at));
		sort_u32(g->rows.at, g->rows_tmp.at, g->rows.n);
	}
	if (g->targets.n < 2)
		return;
	while (g->targets_tmp.cap < g->targets.n)
		g->targets_tmp.at = vec_grow(g->targets_tmp.at, g->targets_tmp.cap,
			&g->targets_tmp.cap, sizeof(*g->targets_tmp.at));
	sort_u64(g->targets.at, g->targets_tmp.at, g->targets.n);
	for (i = 0; i < g->targets.n; i++) {
		if (n == 0 || g->targets.at[i] != g->targets.at[n - 1])
			g->targets.at[n++] = g->targets.at[i];
	}
	g->targets.n = n;
}

/* Where the bytes of an entry that is only an alias stand in those of its first target, or -1. */
static int64_t part_of_target(
	const struct gathered *g, const struct merging *m, struct observable o)
{
	const struct segment *seg = m->in[g->least_input].seg;
	char room[TEXT_MAX];
	struct raw_entry e;
	struct observable whole;

	if (!o.v.n || !entry_get(seg, g->least_entry, &e) || !entry_value(seg, &e, room, &whole))
		return -1;
	const char *at = memmem(whole.v.p, whole.v.n, o.v.p, o.v.n);
	return at ? at - whole.v.p : -1;
}

static bool write_group(struct walk *w, struct gathered *g, struct dict_writer *dw)
{
	const struct cursor *first = &w->at[w->group[0]];

	g->rows.n = g->targets.n = 0;
	g->least = UINT64_MAX;
	for (size_t k = 0; k < w->n_group; k++) {
		size_t i = w->group[k];
		if (!gather_rows(g, &w->m->in[i], &w->at[i]))
			return merging_damaged(w->m, i);
		gather_targets(g, w->m, i, &w->at[i]);
	}
	order_gathered(g);
	struct dict_entry e = {
		.key = first->key,
		.o = first->o,
		.rows = g->rows.at,
		.n_rows = g->rows.n,
		.targets = g->targets.at,
		.n_targets = g->targets.n,
		.part = g->rows.n ? -1 : part_of_target(g, w->m, first->o),
	};
	dict_put(dw, &e);
	return true;
}

bool merging_write(struct merging *m, struct seg_out *out, struct facts *facts)
{
	struct dict_writer dw;
	struct gathered g = {0};
	struct walk w;
	bool good = true;

	dict_writer_init(&dw, out, m->tp, m->entries, m->rows);
	walk_begin(&w, m);
	while (good && walk_next(&w)) {
		size_t i = w.group[0];
		if (m->in[i].entry_map[w.at[i].entry] != GONE)
			good = write_group(&w, &g, &dw);
	}
	walk_end(&w);
	if (good && !dict_finish(&dw, facts))
		good = err_set(m->err, ERR_LIMIT, "merge: a dictionary of more than 4 GiB");
	dict_writer_release(&dw);
	vec_release(&g.rows);
	vec_release(&g.rows_tmp);
	vec_release(&g.targets);
	vec_release(&g.targets_tmp);
	return good;
}
