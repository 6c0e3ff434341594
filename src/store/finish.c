#include <stdlib.h>

#include "base/err.h"
#include "store/building.h"
#include "store/dictwrite.h"
#include "store/segmeta.h"
#include "store/table.h"

/* The batch as it will stand in the file; freed at the end. */
struct finishing {
	struct segbuild *sb;
	struct sort_pair *by_id; /* all rows in order of (id, record) */
	struct sort_pair *order; /* rows that stay, in order of (time, id, record) */
	uint32_t *row_of;        /* by row as added: its number in the file, or NONE */
	uint32_t n_rows;
	struct sort_pair *by_key; /* entries that stay, in order of (key, observable) */
	uint32_t *entry_of;       /* by entry as added: its number in the file, or NONE */
	uint32_t n_entries;
	uint32_t *postings, *postings_at; /* by number in the file; at: n_entries + 1 */
	uint64_t *targets;
	uint32_t *targets_at;
	struct sort_pair *tmp;
};

enum { NONE = UINT32_MAX };

/* One of the arrays that stay with the builder; what was in it is lost. */
static void *room(struct segbuild *sb, unsigned which, size_t n, size_t size)
{
	struct scratch *s = &sb->scratch[which];
	size_t cap = s->cap / size;

	s->at = big_room(s->at, n + 1, &cap, size);
	s->cap = cap * size;
	return s->at;
}

static const struct seg_row *row_at(const struct finishing *f, uint32_t i)
{
	return &f->sb->rows.at[i].row;
}

static int cmp_rows(const void *a, const void *b, void *arg)
{
	const struct finishing *f = arg;
	const struct sort_pair *x = a, *y = b;
	const struct seg_row *r = row_at(f, x->at), *s = row_at(f, y->at);
	int c = memcmp(r->id.b, s->id.b, sizeof(r->id.b));

	if (c)
		return c;
	if (r->record != s->record)
		return r->record < s->record ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static int by_content(const void *a, const void *b)
{
	const struct sort_pair *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/*
 * The rows of one id, in order of record.  What can't be compared is a copy of any other, and
 * stays only where there is no other; of what can, the first of each content stays, and if several
 * do they are in conflict.  engine/copies.c decides alike between batches: if the builder kept a
 * row without content for one with it, answers would depend on how sources were cut into batches.
 */
static void settle_copies(struct finishing *f, const struct sort_pair *p, size_t n)
{
	struct sort_pair *by = f->tmp;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		f->row_of[p[i].at] = NONE;
	for (size_t i = 0; i < n; i++)
		by[i] = (struct sort_pair){row_at(f, p[i].at)->content, (uint32_t)i};
	qsort(by, n, sizeof(*by), by_content);
	for (size_t i = 0; i < n; i++) {
		if (by[i].key == 0 || (i > 0 && by[i].key == by[i - 1].key))
			continue;
		f->row_of[p[by[i].at].at] = 0;
		kept++;
	}
	if (kept == 0)
		f->row_of[p[0].at] = 0;
	for (size_t i = 0; i < n && kept > 1; i++) {
		if (f->row_of[p[i].at] != NONE)
			f->sb->rows.at[p[i].at].row.flags |= SEG_ID_CONFLICT;
	}
}

static void order_rows(struct finishing *f)
{
	uint32_t n = (uint32_t)f->sb->rows.n;

	for (uint32_t i = 0; i < n; i++) {
		f->row_of[i] = 0;
		f->sb->rows.at[i].row.flags &= (uint8_t)~SEG_ID_CONFLICT;
		f->by_id[i] = (struct sort_pair){load_be64(row_at(f, i)->id.b), i};
	}
	sort_hashed(f->by_id, f->tmp, n, cmp_rows, f);
	for (uint32_t i = 0, k; i < n; i = k) {
		const struct event_id *id = &row_at(f, f->by_id[i].at)->id;
		for (k = i + 1; k < n && f->by_id[k].key == f->by_id[i].key &&
				memcmp(row_at(f, f->by_id[k].at)->id.b, id->b, sizeof(id->b)) == 0;
			k++)
			;
		if (k - i > 1)
			settle_copies(f, f->by_id + i, k - i);
	}
	/* Stable, so that rows of one time stay in order of id. */
	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = f->by_id[i].at;
		if (f->row_of[at] == NONE)
			continue;
		uint64_t key = (uint64_t)row_at(f, at)->time ^ (uint64_t)1 << 63;
		f->order[f->n_rows++] = (struct sort_pair){key, at};
	}
	sort_pairs(f->order, f->tmp, f->n_rows);
	for (uint32_t i = 0; i < f->n_rows; i++)
		f->row_of[f->order[i].at] = i;
}

static const uint32_t *uses_of(const struct finishing *f, uint32_t row, uint32_t *ret_n)
{
	const struct segbuild *sb = f->sb;
	size_t end = row + 1 < sb->rows.n ? sb->rows.at[row + 1].uses : sb->uses.n;

	*ret_n = (uint32_t)(end - sb->rows.at[row].uses);
	return sb->uses.at + sb->rows.at[row].uses;
}

static void drop_copies(struct finishing *f)
{
	uint32_t n;

	for (uint32_t i = 0; i < f->sb->rows.n; i++) {
		if (f->row_of[i] != NONE)
			continue;
		const uint32_t *entry = uses_of(f, i, &n);
		for (uint32_t k = 0; k < n; k++)
			f->sb->entries.at[entry[k]].uses--;
	}
}

static int cmp_entries(const void *a, const void *b, void *arg)
{
	const struct finishing *f = arg;
	const struct sort_pair *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return observable_cmp(building_observable(f->sb, x->at), building_observable(f->sb, y->at));
}

/* An entry stays if a row uses it, or if it is an alias of one that does. */
static void order_entries(struct finishing *f)
{
	const struct segbuild *sb = f->sb;
	uint32_t n = (uint32_t)sb->entries.n;

	for (uint32_t i = 0; i < n; i++)
		f->entry_of[i] = sb->entries.at[i].uses ? 0 : NONE;
	for (size_t i = 0; i < sb->aliases.n; i++) {
		if (sb->entries.at[sb->aliases.at[i].target].uses)
			f->entry_of[sb->aliases.at[i].entry] = 0;
	}
	for (uint32_t i = 0; i < n; i++) {
		if (f->entry_of[i] != NONE)
			f->by_key[f->n_entries++] = (struct sort_pair){sb->entries.at[i].key, i};
	}
	sort_hashed(f->by_key, f->tmp, f->n_entries, cmp_entries, f);
	for (uint32_t i = 0; i < f->n_entries; i++)
		f->entry_of[f->by_key[i].at] = i;
}

/* Turns counts into starts, shifted by one, so that filling moves them into their place. */
static void counts_to_starts(uint32_t *at, uint32_t n)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t count = at[i];
		at[i] = sum;
		sum += count;
	}
	at[n] = sum;
}

static void gather_postings(struct finishing *f)
{
	const struct segbuild *sb = f->sb;
	uint32_t n;

	for (uint32_t i = 0; i < f->n_entries; i++)
		f->postings_at[i] = sb->entries.at[f->by_key[i].at].uses;
	counts_to_starts(f->postings_at, f->n_entries);
	for (uint32_t row = 0; row < f->n_rows; row++) {
		const uint32_t *entry = uses_of(f, f->order[row].at, &n);
		for (uint32_t k = 0; k < n; k++)
			f->postings[f->postings_at[f->entry_of[entry[k]]]++] = row;
	}
}

static void gather_targets(struct finishing *f)
{
	const struct segbuild *sb = f->sb;

	memset(f->targets_at, 0, ((size_t)f->n_entries + 1) * sizeof(*f->targets_at));
	for (size_t i = 0; i < sb->aliases.n; i++) {
		const struct building_alias *a = &sb->aliases.at[i];
		if (sb->entries.at[a->target].uses)
			f->targets_at[f->entry_of[a->entry]]++;
	}
	counts_to_starts(f->targets_at, f->n_entries);
	for (size_t i = 0; i < sb->aliases.n; i++) {
		const struct building_alias *a = &sb->aliases.at[i];
		if (sb->entries.at[a->target].uses)
			f->targets[f->targets_at[f->entry_of[a->entry]]++] =
				dict_target(a->how, f->entry_of[a->target]);
	}
}

static size_t distinct(uint64_t *p, uint64_t *tmp, size_t n)
{
	size_t kept = 0;

	sort_u64(p, tmp, n);
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || p[i] != p[kept - 1])
			p[kept++] = p[i];
	}
	return kept;
}

static int64_t part_of(struct observable whole, struct observable part)
{
	if (part.v.n == 0)
		return -1;
	const char *at = memmem(whole.v.p, whole.v.n, part.v.p, part.v.n);
	return at ? at - whole.v.p : -1;
}

/* In order of keys the entries are all over memory. */
static void fetch_ahead(const struct finishing *f, uint32_t i)
{
	const struct segbuild *sb = f->sb;

	if (i + 32 < f->n_entries)
		__builtin_prefetch(&sb->entries.at[f->by_key[i + 32].at]);
	if (i + 12 < f->n_entries) {
		const char *text = sb->text.at + sb->entries.at[f->by_key[i + 12].at].off;
		__builtin_prefetch(text);
		__builtin_prefetch(f->postings + f->postings_at[i + 12]);
	}
}

static void write_dictionary(struct finishing *f, struct seg_out *out, struct facts *facts)
{
	const struct segbuild *sb = f->sb;
	struct dict_writer w;

	for (uint32_t i = 0; i < sb->entries.n; i++) {
		const struct building_entry *e = &sb->entries.at[i];
		if (e->form_given >> 1 == FORM_TEXT && e->uses)
			textpack_see(sb->tp, building_observable(sb, i).v);
	}
	textpack_choose(sb->tp);
	dict_writer_init(&w, out, sb->tp, f->n_entries, f->n_rows);
	for (uint32_t i = 0; i < f->n_entries; i++) {
		fetch_ahead(f, i);
		uint32_t rows = i ? f->postings_at[i - 1] : 0;
		uint32_t targets = i ? f->targets_at[i - 1] : 0;
		struct dict_entry e = {
			.key = f->by_key[i].key,
			.o = building_observable(sb, f->by_key[i].at),
			.rows = f->postings + rows,
			.n_rows = f->postings_at[i] - rows,
			.targets = f->targets + targets,
			.part = -1,
		};
		e.n_targets = distinct(f->targets + targets, (uint64_t *)(void *)f->tmp,
			f->targets_at[i] - targets);
		if (e.n_targets && !e.n_rows) {
			uint32_t first = (uint32_t)e.targets[0];
			e.part = part_of(building_observable(sb, f->by_key[first].at), e.o);
		}
		dict_put(&w, &e);
	}
	if (!dict_finish(&w, facts))
		BUG("segment of one batch: more than 4 GiB");
	dict_writer_release(&w);
}

static int by_row(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* In order of (id, row): those of one id, which were in order of record, are sorted again. */
static void write_ids(struct finishing *f, struct table_writer *w)
{
	uint32_t *same = room(f->sb, 10, f->n_rows, sizeof(*same)), n = 0;
	const struct event_id *id = NULL;

	for (uint32_t i = 0; i <= f->sb->rows.n; i++) {
		const struct event_id *next = NULL;
		if (i < f->sb->rows.n) {
			if (f->row_of[f->by_id[i].at] == NONE)
				continue;
			next = &row_at(f, f->by_id[i].at)->id;
		}
		if (n && (!next || memcmp(next->b, id->b, sizeof(id->b)) != 0)) {
			if (n > 1)
				qsort(same, n, sizeof(*same), by_row);
			for (uint32_t k = 0; k < n; k++)
				table_put_id(w, same[k]);
			n = 0;
		}
		id = next;
		if (next)
			same[n++] = f->row_of[f->by_id[i].at];
	}
}

static void write_table(struct finishing *f, struct seg_out *out, struct facts *facts)
{
	const struct segbuild *sb = f->sb;
	uint32_t columns[FIELDS];
	const int action = seg_column_of(FIELD_EVENT_ACTION);
	struct table_writer w;

	table_init(&w, f->n_rows);
	for (uint32_t i = 0; i < f->n_rows; i++) {
		uint32_t at = f->order[i].at;
		const uint32_t *c = sb->columns.at + (size_t)at * sb->n_columns;
		uint64_t bit = 0;
		for (unsigned k = 0; k < sb->n_columns; k++)
			columns[k] = c[k] == SEG_NO_ENTRY ? 0 : f->entry_of[c[k]] + 1;
		if (c[action] != SEG_NO_ENTRY)
			bit = seg_action_bit(building_observable(sb, c[action]));
		table_put(&w, row_at(f, at), columns, bit);
	}
	write_ids(f, &w);
	table_finish(&w, out, facts);
	table_release(&w);
}

static void write_meta(struct finishing *f, struct seg_out *out, struct facts *facts)
{
	const struct segbuild *sb = f->sb;
	struct seg_stream *streams = malloc((sb->streams.n + 1) * sizeof(*streams));
	struct flaw_writer flaws = {0};
	struct str no_name = {0};

	if (!streams)
		BUG("out of memory");
	for (size_t i = 0; i < sb->streams.n; i++) {
		const struct str *p = sb->streams.at[i].parts;
		streams[i] = (struct seg_stream){p[0], p[1], p[2], 0, INT64_MIN, INT64_MIN};
	}
	for (uint32_t i = 0; i < f->n_rows; i++) {
		const struct seg_row *r = row_at(f, f->order[i].at);
		seg_stream_count(&streams[r->stream], r->time);
	}
	streams_write(streams, sb->streams.n, out);
	batches_write(&no_name, 1, out);
	column_names_write(out);
	for (size_t i = 0; i < sb->flaws.n; i++)
		flaw_put(&flaws, 0, sb->flaws.at[i].record, sb->flaws.at[i].flaw);
	flaws_write(&flaws, out);
	facts->streams = (uint32_t)sb->streams.n;
	facts->batches = 1;
	facts->copies = sb->rows.n - f->n_rows;
	facts->flaws = sb->flaws.n;
	free(streams);
}

void segbuild_finish(struct segbuild *sb, struct buf *out)
{
	size_t n = sb->rows.n, entries = sb->entries.n, aliases = sb->aliases.n;
	size_t most = n > entries ? n : entries;
	struct seg_out file;
	struct facts facts = {0};
	struct finishing f = {
		.sb = sb,
		.by_id = room(sb, 0, n, sizeof(*f.by_id)),
		.order = room(sb, 1, n, sizeof(*f.order)),
		.row_of = room(sb, 2, n, sizeof(*f.row_of)),
		.by_key = room(sb, 3, entries, sizeof(*f.by_key)),
		.entry_of = room(sb, 4, entries, sizeof(*f.entry_of)),
		.postings = room(sb, 5, sb->uses.n, sizeof(*f.postings)),
		.postings_at = room(sb, 6, entries, sizeof(*f.postings_at)),
		.targets = room(sb, 7, aliases, sizeof(*f.targets)),
		.targets_at = room(sb, 8, entries, sizeof(*f.targets_at)),
		.tmp = room(sb, 9, most > aliases ? most : aliases, sizeof(*f.tmp)),
	};

	/* About what it will be, so that it stands on huge pages and doesn't move. */
	buf_reserve(out, sb->text.n + entries * 10 + n * 80 + (1 << 16));
	big_advise(out->p + out->n, out->cap - out->n);
	order_rows(&f);
	drop_copies(&f);
	order_entries(&f);
	gather_postings(&f);
	gather_targets(&f);
	textpack_reset(sb->tp);
	seg_out_start(&file, out);
	write_dictionary(&f, &file, &facts);
	write_table(&f, &file, &facts);
	write_meta(&f, &file, &facts);
	seg_out_finish(&file, &facts);
}
