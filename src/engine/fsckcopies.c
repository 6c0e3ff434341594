/*
 * Which rows are copies, worked out anew from all rows: sorting instead of looking up, so that it
 * shares no mistake with copies.c.
 */
#include <stdlib.h>

#include "engine/fsck_inside.h"

enum { ROWS_AT_ONCE = 1 << 20, SHOWN = 3 };

struct any_row {
	struct event_id id;
	struct batch_key batch;
	uint32_t content, record, segment, row;
	bool hidden, conflict;
};

static int order(const struct any_row *a, const struct any_row *b)
{
	int c = memcmp(a->batch.source, b->batch.source, sizeof(a->batch.source));

	if (c)
		return c;
	if (a->batch.seq != b->batch.seq)
		return a->batch.seq < b->batch.seq ? -1 : 1;
	return (a->record > b->record) - (a->record < b->record);
}

static int cmp_row(const void *pa, const void *pb)
{
	const struct any_row *a = pa, *b = pb;
	int c = memcmp(a->id.b, b->id.b, sizeof(a->id.b));

	return c ? c : order(a, b);
}

typedef VEC(struct any_row) any_rows;

static void collect(struct checking *c, any_rows *rows, uint32_t part, uint32_t parts)
{
	rows->n = 0;
	for (size_t i = 0; i < c->snap->n; i++) {
		const struct snapshot_segment *s = &c->snap->at[i];
		struct seg_info info;
		segment_info(s->seg, &info);
		for (uint32_t r = 0; r < info.rows; r++) {
			struct seg_row row;
			if (!segment_row(s->seg, r, &row))
				continue;
			uint32_t top = (uint32_t)row.id.b[0] << 8 | row.id.b[1];
			if (top * (uint64_t)parts >> 16 != part)
				continue;
			struct any_row *to = vec_push(rows);
			*to = (struct any_row){.id = row.id,
				.content = row.content,
				.record = row.record,
				.segment = (uint32_t)i,
				.row = r};
			if (row.batch < s->n_batches)
				name_parse_batch(s->batch_names[row.batch], &to->batch);
		}
	}
	if (rows->n)
		qsort(rows->at, rows->n, sizeof(*rows->at), cmp_row);
}

/* Rows of one id, in order of place: the first of each content counts. */
static void judge(struct any_row *at, size_t n)
{
	size_t contents = 0;
	uint32_t known[64];

	for (size_t i = 0; i < n; i++) {
		bool seen = false;
		/* A hostile id may have a content per row: beyond a few, search the rows. */
		for (size_t k = 0; k < contents && k < 64 && !seen; k++)
			seen = known[k] == at[i].content;
		for (size_t k = 0; contents > 64 && k < i && !seen; k++)
			seen = at[k].content == at[i].content;
		at[i].hidden = seen;
		if (!seen && at[i].content) {
			if (contents < 64)
				known[contents] = at[i].content;
			contents++;
		}
	}
	bool zero = false;
	for (size_t i = 0; i < n; i++) {
		if (at[i].content == 0) {
			at[i].hidden = contents > 0 || zero;
			zero = true;
		}
		at[i].conflict = !at[i].hidden && contents > 1;
	}
}

static void compare(struct checking *c, const any_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct any_row *r = &rows->at[i];
		const struct snapshot_segment *s = &c->snap->at[r->segment];
		char file[FILE_NAME_ROOM];
		name_file(NAME_SEGMENT, s->name, file);
		if (rowset_has(s->hidden, r->row) != r->hidden)
			fsck_say(c, FSCK_DAMAGE, str_of(file),
				"row %u %s a copy, and the catalogue says the contrary", r->row,
				r->hidden ? "is" : "is not");
		if (rowset_has(s->conflict, r->row) != r->conflict)
			fsck_say(c, FSCK_DAMAGE, str_of(file),
				"row %u %s in conflict, and the catalogue says the contrary",
				r->row, r->conflict ? "is" : "is not");
	}
}

static void check_sets(struct checking *c, const struct snapshot_segment *s, struct str file)
{
	struct seg_info info;

	segment_info(s->seg, &info);
	c->n.rows += info.rows;
	if ((s->hidden.n && s->hidden.at[s->hidden.n - 1] >= info.rows) ||
		(s->conflict.n && s->conflict.at[s->conflict.n - 1] >= info.rows))
		fsck_say(c, FSCK_DAMAGE, file, "the catalogue hides or marks rows beyond its %u",
			info.rows);
}

void fsck_copies(struct checking *c)
{
	any_rows rows = {0};

	for (size_t i = 0; i < c->snap->n; i++) {
		char file[FILE_NAME_ROOM];
		name_file(NAME_SEGMENT, c->snap->at[i].name, file);
		check_sets(c, &c->snap->at[i], str_of(file));
	}
	uint32_t parts = (uint32_t)(c->n.rows / ROWS_AT_ONCE + 1);
	for (uint32_t part = 0; part < parts; part++) {
		collect(c, &rows, part, parts);
		for (size_t i = 0, end; i < rows.n; i = end) {
			for (end = i + 1; end < rows.n; end++)
				if (memcmp(rows.at[i].id.b, rows.at[end].id.b, 16) != 0)
					break;
			judge(&rows.at[i], end - i);
		}
		compare(c, &rows);
	}
	vec_release(&rows);
}
