#include "engine/timeline.h"

#include <stdlib.h>

#include "base/vec.h"

struct lane {
	const struct snapshot_segment *from;
	uint32_t index;
	struct seg_scan *scan;
	uint32_t *streams; /* the segment's stream numbers to ours */
	uint32_t n_streams;
	size_t next_hidden, next_conflict;
	uint32_t number;
	struct seg_row row;
	uint64_t *columns;
};

struct timeline {
	VEC(struct timeline_stream) streams;
	struct lane *lanes;
	struct lane **heap; /* the lane with the earliest row on top */
	size_t n_lanes, n_heap;
};

static uint64_t version_number(struct str v)
{
	uint64_t n = 0;

	str_u64(v, &n);
	return n;
}

static int by_name(const void *x, const void *y)
{
	const struct timeline_stream *a = x, *b = y;
	int c = str_cmp(a->format, b->format);

	return c ? c : str_cmp(a->organisation, b->organisation);
}

/* The lowest version first: as long as anything was read by it, that is what can be relied on. */
static int by_version(const void *x, const void *y)
{
	const struct timeline_stream *a = x, *b = y;
	int c = by_name(a, b);
	uint64_t va = version_number(a->version), vb = version_number(b->version);

	if (c == 0)
		c = (va > vb) - (va < vb);
	return c ? c : str_cmp(a->version, b->version);
}

static uint32_t stream_number(const struct timeline *t, const struct seg_stream *s)
{
	const struct timeline_stream want = {s->format, s->organisation, s->version, false};
	const struct timeline_stream *found =
		bsearch(&want, t->streams.at, t->streams.n, sizeof(*t->streams.at), by_name);

	return (uint32_t)(found - t->streams.at);
}

static bool before(const struct lane *a, const struct lane *b)
{
	if (a->row.time != b->row.time)
		return a->row.time < b->row.time;
	int c = memcmp(a->row.id.b, b->row.id.b, sizeof(a->row.id.b));
	if (c)
		return c < 0;
	/* Same id twice: by content, so that the order does not depend on the segments'. */
	return a->row.content != b->row.content ? a->row.content < b->row.content
						: a->index < b->index;
}

static bool at(struct rowset s, size_t *inout_next, uint32_t row)
{
	while (*inout_next < s.n && s.at[*inout_next] < row)
		++*inout_next;
	return *inout_next < s.n && s.at[*inout_next] == row;
}

static bool lane_advance(struct lane *l)
{
	while (seg_scan_next(l->scan, &l->number, &l->row, l->columns))
		if (!at(l->from->hidden, &l->next_hidden, l->number))
			return true;
	return false;
}

static void sift_down(struct timeline *t)
{
	size_t i = 0;

	for (;;) {
		size_t least = i, l = 2 * i + 1, r = l + 1;
		if (l < t->n_heap && before(t->heap[l], t->heap[least]))
			least = l;
		if (r < t->n_heap && before(t->heap[r], t->heap[least]))
			least = r;
		if (least == i)
			return;
		struct lane *swap = t->heap[i];
		t->heap[i] = t->heap[least];
		t->heap[least] = swap;
		i = least;
	}
}

static void sift_up(struct timeline *t, size_t i)
{
	while (i && before(t->heap[i], t->heap[(i - 1) / 2])) {
		struct lane *swap = t->heap[i];
		t->heap[i] = t->heap[(i - 1) / 2];
		t->heap[(i - 1) / 2] = swap;
		i = (i - 1) / 2;
	}
}

static void *take(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (!p)
		BUG("out of memory");
	return p;
}

static void unite_streams(struct timeline *t, const struct snapshot *snap)
{
	struct seg_stream st;
	size_t n = 0;

	for (size_t i = 0; i < snap->n; i++)
		for (uint32_t k = 0; segment_stream(snap->at[i].seg, k, &st); k++)
			*vec_push(&t->streams) = (struct timeline_stream){
				st.format, st.organisation, st.version, false};
	if (t->streams.n)
		qsort(t->streams.at, t->streams.n, sizeof(*t->streams.at), by_version);
	for (size_t i = 0; i < t->streams.n; i++) {
		const struct timeline_stream *one = &t->streams.at[i];
		if (n && by_name(&t->streams.at[n - 1], one) == 0)
			t->streams.at[n - 1].mixed_versions |=
				!str_eq(t->streams.at[n - 1].version, one->version);
		else
			t->streams.at[n++] = *one;
	}
	t->streams.n = n;
}

struct timeline *timeline_open(const struct snapshot *snap, int64_t from, int64_t to)
{
	struct timeline *t = take(1, sizeof(*t));

	unite_streams(t, snap);
	t->n_lanes = snap->n;
	t->lanes = take(snap->n, sizeof(*t->lanes));
	t->heap = take(snap->n, sizeof(struct lane *));
	for (size_t i = 0; i < snap->n; i++) {
		struct lane *l = &t->lanes[i];
		struct seg_info info;
		struct seg_stream st;
		segment_info(snap->at[i].seg, &info);
		*l = (struct lane){.from = &snap->at[i], .index = (uint32_t)i};
		l->streams = take(info.streams, sizeof(*l->streams));
		l->n_streams = info.streams;
		for (uint32_t k = 0; segment_stream(l->from->seg, k, &st); k++)
			l->streams[k] = stream_number(t, &st);
		l->columns = take(seg_columns(), sizeof(*l->columns));
		l->scan = segment_scan(l->from->seg, from, to);
		if (lane_advance(l)) {
			t->heap[t->n_heap] = l;
			sift_up(t, t->n_heap++);
		}
	}
	return t;
}

void timeline_close(struct timeline *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n_lanes; i++) {
		seg_scan_free(t->lanes[i].scan);
		free(t->lanes[i].streams);
		free(t->lanes[i].columns);
	}
	vec_release(&t->streams);
	free(t->lanes);
	free(t->heap);
	free(t);
}

size_t timeline_streams(const struct timeline *t)
{
	return t->streams.n;
}

struct timeline_stream timeline_stream(const struct timeline *t, size_t i)
{
	return t->streams.at[i];
}

bool timeline_next(struct timeline *t, struct timeline_row *ret, uint64_t *ret_columns)
{
	if (!t->n_heap)
		return false;
	struct lane *l = t->heap[0];
	*ret = (struct timeline_row){
		.row = l->row,
		.segment = l->index,
		.number = l->number,
		.stream = l->row.stream < l->n_streams ? l->streams[l->row.stream] : 0,
		.conflict = at(l->from->conflict, &l->next_conflict, l->number),
	};
	if (ret_columns)
		memcpy(ret_columns, l->columns, seg_columns() * sizeof(*ret_columns));
	if (!lane_advance(l))
		t->heap[0] = t->heap[--t->n_heap];
	sift_down(t);
	return true;
}
