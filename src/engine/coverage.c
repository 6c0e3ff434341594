#include "engine/coverage.h"

#include <stdlib.h>

#include "engine/advice.h"
#include "engine/asked.h"
#include "engine/timeline.h"

#define HOUR (INT64_C(3600) * WHEN_SECOND)
#define DAY (24 * HOUR)

/*
 * METHODS §0.13: a stream has a gap when nothing came for more than
 * max(1 h, 10 x the 99.9th percentile of the inter-arrival times of that hour of the week),
 * with 28 days of history or more.
 */
enum {
	HOURS_OF_WEEK = 168,
	GAP_FACTOR = 10,
	HISTORY_DAYS = 28,
	BUCKETS = 400, /* of inter-arrival times: eight to the octave of a millisecond */
	FEW = 4096,    /* so many of them are listed; a stream with more has a table */
};

/* STANDARDS §D6: after IsThrottled, Exchange logs no mail access of that mailbox for 24 hours. */
#define THROTTLE_PAUSE DAY

struct arrivals {
	int64_t last;
	/*
	 * A log may name an organisation in each record, so that there are as many streams: what is
	 * kept of one grows with its records.
	 */
	VEC(uint32_t) few;     /* places in the table */
	uint32_t *count;       /* HOURS_OF_WEEK x BUCKETS, or NULL */
	VEC(struct gap) waits; /* of an hour or more */
	VEC(struct gap) throttled;
	uint64_t cut;
};

static unsigned hour_of_week(int64_t us)
{
	/* 1970-01-01 was a Thursday; hours are counted from there, which is as good as any. */
	int64_t h = us / HOUR - (us % HOUR < 0);
	int64_t m = h % HOURS_OF_WEEK;

	return (unsigned)(m < 0 ? m + HOURS_OF_WEEK : m);
}

static unsigned bucket_of(int64_t us)
{
	uint64_t ms = (uint64_t)us / 1000 + 1;
	unsigned octave = 63 - (unsigned)__builtin_clzll(ms);
	unsigned eighth = octave >= 3 ? (unsigned)(ms >> (octave - 3)) & 7
				      : (unsigned)(ms << (3 - octave)) & 7;
	unsigned b = octave * 8 + eighth;

	return b < BUCKETS ? b : BUCKETS - 1;
}

/* The upper end of a bucket, in microseconds. */
static int64_t bucket_end(unsigned b)
{
	unsigned octave = b / 8, eighth = b % 8;

	if (octave >= 50)
		return INT64_MAX / 16;
	return (int64_t)(((uint64_t)1 << octave) + ((uint64_t)(eighth + 1) << octave) / 8) * 1000;
}

static int64_t percentile_999(const uint32_t *count)
{
	uint64_t all = 0, below = 0;

	for (unsigned b = 0; b < BUCKETS; b++)
		all += count[b];
	for (unsigned b = 0; b < BUCKETS; b++) {
		below += count[b];
		if (below * 1000 >= all * 999)
			return bucket_end(b);
	}
	return 0;
}

static void count_wait(struct arrivals *ar, uint32_t place)
{
	if (!ar->count && ar->few.n < FEW) {
		*vec_push(&ar->few) = place;
		return;
	}
	if (!ar->count) {
		ar->count = calloc(HOURS_OF_WEEK * BUCKETS, sizeof(uint32_t));
		if (!ar->count)
			BUG("out of memory");
		for (size_t i = 0; i < ar->few.n; i++)
			ar->count[ar->few.at[i]]++;
		vec_release(&ar->few);
	}
	ar->count[place]++;
}

static void arrive(struct arrivals *ar, const struct seg_row *row)
{
	if (row->flags & SEG_THROTTLED)
		*vec_push(&ar->throttled) = (struct gap){row->time, row->time + THROTTLE_PAUSE,
			STR("throttled: a mailbox's mail access was not logged for a day")};
	if (row->flags & SEG_CUT_EXPORT)
		ar->cut++;
	if (ar->last != INT64_MIN) {
		int64_t wait = row->time - ar->last;
		count_wait(ar, hour_of_week(ar->last) * BUCKETS + bucket_of(wait));
		if (wait > HOUR)
			*vec_push(&ar->waits) =
				(struct gap){ar->last, row->time, STR("no records")};
	}
	ar->last = row->time;
}

static int by_from(const void *x, const void *y)
{
	const struct gap *a = x, *b = y;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->to < b->to ? -1 : a->to > b->to;
}

/* Ranges that something can be said of: ascending, apart from each other. */
struct spans {
	VEC(struct gap) of;
};

static void join_spans(struct spans *s)
{
	size_t n = 0;

	if (s->of.n)
		qsort(s->of.at, s->of.n, sizeof(*s->of.at), by_from);
	for (size_t i = 0; i < s->of.n; i++) {
		if (n && s->of.at[i].from <= s->of.at[n - 1].to) {
			if (s->of.at[i].to > s->of.at[n - 1].to)
				s->of.at[n - 1].to = s->of.at[i].to;
		} else {
			s->of.at[n++] = s->of.at[i];
		}
	}
	s->of.n = n;
}

/* What was asked for and came whole; with the time between the first and the last event, too. */
static struct spans spans_of(const struct stream_coverage *s, bool with_events)
{
	struct spans spans = {0};

	for (size_t i = 0; i < s->asked.n; i++) {
		const struct asked_range *r = &s->asked.at[i];
		if (r->whole && r->from != INT64_MIN && r->to != INT64_MIN)
			*vec_push(&spans.of) = (struct gap){r->from, r->to, STR("")};
	}
	if (with_events && s->first != INT64_MIN)
		*vec_push(&spans.of) = (struct gap){s->first, s->last, STR("")};
	join_spans(&spans);
	return spans;
}

bool stream_seen(const struct stream_coverage *s, int64_t *ret_from, int64_t *ret_to)
{
	struct spans spans = spans_of(s, true);
	bool any = spans.of.n > 0;

	if (any) {
		*ret_from = spans.of.at[0].from;
		*ret_to = spans.of.at[spans.of.n - 1].to;
	}
	vec_release(&spans.of);
	return any;
}

/* The parts of a gap that are in none of the spans, if they are longer than the limit. */
static void add_outside(
	struct stream_coverage *s, const struct spans *spans, struct gap gap, int64_t limit)
{
	int64_t at = gap.from;

	for (size_t i = 0; i < spans->of.n && spans->of.at[i].from < gap.to; i++) {
		struct gap seen = spans->of.at[i];
		if (seen.from - at > limit)
			*vec_push(&s->gaps) = (struct gap){at, seen.from, gap.why};
		at = seen.to > at ? seen.to : at;
	}
	if (gap.to - at > limit)
		*vec_push(&s->gaps) = (struct gap){at, gap.to, gap.why};
}

static int64_t limit_of(const struct arrivals *ar, unsigned hour)
{
	uint32_t few[BUCKETS] = {0};

	for (size_t i = 0; i < ar->few.n; i++)
		if (ar->few.at[i] / BUCKETS == hour)
			few[ar->few.at[i] % BUCKETS]++;
	int64_t limit = GAP_FACTOR * percentile_999(ar->count ? ar->count + hour * BUCKETS : few);
	return limit < HOUR ? HOUR : limit;
}

static void take_waits(
	struct stream_coverage *s, const struct arrivals *ar, const struct spans *whole)
{
	int64_t limit[HOURS_OF_WEEK] = {0}; /* those that were needed */

	for (size_t i = 0; i < ar->waits.n; i++) {
		unsigned hour = hour_of_week(ar->waits.at[i].from);
		if (!limit[hour])
			limit[hour] = limit_of(ar, hour);
		add_outside(s, whole, ar->waits.at[i], limit[hour]);
	}
}

/* Ranges that were asked for and the time of the events may lie apart. */
static void take_unasked(struct stream_coverage *s)
{
	struct spans seen = spans_of(s, true);

	for (size_t i = 1; i < seen.of.n; i++)
		*vec_push(&s->gaps) = (struct gap){seen.of.at[i - 1].to, seen.of.at[i].from,
			STR("no records, and nothing was asked for there")};
	vec_release(&seen.of);
}

static void take_cut(struct stream_coverage *s, struct arena *a)
{
	for (size_t i = 0; i < s->asked.n; i++) {
		const struct asked_range *r = &s->asked.at[i];
		struct gap g = {r->from != INT64_MIN ? r->from : s->first,
			r->to != INT64_MIN ? r->to : s->last, STR("")};
		if (r->whole)
			continue;
		g.why = r->counted && r->count > r->records
				? arena_printf(a,
					  "cut export: its source counted %llu records, and %llu "
					  "came",
					  (unsigned long long)r->count,
					  (unsigned long long)r->records)
				: STR("cut export: whoever made it says that it isn't complete");
		*vec_push(&s->gaps) = g;
	}
}

/* Is all of the time between the first and the last event in one of them? */
static bool spans_hold(const struct spans *spans, const struct stream_coverage *s)
{
	for (size_t i = 0; i < spans->of.n; i++)
		if (spans->of.at[i].from <= s->first && s->last <= spans->of.at[i].to)
			return true;
	return false;
}

static void take_throttled(struct stream_coverage *s, const struct arrivals *ar)
{
	for (size_t i = 0; i < ar->throttled.n; i++) {
		struct gap *last = s->gaps.n ? &s->gaps.at[s->gaps.n - 1] : NULL;
		struct gap g = ar->throttled.at[i];
		if (last && str_eq(last->why, g.why) && g.from <= last->to)
			last->to = g.to;
		else
			*vec_push(&s->gaps) = g;
	}
}

static void take_gaps(struct stream_coverage *s, struct arrivals *ar, struct arena *a)
{
	struct spans whole = spans_of(s, false);

	if (s->first == INT64_MIN)
		s->judged = whole.of.n > 0;
	else
		s->judged = s->last - s->first >= HISTORY_DAYS * DAY || spans_hold(&whole, s);
	if (s->judged)
		take_waits(s, ar, &whole);
	vec_release(&whole.of);
	take_unasked(s);
	take_cut(s, a);
	take_throttled(s, ar);
	if (ar->cut)
		*vec_push(&s->gaps) = (struct gap){s->first, s->last,
			arena_printf(a,
				"cut export: %llu records say that their export had more results "
				"than it returned",
				(unsigned long long)ar->cut)};
	if (s->mixed_versions)
		*vec_push(&s->gaps) = (struct gap){s->first, s->last,
			arena_printf(a,
				"read in part by version " STR_FMT
				" of the format; 'spoor reindex' reads it anew",
				STR_ARG(s->version))};
}

static void add_streams(
	const struct timeline *t, struct arena *a, struct coverage *c, struct arrivals *ar)
{
	for (size_t i = 0; i < timeline_streams(t); i++) {
		struct timeline_stream st = timeline_stream(t, i);
		*vec_push(&c->streams) = (struct stream_coverage){
			.format = arena_dup(a, st.format),
			.organisation = arena_dup(a, st.organisation),
			.version = arena_dup(a, st.version),
			.mixed_versions = st.mixed_versions,
			.first = INT64_MIN,
			.last = INT64_MIN,
		};
		ar[i] = (struct arrivals){.last = INT64_MIN};
	}
}

static void walk_events(
	struct timeline *t, struct asked *asked, struct coverage *c, struct arrivals *ar)
{
	struct timeline_row row;

	while (timeline_next(t, &row, NULL)) {
		struct stream_coverage *s = &c->streams.at[row.stream];
		s->records++;
		s->untimed += row.row.time == INT64_MIN;
		asked_note(asked, row.segment, row.row.batch, row.stream);
		if (row.row.time == INT64_MIN || !(row.row.flags & SEG_TIME_TRUSTED))
			continue;
		if (s->first == INT64_MIN)
			s->first = row.row.time;
		s->last = row.row.time;
		arrive(&ar[row.stream], &row.row);
	}
}

static int by_name(const void *x, const void *y)
{
	const struct stream_coverage *a = x, *b = y;
	int c = str_cmp(a->format, b->format);

	return c ? c : str_cmp(a->organisation, b->organisation);
}

/* n streams have events; those behind them were only asked for. */
static void judge(struct coverage *c, size_t n, struct arrivals *ar, struct arena *a)
{
	struct arrivals nothing = {.last = INT64_MIN};

	for (size_t i = 0; i < c->streams.n; i++) {
		struct stream_coverage *s = &c->streams.at[i];
		take_gaps(s, i < n ? &ar[i] : &nothing, a);
		if (s->gaps.n)
			qsort(s->gaps.at, s->gaps.n, sizeof(*s->gaps.at), by_from);
	}
	if (c->streams.n)
		qsort(c->streams.at, c->streams.n, sizeof(*c->streams.at), by_name);
}

bool coverage_compute(struct folder *f, const struct snapshot *snap, struct arena *a,
	struct coverage *ret, struct err *err)
{
	struct timeline *t = timeline_open(snap, INT64_MIN, INT64_MAX);
	size_t n = timeline_streams(t);
	struct arrivals *ar = arena_array(a, n ? n : 1, sizeof(*ar));
	struct asked asked;

	*ret = (struct coverage){0};
	add_streams(t, a, ret, ar);
	bool done = asked_load(f, snap, n, a, &asked, err);
	if (done) {
		walk_events(t, &asked, ret, ar);
		asked_apply(&asked, ret);
		judge(ret, n, ar, a);
		advice_give(snap, a, ret);
	}
	asked_release(&asked);
	for (size_t i = 0; i < n; i++) {
		free(ar[i].count);
		vec_release(&ar[i].few);
		vec_release(&ar[i].waits);
		vec_release(&ar[i].throttled);
	}
	timeline_close(t);
	if (!done)
		coverage_release(ret);
	return done;
}

void coverage_release(struct coverage *c)
{
	for (size_t i = 0; i < c->streams.n; i++) {
		vec_release(&c->streams.at[i].gaps);
		vec_release(&c->streams.at[i].asked);
		vec_release(&c->streams.at[i].missing);
	}
	vec_release(&c->streams);
	*c = (struct coverage){0};
}
