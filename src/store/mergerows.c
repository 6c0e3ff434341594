#include <stdlib.h>

#include "store/merging.h"

/* The next row of an input that isn't hidden. */
struct head {
	uint32_t row;
	uint32_t at; /* its place in the order that is walked; behind the last: all rows */
	int64_t time;
	struct event_id id;
};

static void head_settle(struct head *h, const struct merging_input *in, bool by_id, uint32_t i)
{
	for (; i < in->seg->f.rows; i++) {
		h->row = by_id ? row_by_id(in->seg, i) : i;
		if (!rowset_has(in->hidden, h->row))
			break;
	}
	h->at = i;
	if (i < in->seg->f.rows) {
		h->time = by_id ? 0 : time_of_row(in->seg, h->row);
		if (!id_of_row(in->seg, h->row, &h->id))
			h->at = in->seg->f.rows;
	}
}

static int cmp_heads(const struct head *a, const struct head *b)
{
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return memcmp(a->id.b, b->id.b, sizeof(a->id.b));
}

/* The input whose head comes first; of equal ones the first input.  n: none is left. */
static size_t least_head(const struct merging *m, const struct head *heads)
{
	size_t best = m->n;

	for (size_t i = 0; i < m->n; i++) {
		if (heads[i].at >= m->in[i].seg->f.rows)
			continue;
		if (best == m->n || cmp_heads(&heads[i], &heads[best]) < 0)
			best = i;
	}
	return best;
}

static struct head *heads_begin(struct merging *m, bool by_id)
{
	struct head *heads = calloc(m->n + 1, sizeof(*heads));

	if (!heads)
		BUG("out of memory");
	for (size_t i = 0; i < m->n; i++)
		head_settle(&heads[i], &m->in[i], by_id, 0);
	return heads;
}

/* New numbers of rows, in order of (time, id). */
bool merging_number_rows(struct merging *m)
{
	struct head *heads;
	size_t i;

	for (i = 0; i < m->n; i++) {
		struct merging_input *in = &m->in[i];
		in->row_map = malloc(((size_t)in->seg->f.rows + 1) * sizeof(*in->row_map));
		if (!in->row_map)
			BUG("out of memory");
		memset(in->row_map, 0xFF, (size_t)in->seg->f.rows * sizeof(*in->row_map));
	}
	heads = heads_begin(m, false);
	while ((i = least_head(m, heads)) < m->n && m->rows < GONE - 1) {
		m->in[i].row_map[heads[i].row] = m->rows++;
		head_settle(&heads[i], &m->in[i], false, heads[i].at + 1);
	}
	free(heads);
	if (m->rows >= GONE - 1)
		return err_set(m->err, ERR_LIMIT, "merge: more than 4,294,967,293 events");
	return true;
}

static uint32_t content_of(const struct segment *seg, uint32_t row)
{
	struct seg_row r;
	struct str chunk;
	uint32_t content;

	if (chunk_of(seg, row / ROW_BLOCK, META_CONTENT, &chunk) &&
		chunk_get_one(
			chunk, rows_of_block(seg, row / ROW_BLOCK), row % ROW_BLOCK, &content))
		return content;
	return segment_row(seg, row, &r) ? r.content : 0;
}

static int by_row(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void settle_same(struct merging_ids *b)
{
	uint32_t *rows = b->rows + b->n - b->same.n, some = 0;
	bool conflict = false;

	if (b->same.n > 1)
		qsort(rows, b->same.n, sizeof(*rows), by_row);
	for (size_t i = 0; i < b->same.n && b->same.n > 1; i++) {
		uint32_t content = content_of(b->same.at[i].seg, b->same.at[i].row);
		conflict |= content && some && content != some;
		some = content ? content : some;
	}
	for (size_t i = 0; i < b->same.n && conflict; i++)
		b->conflict[rows[i] / 64] |= (uint64_t)1 << rows[i] % 64;
	b->same.n = 0;
}

bool merging_order_ids(struct merging *m, struct merging_ids *b)
{
	struct head *heads = heads_begin(m, true);
	bool good = true;
	size_t i;

	b->rows = malloc(((size_t)m->rows + 1) * sizeof(*b->rows));
	b->conflict = calloc((size_t)m->rows / 64 + 1, sizeof(*b->conflict));
	if (!b->rows || !b->conflict)
		BUG("out of memory");
	while (good && (i = least_head(m, heads)) < m->n) {
		const struct head *h = &heads[i];
		uint32_t row = m->in[i].row_map[h->row];
		good = b->n < m->rows && row < m->rows;
		if (!good) {
			merging_damaged(m, i);
			break;
		}
		if (b->same.n && memcmp(b->id.b, h->id.b, sizeof(h->id.b)) != 0)
			settle_same(b);
		b->id = h->id;
		b->rows[b->n++] = row;
		*vec_push(&b->same) = (struct old_row){m->in[i].seg, h->row};
		head_settle(&heads[i], &m->in[i], true, h->at + 1);
	}
	settle_same(b);
	free(heads);
	if (good && b->n != m->rows)
		return merging_damaged(m, 0);
	return good;
}
