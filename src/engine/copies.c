#include "engine/copies.h"

#include <endian.h>
#include <stdlib.h>

#include "base/vec.h"
#include "engine/names.h"

/* Ids are hashes, so a part of their space holds its share of the rows: what is sorted at once
 * stays below about 40 MB however large a source is. */
enum { ROWS_AT_ONCE = 1 << 19 };

enum { COUNTS, HIDDEN, CONFLICT };

struct decided {
	int64_t db_id;
	VEC(uint64_t) rows; /* row << 32 | order of decision << 2 | outcome */
};

struct id_row {
	struct event_id id;
	uint32_t segment; /* of the question's ids */
	uint32_t row, content, batch, record;
};

/* A row of a group that has to be decided. */
struct group_row {
	uint32_t group;
	uint32_t decided; /* place in copies.segments */
	uint32_t row, content, record;
	struct batch_key batch;
};

/* The rows of one id among those collected. */
struct group {
	uint32_t from, n;
	bool open; /* more than one row, here or elsewhere */
};

struct copies {
	VEC(struct decided) segments;
	VEC(struct id_row) ids; /* of a part of the id space, sorted */
	VEC(struct group) groups;
	VEC(struct group_row) rows;
	VEC(uint32_t) places; /* of the question's ids, then rows, in `segments` */
	uint32_t *found;
	size_t found_room;
};

struct copies *copies_new(void)
{
	struct copies *c = calloc(1, sizeof(*c));

	if (!c)
		BUG("out of memory");
	return c;
}

void copies_free(struct copies *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->segments.n; i++)
		vec_release(&c->segments.at[i].rows);
	vec_release(&c->segments);
	vec_release(&c->ids);
	vec_release(&c->groups);
	vec_release(&c->rows);
	vec_release(&c->places);
	free(c->found);
	free(c);
}

static uint32_t place_of(struct copies *c, int64_t db_id)
{
	for (size_t i = 0; i < c->segments.n; i++)
		if (c->segments.at[i].db_id == db_id)
			return (uint32_t)i;
	*vec_push(&c->segments) = (struct decided){.db_id = db_id};
	return (uint32_t)(c->segments.n - 1);
}

static void decide_row(struct copies *c, const struct group_row *r, uint64_t outcome)
{
	struct decided *d = &c->segments.at[r->decided];
	uint64_t order = d->rows.n;

	if (order >= 1u << 30)
		BUG("2^30 rows of one segment are copies");
	*vec_push(&d->rows) = (uint64_t)r->row << 32 | order << 2 | outcome;
}

static int cmp_u32(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int cmp_group(const void *pa, const void *pb)
{
	const struct group_row *a = pa, *b = pb;
	int c = cmp_u32(a->group, b->group);

	if (c == 0)
		c = cmp_u32(a->content, b->content);
	if (c == 0)
		c = memcmp(a->batch.source, b->batch.source, sizeof(a->batch.source));
	if (c == 0)
		c = cmp_u32(a->batch.seq, b->batch.seq);
	if (c == 0)
		c = cmp_u32(a->record, b->record);
	return c ? c : cmp_u32(a->row, b->row);
}

/* Rows of one id, by content and place. */
static void decide_group(struct copies *c, const struct group_row *g, size_t n)
{
	uint32_t least = g[0].content, most = g[n - 1].content;
	size_t zeros = 0;

	/* Content 0 stands first: do others follow, and of more than one kind? */
	while (zeros < n && g[zeros].content == 0)
		zeros++;
	bool conflict = zeros < n && g[zeros].content != most;
	for (size_t i = 0; i < n; i++) {
		bool first = i == 0 || g[i].content != g[i - 1].content;
		bool counts = first && (g[i].content != 0 || least == most);
		decide_row(c, &g[i], !counts ? HIDDEN : conflict ? CONFLICT : COUNTS);
	}
}

static size_t find_rows(struct copies *c, const struct segment *seg, struct event_id id)
{
	size_t n = segment_find_id(seg, id, c->found, c->found_room);

	if (n <= c->found_room)
		return n;
	free(c->found);
	c->found_room = n * 2;
	c->found = calloc(c->found_room, sizeof(*c->found));
	if (!c->found)
		BUG("out of memory");
	n = segment_find_id(seg, id, c->found, c->found_room);
	return n < c->found_room ? n : c->found_room;
}

static int cmp_row(const void *pa, const void *pb)
{
	const struct group_row *a = pa, *b = pb;

	return cmp_u32(a->row, b->row);
}

/* The contents and places of rows of one segment: in its order, since rows are coded in blocks. */
static void read_rows(const struct snapshot_segment *s, struct group_row *g, size_t n)
{
	struct seg_row r;

	if (n)
		qsort(g, n, sizeof(*g), cmp_row);
	for (size_t i = 0; i < n; i++) {
		if (!segment_row(s->seg, g[i].row, &r))
			continue;
		if (r.batch < s->n_batches)
			name_parse_batch(s->batch_names[r.batch], &g[i].batch);
		g[i].record = r.record;
		g[i].content = r.content;
	}
}

/* Rows elsewhere; with open_them, whatever is found makes a group one to decide. */
static void gather_elsewhere(
	struct copies *c, const struct snapshot_segment *s, uint32_t place, bool open_them)
{
	size_t from = c->rows.n;

	for (size_t i = 0; i < c->groups.n; i++) {
		struct group *g = &c->groups.at[i];
		if (!g->open && !open_them)
			continue;
		size_t n = find_rows(c, s->seg, c->ids.at[g->from].id);
		g->open = g->open || n;
		for (size_t k = 0; k < n; k++)
			*vec_push(&c->rows) = (struct group_row){
				.group = (uint32_t)i, .decided = place, .row = c->found[k]};
	}
	read_rows(s, c->rows.at + from, c->rows.n - from);
}

static void gather_here(struct copies *c, const struct copies_question *q)
{
	for (size_t i = 0; i < c->groups.n; i++) {
		const struct group *g = &c->groups.at[i];
		for (uint32_t k = g->from; g->open && k < g->from + g->n; k++) {
			const struct id_row *r = &c->ids.at[k];
			if (r->segment >= q->n_counting)
				continue;
			const struct snapshot_segment *s = q->ids[r->segment];
			struct group_row *to = vec_push(&c->rows);
			*to = (struct group_row){.group = (uint32_t)i,
				.decided = c->places.at[r->segment],
				.row = r->row,
				.content = r->content,
				.record = r->record};
			if (r->batch < s->n_batches)
				name_parse_batch(s->batch_names[r->batch], &to->batch);
		}
	}
}

static void open_groups(struct copies *c, const struct snapshot_segment *probe)
{
	uint32_t row;

	for (size_t i = 0; i < c->groups.n; i++) {
		struct group *g = &c->groups.at[i];
		if (!g->open)
			g->open = segment_find_id(probe->seg, c->ids.at[g->from].id, &row, 1);
	}
}

static uint64_t half(const struct event_id *id, size_t at)
{
	uint64_t v;

	memcpy(&v, id->b + at, sizeof(v));
	return be64toh(v);
}

/* By bytes, which is the order that segments have their ids in: neighbours are near. */
static int cmp_id(const void *pa, const void *pb)
{
	const struct id_row *a = pa, *b = pb;
	uint64_t x = half(&a->id, 0), y = half(&b->id, 0);

	if (x == y) {
		x = half(&a->id, 8);
		y = half(&b->id, 8);
	}
	return (x > y) - (x < y);
}

static void collect_ids(
	struct copies *c, const struct copies_question *q, uint32_t part, uint32_t parts)
{
	c->ids.n = 0;
	for (size_t i = 0; i < q->n_ids; i++) {
		struct seg_scan *sc = segment_scan(q->ids[i]->seg, INT64_MIN, INT64_MAX);
		struct seg_row row;
		uint32_t at;
		while (seg_scan_next(sc, &at, &row, NULL)) {
			uint32_t top = (uint32_t)row.id.b[0] << 8 | row.id.b[1];
			if (top * (uint64_t)parts >> 16 == part)
				*vec_push(&c->ids) = (struct id_row){row.id, (uint32_t)i, at,
					row.content, row.batch, row.record};
		}
		seg_scan_free(sc);
	}
	if (c->ids.n)
		qsort(c->ids.at, c->ids.n, sizeof(*c->ids.at), cmp_id);
}

static void find_places(struct copies *c, const struct copies_question *q)
{
	c->places.n = 0;
	for (size_t i = 0; i < q->n_ids; i++) {
		uint32_t place = place_of(c, q->ids[i]->db_id);
		*vec_push(&c->places) = place;
	}
	for (size_t i = 0; i < q->n_rows; i++) {
		uint32_t place = place_of(c, q->rows[i]->db_id);
		*vec_push(&c->places) = place;
	}
}

static void find_groups(struct copies *c, bool open)
{
	c->groups.n = 0;
	for (size_t i = 0, end; i < c->ids.n; i = end) {
		for (end = i + 1; end < c->ids.n; end++)
			if (cmp_id(&c->ids.at[end], &c->ids.at[i]))
				break;
		*vec_push(&c->groups) =
			(struct group){(uint32_t)i, (uint32_t)(end - i), open || end > i + 1};
	}
}

static void decide_part(struct copies *c, const struct copies_question *q)
{
	/* Looking where the rows are looked for anyway is one look for both. */
	bool at_once = q->probe == q->rows && q->n_probe == q->n_rows;

	find_groups(c, q->every_id);
	c->rows.n = 0;
	for (size_t i = 0; !at_once && !q->every_id && i < q->n_probe; i++)
		open_groups(c, q->probe[i]);
	for (size_t i = 0; i < q->n_rows; i++)
		gather_elsewhere(c, q->rows[i], c->places.at[q->n_ids + i], at_once);
	gather_here(c, q);
	if (c->rows.n)
		qsort(c->rows.at, c->rows.n, sizeof(*c->rows.at), cmp_group);
	for (size_t i = 0, end; i < c->rows.n; i = end) {
		for (end = i + 1; end < c->rows.n; end++)
			if (c->rows.at[end].group != c->rows.at[i].group)
				break;
		decide_group(c, &c->rows.at[i], end - i);
	}
}

void copies_decide(struct copies *c, const struct copies_question *q)
{
	uint64_t rows = 0;

	find_places(c, q);
	for (size_t i = 0; i < q->n_ids; i++) {
		struct seg_info info;
		segment_info(q->ids[i]->seg, &info);
		rows += info.rows;
	}
	uint32_t parts = (uint32_t)(rows / ROWS_AT_ONCE + 1);
	for (uint32_t part = 0; part < parts; part++) {
		collect_ids(c, q, part, parts);
		decide_part(c, q);
	}
}

static int cmp_u64(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return (a > b) - (a < b);
}

/* was, without the rows that were decided, and with those whose outcome is `in`. */
static struct rowset apply(
	struct arena *a, struct rowset was, const struct decided *d, uint64_t outcome)
{
	uint32_t *rows = arena_array(a, was.n + d->rows.n + 1, sizeof(*rows));
	size_t n = 0, w = 0;

	for (size_t i = 0; i < d->rows.n; i++) {
		uint32_t row = (uint32_t)(d->rows.at[i] >> 32);
		if (i + 1 < d->rows.n && d->rows.at[i + 1] >> 32 == row)
			continue; /* decided again later */
		while (w < was.n && was.at[w] < row)
			rows[n++] = was.at[w++];
		if (w < was.n && was.at[w] == row)
			w++;
		if ((d->rows.at[i] & 3) == outcome)
			rows[n++] = row;
	}
	while (w < was.n)
		rows[n++] = was.at[w++];
	return (struct rowset){rows, n};
}

static bool same_rows(struct rowset a, struct rowset b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n * sizeof(*a.at)) == 0);
}

bool copies_sets(struct copies *c, struct arena *a, const struct snapshot_segment *s,
	struct rowset *ret_hidden, struct rowset *ret_conflict)
{
	struct decided *d = &c->segments.at[place_of(c, s->db_id)];

	if (!d->rows.n) {
		*ret_hidden = s->hidden;
		*ret_conflict = s->conflict;
		return false;
	}
	qsort(d->rows.at, d->rows.n, sizeof(*d->rows.at), cmp_u64);
	*ret_hidden = apply(a, s->hidden, d, HIDDEN);
	*ret_conflict = apply(a, s->conflict, d, CONFLICT);
	return !same_rows(*ret_hidden, s->hidden) || !same_rows(*ret_conflict, s->conflict);
}
