#include "store/merge.h"

#include <stdlib.h>

#include "base/vec.h"
#include "store/merging.h"
#include "store/segmeta.h"
#include "store/table.h"

bool merging_damaged(struct merging *m, size_t input)
{
	return err_set(m->err, ERR_CASE, "merge: segment %zu of %zu is damaged", input + 1, m->n);
}

struct united {
	VEC(struct seg_stream) streams;
	VEC(struct str) batches;
	struct flaw_writer flaws;
	uint64_t n_flaws, copies;
	uint32_t first_batch; /* of the input whose flaws are read */
	int action;           /* the column of actions */
};

static bool unite_streams(struct merging *m, struct united *u, size_t i)
{
	struct merging_input *in = &m->in[i];
	struct seg_stream s;

	in->stream_map = calloc((size_t)in->seg->f.streams + 1, sizeof(*in->stream_map));
	if (!in->stream_map)
		BUG("out of memory");
	for (uint32_t k = 0; k < in->seg->f.streams; k++) {
		size_t at = 0;
		if (!segment_stream(in->seg, k, &s))
			return merging_damaged(m, i);
		for (; at < u->streams.n; at++) {
			const struct seg_stream *t = &u->streams.at[at];
			if (str_eq(s.format, t->format) && str_eq(s.version, t->version) &&
				str_eq(s.organisation, t->organisation))
				break;
		}
		if (at == UINT16_MAX)
			return err_set(m->err, ERR_LIMIT, "merge: more than 65,535 streams");
		s.rows = 0;
		s.first = s.last = INT64_MIN;
		if (at == u->streams.n)
			*vec_push(&u->streams) = s;
		in->stream_map[k] = (uint16_t)at;
	}
	return true;
}

static bool unite_flaw(void *arg, uint32_t batch, uint32_t record, struct flaw f)
{
	struct united *u = arg;

	flaw_put(&u->flaws, batch + u->first_batch, record, f);
	u->n_flaws++;
	return true;
}

static bool unite(struct merging *m, const struct merge_input *from, struct united *u)
{
	for (size_t i = 0; i < m->n; i++) {
		struct merging_input *in = &m->in[i];
		const struct facts *f = &in->seg->f;
		in->first_batch = (uint32_t)u->batches.n;
		for (uint32_t k = 0; k < f->batches; k++) {
			struct str name = segment_batch(in->seg, k);
			*vec_push(&u->batches) = name.n ? name : from[i].batch_name;
		}
		u->copies += f->copies;
		u->first_batch = in->first_batch;
		if (!unite_streams(m, u, i))
			return false;
		if (!flaws_read(in->seg->sec[SEC_FLAWS], f->flaws, unite_flaw, u))
			return merging_damaged(m, i);
	}
	return true;
}

enum { MEMO = 256 };

/* The rows of one input, as they are scanned. */
struct feed {
	struct seg_scan *scan;
	uint32_t row;
	bool done;
	struct seg_row r;
	uint64_t *columns;
	struct memo {
		uint64_t place, bit;
	} actions[MEMO]; /* bits of actions, by place */
};

static uint64_t action_bit(struct feed *f, const struct segment *seg, uint64_t place)
{
	struct memo *memo = &f->actions[place % MEMO];
	struct raw_entry e;
	struct observable o;
	char room[TEXT_MAX];

	if (place == UINT64_MAX)
		return 0;
	if (memo->bit == 0 || memo->place != place) {
		if (place >= seg->f.entries || !entry_get(seg, (uint32_t)place, &e) ||
			!entry_value(seg, &e, room, &o))
			return 0;
		*memo = (struct memo){place, seg_action_bit(o)};
	}
	return memo->bit;
}

static void feed_next(struct feed *f, const struct merging_input *in)
{
	do {
		f->done = !seg_scan_next(f->scan, &f->row, &f->r, f->columns);
	} while (!f->done && in->row_map[f->row] == GONE);
}

static struct feed *feeds_begin(const struct merging *m)
{
	struct feed *feeds = calloc(m->n + 1, sizeof(*feeds));

	if (!feeds)
		BUG("out of memory");
	for (size_t i = 0; i < m->n; i++) {
		feeds[i].scan = segment_scan(m->in[i].seg, INT64_MIN, INT64_MAX);
		feeds[i].columns = calloc(seg_columns() + 1, sizeof(*feeds[i].columns));
		if (!feeds[i].columns)
			BUG("out of memory");
		feed_next(&feeds[i], &m->in[i]);
	}
	return feeds;
}

static bool put_row(struct merging *m, size_t i, struct feed *f, struct table_writer *w,
	struct united *u, bool conflict)
{
	const struct merging_input *in = &m->in[i];
	const unsigned n_columns = seg_columns();
	uint32_t columns[FIELDS];
	struct seg_row r = f->r;

	if (r.stream >= in->seg->f.streams || r.batch >= in->seg->f.batches)
		return merging_damaged(m, i);
	for (unsigned c = 0; c < n_columns; c++) {
		bool some = f->columns[c] < in->seg->f.entries;
		uint32_t entry = some ? in->entry_map[f->columns[c]] : GONE;
		columns[c] = entry == GONE ? 0 : entry + 1;
	}
	r.stream = in->stream_map[r.stream];
	r.batch += in->first_batch;
	r.flags &= (uint8_t)~SEG_ID_CONFLICT;
	r.flags |= conflict ? SEG_ID_CONFLICT : 0;
	seg_stream_count(&u->streams.at[r.stream], r.time);
	table_put(w, &r, columns, action_bit(f, in->seg, f->columns[u->action]));
	return true;
}

static bool write_rows(
	struct merging *m, const struct merging_ids *b, struct united *u, struct table_writer *w)
{
	struct feed *feeds = feeds_begin(m);
	bool good = true;

	for (uint32_t row = 0; row < m->rows && good; row++) {
		size_t i = 0;
		while (i < m->n && (feeds[i].done || m->in[i].row_map[feeds[i].row] != row))
			i++;
		if (i == m->n) {
			for (i = 0; i + 1 < m->n && !feeds[i].done; i++)
				;
			good = merging_damaged(m, i);
			break;
		}
		good = put_row(m, i, &feeds[i], w, u, b->conflict[row / 64] >> row % 64 & 1);
		feed_next(&feeds[i], &m->in[i]);
	}
	for (size_t i = 0; i < m->n; i++) {
		seg_scan_free(feeds[i].scan);
		free(feeds[i].columns);
	}
	free(feeds);
	for (uint32_t k = 0; k < m->rows && good; k++)
		table_put_id(w, b->rows[k]);
	return good;
}

static bool merge_into(
	struct merging *m, const struct merge_input *from, struct united *u, struct buf *out)
{
	struct merging_ids b = {0};
	struct table_writer w = {0};
	struct facts facts = {0};
	struct seg_out file;
	bool done = false, writing = false;

	if (!unite(m, from, u) || !merging_number_rows(m) || !merging_order_ids(m, &b) ||
		!merging_number(m))
		goto out;
	textpack_choose(m->tp);
	seg_out_start(&file, out);
	if (!merging_write(m, &file, &facts))
		goto out;
	table_init(&w, m->rows);
	writing = true;
	if (!write_rows(m, &b, u, &w))
		goto out;
	table_finish(&w, &file, &facts);
	streams_write(u->streams.at, u->streams.n, &file);
	batches_write(u->batches.at, u->batches.n, &file);
	column_names_write(&file);
	flaws_write(&u->flaws, &file);
	facts.streams = (uint32_t)u->streams.n;
	facts.batches = (uint32_t)u->batches.n;
	facts.copies = u->copies;
	facts.flaws = u->n_flaws;
	for (size_t i = 0; i < m->n; i++)
		facts.copies += m->in[i].seg->f.rows;
	facts.copies -= m->rows;
	seg_out_finish(&file, &facts);
	done = true;
out:
	if (writing)
		table_release(&w);
	free(b.rows);
	free(b.conflict);
	vec_release(&b.same);
	return done;
}

bool segment_merge(const struct merge_input *in, size_t n, struct buf *out, struct err *err)
{
	struct merging m = {.n = n, .tp = textpack_new(), .err = err};
	struct united u = {.action = seg_column_of(FIELD_EVENT_ACTION)};
	size_t before = out->n;

	m.in = calloc(n + 1, sizeof(*m.in));
	if (!m.in)
		BUG("out of memory");
	for (size_t i = 0; i < n; i++)
		m.in[i] = (struct merging_input){.seg = in[i].seg, .hidden = in[i].hidden};
	bool good = merge_into(&m, in, &u, out);
	if (!good)
		out->n = before;
	for (size_t i = 0; i < n; i++) {
		free(m.in[i].row_map);
		free(m.in[i].entry_map);
		free(m.in[i].kept);
		free(m.in[i].stream_map);
	}
	free(m.in);
	vec_release(&u.streams);
	vec_release(&u.batches);
	buf_release(&u.flaws.clear);
	buf_release(&u.flaws.frames);
	textpack_free(m.tp);
	return good;
}
