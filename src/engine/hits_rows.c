#include <stdlib.h>
#include <string.h>

#include "engine/hits_inside.h"

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
	struct hit_finding *g, const struct raw_hit *h, uint32_t number, const struct seg_row *row)
{
	const struct hit_place *p = &g->places.at[h->place];

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
static bool rows_by_id(struct hit_finding *g, const struct raw_hit *h, size_t n)
{
	enum { SAME_ID = 64 };
	const struct hit_place *p = &g->places.at[h->place];
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

static void rows_by_scan(struct hit_finding *g, const struct raw_hit *h, size_t n)
{
	const struct hit_place *p = &g->places.at[h->place];
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

void hits_find_rows(struct hit_finding *g)
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
