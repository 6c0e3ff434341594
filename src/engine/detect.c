#include "engine/detect.h"

#include "engine/combine.h"

#include <stdlib.h>
#include <string.h>

struct detecting {
	struct snapshot *snap;
	const struct detect_options *opt;
	struct detected *out;
};

static bool in_time(const struct detecting *g, int64_t time)
{
	return time >= g->opt->from && time < g->opt->to;
}

/* A hit that is a finding by itself. */
static void add_hit(struct detecting *g, const struct hit *h)
{
	*vec_push(&g->out->at) = (struct detection){
		.time = h->time,
		.id = h->id,
		.content = h->content,
		.rule = h->rule,
		.segment = h->segment,
		.row = h->row,
		.why = h->why,
		.n_events = 1,
		.events_total = 1,
	};
}

static void add_hits(struct detecting *g)
{
	const struct rulebook *book = g->opt->hits.book;

	for (size_t i = 0; i < g->out->hits.at.n; i++) {
		const struct hit *h = &g->out->hits.at.at[i];
		if (in_time(g, h->time) && !book->rules.at[h->rule].silent)
			add_hit(g, h);
	}
}

/* What hits are together: of the time in which it begins. */
static void add_combined(struct detecting *g, const struct combined *c)
{
	for (size_t i = 0; i < c->at.n; i++) {
		const struct combined_one *one = &c->at.at[i];
		if (!in_time(g, one->first->time))
			continue;
		add_hit(g, one->first);
		struct detection *d = &g->out->at.at[g->out->at.n - 1];
		d->rule = one->rule;
		d->why = one->why;
		d->events = one->events;
		d->n_events = one->n_events;
		d->events_total = one->events_total;
	}
}

static int by_row(const void *x, const void *y)
{
	const struct detection *a = x, *b = y;

	if (a->segment != b->segment)
		return a->segment < b->segment ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

static int by_time(const void *x, const void *y)
{
	const struct detection *a = x, *b = y;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	int c = memcmp(a->id.b, b->id.b, sizeof(a->id.b));
	if (c)
		return c;
	if (a->content != b->content)
		return a->content < b->content ? -1 : 1;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	return a->events_total != b->events_total ? (a->events_total < b->events_total ? -1 : 1)
						  : str_cmp(a->why, b->why);
}

static void add_account(
	struct detection *d, const struct segment *seg, const uint64_t *columns, enum field f)
{
	int column = seg_column_of(f);
	struct seg_entry e;

	if (d->n_accounts == DETECTION_ACCOUNTS || column < 0 || columns[column] == UINT64_MAX ||
		!segment_entry(seg, columns[column], &e))
		return;
	for (uint32_t i = 0; i < d->n_accounts; i++)
		if (str_eq(d->accounts[i].v, e.o.v))
			return;
	d->accounts[d->n_accounts++] = e.o;
}

/* Of n detections of one segment, by row: one walk through those blocks of its columns. */
static void name_accounts(const struct segment *seg, struct detection *d, size_t n)
{
	struct seg_scan *scan = segment_scan(seg, INT64_MIN, INT64_MAX);
	uint64_t *columns = calloc(seg_columns(), sizeof(*columns));
	struct seg_row row;
	uint32_t number;
	size_t i = 0;

	if (!columns)
		BUG("out of memory");
	while (i < n) {
		seg_scan_skip(scan, d[i].row);
		if (!seg_scan_next(scan, &number, &row, columns))
			break;
		for (; i < n && d[i].row == number; i++) {
			add_account(&d[i], seg, columns, FIELD_USER_NAME);
			add_account(&d[i], seg, columns, FIELD_USER_EMAIL);
			if (!d[i].n_accounts)
				add_account(&d[i], seg, columns, FIELD_USER_ID);
		}
	}
	seg_scan_free(scan);
	free(columns);
}

static void finish(struct detecting *g)
{
	struct detected *d = g->out;

	if (!d->at.n)
		return;
	qsort(d->at.at, d->at.n, sizeof(*d->at.at), by_row);
	for (size_t from = 0, to; from < d->at.n; from = to) {
		uint32_t segment = d->at.at[from].segment;
		for (to = from + 1; to < d->at.n && d->at.at[to].segment == segment; to++)
			;
		name_accounts(g->snap->at[segment].seg, d->at.at + from, to - from);
	}
	qsort(d->at.at, d->at.n, sizeof(*d->at.at), by_time);
}

/* How many events count, of a segment that isn't asked for a stretch of time. */
static uint64_t count_all(const struct snapshot_segment *s)
{
	struct seg_info info;

	segment_info(s->seg, &info);
	return info.rows - s->hidden.n;
}

static bool is_reduced(const struct detecting *g, uint32_t segment)
{
	const struct hits *h = &g->out->hits;

	for (size_t i = 0; i < h->reduced.n; i++)
		if (h->reduced.at[i] == segment)
			return true;
	return false;
}

/* The batches of a segment of which facts alone are kept. */
static bool facts_batches(
	struct detecting *g, const struct snapshot_segment *s, bool **ret, struct err *err)
{
	bool *facts = calloc(s->n_batches + 1, sizeof(*facts)), done = true;

	if (!facts)
		BUG("out of memory");
	for (uint32_t i = 0; done && i < s->n_batches; i++) {
		struct batch *b = NULL;
		struct str file;
		done = snapshot_batch(g->snap, s->batch_names[i], &file, err) &&
		       batch_open(file, &b, err);
		facts[i] = done && batch_head(b)->framing == FRAMING_FACTS;
		batch_close(b);
	}
	*ret = facts;
	return done;
}

static void count_row(struct detected *d, const struct seg_row *row, bool reduced)
{
	d->events++;
	if (!reduced)
		return;
	if (row->time != INT64_MIN && (!d->reduced || row->time < d->reduced_first))
		d->reduced_first = row->time;
	if (row->time != INT64_MIN && row->time > d->reduced_last)
		d->reduced_last = row->time;
	d->reduced++;
}

static bool count_segment(struct detecting *g, uint32_t segment, struct err *err)
{
	const struct snapshot_segment *s = &g->snap->at[segment];
	bool *facts = NULL;
	struct seg_row row;
	uint32_t number;

	if (is_reduced(g, segment) && !facts_batches(g, s, &facts, err)) {
		free(facts);
		return false;
	}
	struct seg_scan *scan = segment_scan(s->seg, g->opt->from, g->opt->to);
	while (seg_scan_next(scan, &number, &row, NULL))
		if (in_time(g, row.time) && !rowset_has(s->hidden, number))
			count_row(g->out, &row,
				facts && row.batch < s->n_batches && facts[row.batch]);
	seg_scan_free(scan);
	free(facts);
	return true;
}

/* How many events the answer is about, and of which of them something was kept from the rules. */
static bool count_events(struct detecting *g, struct err *err)
{
	bool all = g->opt->from == INT64_MIN && g->opt->to == INT64_MAX;
	bool done = true;

	g->out->reduced_first = g->out->reduced_last = INT64_MIN;
	for (uint32_t i = 0; done && i < g->snap->n; i++) {
		if (all && !is_reduced(g, i))
			g->out->events += count_all(&g->snap->at[i]);
		else
			done = count_segment(g, i, err);
	}
	return done;
}

bool detect(struct folder *f, struct snapshot *snap, const struct detect_options *opt,
	struct detected *ret, struct err *err)
{
	struct detecting g = {.snap = snap, .opt = opt, .out = ret};

	struct combined c = {0};

	*ret = (struct detected){0};
	bool done = hits_find(f, snap, &opt->hits, &ret->hits, err) && count_events(&g, err) &&
		    combine(&opt->hits.box, opt->hits.book, &ret->hits, &ret->arena, &c, err);
	if (done) {
		add_hits(&g);
		add_combined(&g, &c);
		ret->undecided = c.undecided;
		finish(&g);
	}
	combined_release(&c);
	return done;
}

void detected_release(struct detected *d)
{
	hits_release(&d->hits);
	vec_release(&d->at);
	arena_release(&d->arena);
	*d = (struct detected){0};
}
