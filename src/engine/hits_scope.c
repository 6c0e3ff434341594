#include <stdlib.h>

#include "engine/hits_inside.h"

static int by_record(const void *x, const void *y)
{
	const struct hit_record *a = x, *b = y;

	if (a->batch != b->batch)
		return a->batch < b->batch ? -1 : 1;
	return a->at.record < b->at.record ? -1 : a->at.record > b->at.record;
}

/* Which of a stream's events have to be held against the rules. */
enum stream_use { STREAM_UNUSED, STREAM_FOUND, STREAM_ALL };

static enum stream_use use_of(
	const struct hit_finding *g, const uint32_t *only, size_t n_only, struct str format)
{
	enum stream_use use = STREAM_UNUSED;

	for (size_t i = 0; i < n_only && use != STREAM_ALL; i++) {
		const struct told_rule *r = rule_at(g, only[i]);
		if (told_rule_is_for(r, format))
			use = told_rule_is_found(r, format) ? STREAM_FOUND : STREAM_ALL;
	}
	return use;
}

/* What is being looked for in one segment. */
struct seg_looking {
	const struct hit_finding *g;
	const uint32_t *only;
	size_t n_only;
	const struct snapshot_segment *s;
	const uint32_t *batches; /* by number: UINT32_MAX, not wanted */
	uint8_t *uses;           /* enum stream_use, by number of the stream */
	uint32_t n_streams;
	struct hit_records *rows;
};

static void add_row(struct seg_looking *l, const struct seg_row *row, enum stream_use use)
{
	if (row->stream < l->n_streams && l->uses[row->stream] == use &&
		row->batch < l->s->n_batches && l->batches[row->batch] != UINT32_MAX)
		*vec_push(&l->rows->at) = (struct hit_record){row->batch, {row->record, row->id}};
}

static void add_all_rows(struct seg_looking *l)
{
	struct seg_scan *scan = segment_scan(l->s->seg, INT64_MIN, INT64_MAX);
	uint32_t number;
	struct seg_row row;

	while (seg_scan_next(scan, &number, &row, NULL))
		add_row(l, &row, STREAM_ALL);
	seg_scan_free(scan);
}

static void add_uses(struct seg_looking *l, struct observable o)
{
	uint32_t rows[256], from = 0;
	struct seg_hit hit;
	struct seg_row row;
	size_t n;

	if (!segment_find(l->s->seg, o, &hit, 1) || hit.how != HOW_EXACT)
		return;
	while ((n = segment_postings(l->s->seg, &hit.entry, from, rows, 256)) > 0) {
		for (size_t i = 0; i < n; i++)
			if (segment_row(l->s->seg, rows[i], &row))
				add_row(l, &row, STREAM_FOUND);
		from = rows[n - 1] + 1;
	}
}

/* Events of streams whose rules have witnesses: those that have one. */
static void add_found_rows(struct seg_looking *l)
{
	struct seg_stream st;

	for (uint32_t i = 0; i < l->n_streams && segment_stream(l->s->seg, i, &st); i++) {
		for (size_t k = 0; l->uses[i] == STREAM_FOUND && k < l->n_only; k++) {
			const struct told_rule *r = rule_at(l->g, l->only[k]);
			for (size_t w = 0; w < r->n_witnesses; w++)
				if (str_eq(r->witnesses[w].format, st.format))
					add_uses(l, r->witnesses[w].o);
		}
	}
}

/* A record in which something is wrong: perhaps not all of its observables are known. */
struct cut_record {
	uint32_t batch, record;
};
struct cut_records {
	VEC(struct cut_record) at;
};

static bool take_flaw(void *arg, uint32_t batch, uint32_t record, struct flaw f)
{
	struct cut_records *to = arg;

	/* Of these all was read. */
	bool whole = f.code == FLAW_NO_TIME || f.code == FLAW_BAD_TIME ||
		     f.code == FLAW_TIME_UNTRUSTED || f.code == FLAW_TIME_ACQUIRED ||
		     f.code == FLAW_BAD_VALUE || f.code == FLAW_ID_CONFLICT;

	if (!whole)
		*vec_push(&to->at) = (struct cut_record){batch, record};
	return true;
}

static int by_cut(const void *x, const void *y)
{
	const struct cut_record *a = x, *b = y;

	if (a->batch != b->batch)
		return a->batch < b->batch ? -1 : 1;
	return a->record < b->record ? -1 : a->record > b->record;
}

static void add_cut_rows(struct seg_looking *l)
{
	struct cut_records cut = {0};
	uint32_t number;
	struct seg_row row;

	segment_each_flaw(l->s->seg, take_flaw, &cut);
	if (cut.at.n) {
		qsort(cut.at.at, cut.at.n, sizeof(*cut.at.at), by_cut);
		struct seg_scan *scan = segment_scan(l->s->seg, INT64_MIN, INT64_MAX);
		while (seg_scan_next(scan, &number, &row, NULL)) {
			struct cut_record at = {row.batch, row.record};
			if (bsearch(&at, cut.at.at, cut.at.n, sizeof(at), by_cut))
				add_row(l, &row, STREAM_FOUND);
		}
		seg_scan_free(scan);
	}
	vec_release(&cut.at);
}

static void find_seg_rows(struct seg_looking *l)
{
	bool all = false, found = false;
	struct seg_stream st;

	for (uint32_t i = 0; i < l->n_streams && segment_stream(l->s->seg, i, &st); i++) {
		l->uses[i] = (uint8_t)use_of(l->g, l->only, l->n_only, st.format);
		all |= l->uses[i] == STREAM_ALL;
		found |= l->uses[i] == STREAM_FOUND;
	}
	if (all)
		add_all_rows(l);
	if (found) {
		add_found_rows(l);
		add_cut_rows(l);
	}
	if (l->rows->at.n)
		qsort(l->rows->at.at, l->rows->at.n, sizeof(*l->rows->at.at), by_record);
	/* An event may have several of the witnesses. */
	size_t kept = 0;
	for (size_t i = 0; i < l->rows->at.n; i++)
		if (!kept || by_record(&l->rows->at.at[kept - 1], &l->rows->at.at[i]) != 0)
			l->rows->at.at[kept++] = l->rows->at.at[i];
	l->rows->at.n = kept;
}

void hits_scope(const struct hit_finding *g, uint32_t segment, const uint32_t *only, size_t n_only,
	const uint32_t *batches, struct hit_records *ret)
{
	struct seg_looking l = {.g = g,
		.only = only,
		.n_only = n_only,
		.s = &g->snap->at[segment],
		.batches = batches,
		.rows = ret};
	struct seg_info info;

	*ret = (struct hit_records){0};
	segment_info(l.s->seg, &info);
	l.n_streams = info.streams;
	l.uses = calloc(info.streams + 1, 1);
	if (!l.uses)
		BUG("out of memory");
	find_seg_rows(&l);
	free(l.uses);
}
