#include "engine/coverage.h"

#include <stdlib.h>

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
};

/* STANDARDS §D6: after IsThrottled, Exchange logs no mail access of that mailbox for 24 hours. */
#define THROTTLE_PAUSE DAY

struct arrivals {
	int64_t last;
	uint32_t *count;       /* HOURS_OF_WEEK x BUCKETS */
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

static void arrive(struct arrivals *ar, const struct seg_row *row)
{
	if (row->flags & SEG_THROTTLED)
		*vec_push(&ar->throttled) = (struct gap){row->time, row->time + THROTTLE_PAUSE,
			STR("throttled: a mailbox's mail access was not logged for a day")};
	if (row->flags & SEG_CUT_EXPORT)
		ar->cut++;
	if (ar->last != INT64_MIN) {
		int64_t wait = row->time - ar->last;
		ar->count[hour_of_week(ar->last) * BUCKETS + bucket_of(wait)]++;
		if (wait > HOUR)
			*vec_push(&ar->waits) =
				(struct gap){ar->last, row->time, STR("no records")};
	}
	ar->last = row->time;
}

static void take_gaps(struct stream_coverage *s, struct arrivals *ar, struct arena *a)
{
	int64_t limit[HOURS_OF_WEEK];

	s->judged = s->first != INT64_MIN && s->last - s->first >= HISTORY_DAYS * DAY;
	for (unsigned h = 0; h < HOURS_OF_WEEK; h++) {
		limit[h] = GAP_FACTOR * percentile_999(ar->count + h * BUCKETS);
		if (limit[h] < HOUR)
			limit[h] = HOUR;
	}
	for (size_t i = 0; s->judged && i < ar->waits.n; i++)
		if (ar->waits.at[i].to - ar->waits.at[i].from >
			limit[hour_of_week(ar->waits.at[i].from)])
			*vec_push(&s->gaps) = ar->waits.at[i];
	for (size_t i = 0; i < ar->throttled.n; i++) {
		struct gap *last = s->gaps.n ? &s->gaps.at[s->gaps.n - 1] : NULL;
		struct gap g = ar->throttled.at[i];
		if (last && str_eq(last->why, g.why) && g.from <= last->to)
			last->to = g.to;
		else
			*vec_push(&s->gaps) = g;
	}
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

static int by_from(const void *x, const void *y)
{
	const struct gap *a = x, *b = y;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->to < b->to ? -1 : a->to > b->to;
}

void coverage_compute(const struct snapshot *snap, struct arena *a, struct coverage *ret)
{
	struct timeline *t = timeline_open(snap, INT64_MIN, INT64_MAX);
	size_t n = timeline_streams(t);
	struct arrivals *ar = arena_array(a, n ? n : 1, sizeof(*ar));
	struct timeline_row row;

	*ret = (struct coverage){0};
	for (size_t i = 0; i < n; i++) {
		struct timeline_stream st = timeline_stream(t, i);
		*vec_push(&ret->streams) = (struct stream_coverage){
			.format = arena_dup(a, st.format),
			.organisation = arena_dup(a, st.organisation),
			.version = arena_dup(a, st.version),
			.mixed_versions = st.mixed_versions,
			.first = INT64_MIN,
			.last = INT64_MIN,
		};
		ar[i] = (struct arrivals){.last = INT64_MIN,
			.count = calloc(HOURS_OF_WEEK * BUCKETS, sizeof(uint32_t))};
		if (!ar[i].count)
			BUG("out of memory");
	}
	while (timeline_next(t, &row, NULL)) {
		struct stream_coverage *s = &ret->streams.at[row.stream];
		s->records++;
		if (row.row.time == INT64_MIN || !(row.row.flags & SEG_TIME_TRUSTED))
			continue;
		if (s->first == INT64_MIN)
			s->first = row.row.time;
		s->last = row.row.time;
		arrive(&ar[row.stream], &row.row);
	}
	for (size_t i = 0; i < n; i++) {
		struct stream_coverage *s = &ret->streams.at[i];
		take_gaps(s, &ar[i], a);
		if (s->gaps.n)
			qsort(s->gaps.at, s->gaps.n, sizeof(*s->gaps.at), by_from);
		free(ar[i].count);
		vec_release(&ar[i].waits);
		vec_release(&ar[i].throttled);
	}
	timeline_close(t);
}

void coverage_release(struct coverage *c)
{
	for (size_t i = 0; i < c->streams.n; i++)
		vec_release(&c->streams.at[i].gaps);
	vec_release(&c->streams);
}

void stream_name(struct str format, struct str organisation, struct buf *out)
{
	buf_str(out, format);
	if (organisation.n) {
		buf_putc(out, '/');
		buf_str(out, organisation);
	}
}

static void json_name(const struct stream_coverage *s, struct jsonw *w)
{
	struct buf name = {0};

	stream_name(s->format, s->organisation, &name);
	jsonw_member_str(w, "stream", buf_view(&name));
	buf_release(&name);
}

static void json_blind(
	const struct stream_coverage *s, int64_t from, int64_t to, struct str why, struct jsonw *w)
{
	jsonw_open(w, '{');
	json_name(s, w);
	jsonw_member_when(w, "from", from);
	jsonw_member_when(w, "to", to);
	jsonw_member_str(w, "why", why);
	jsonw_close(w, '}');
}

void coverage_blind(const struct coverage *c, int64_t from, int64_t to, struct jsonw *w)
{
	jsonw_open(w, '[');
	for (size_t i = 0; i < c->streams.n; i++) {
		const struct stream_coverage *s = &c->streams.at[i];
		if (s->first == INT64_MIN) {
			json_blind(s, INT64_MIN, INT64_MIN, STR("its events have no trusted times"),
				w);
			continue;
		}
		if (from < s->first)
			json_blind(s, from, s->first, STR("before its first record"), w);
		if (to > s->last)
			json_blind(s, s->last, to == INT64_MAX ? INT64_MIN : to,
				STR("after its last record"), w);
		for (size_t k = 0; k < s->gaps.n; k++)
			if (s->gaps.at[k].to >= from && s->gaps.at[k].from <= to)
				json_blind(s, s->gaps.at[k].from, s->gaps.at[k].to,
					s->gaps.at[k].why, w);
		if (!s->judged)
			json_blind(s, s->first, s->last,
				STR("less than 28 days of history: too little to judge gaps"), w);
	}
	if (c->streams.n == 0) {
		static const struct stream_coverage none;
		json_blind(&none, INT64_MIN, INT64_MIN, STR("nothing has been ingested"), w);
	}
	jsonw_close(w, ']');
}

/* What else would help to see, said only where the data shows that it is missing. */
static void json_missing(const struct stream_coverage *s, struct jsonw *w)
{
	jsonw_key(w, "missing");
	jsonw_open(w, '[');
	if (!s->judged)
		jsonw_text(w, "less than 28 days of history: export more to have its gaps judged");
	for (size_t i = 0; i < s->gaps.n; i++) {
		if (str_starts(s->gaps.at[i].why, STR("cut export"))) {
			jsonw_text(w, "export again in shorter intervals: an export was cut");
			break;
		}
	}
	if (s->mixed_versions)
		jsonw_text(
			w, "run 'spoor reindex': some of it was read by an older format version");
	jsonw_close(w, ']');
}

void coverage_json(const struct stream_coverage *s, struct jsonw *w)
{
	jsonw_open(w, '{');
	json_name(s, w);
	jsonw_member_str(w, "format", s->format);
	jsonw_member_str(w, "organisation", s->organisation);
	jsonw_member_str(w, "version", s->version);
	jsonw_member_when(w, "first", s->first);
	jsonw_member_when(w, "last", s->last);
	jsonw_member_u64(w, "records", s->records);
	jsonw_key(w, "judged");
	jsonw_bool(w, s->judged);
	jsonw_key(w, "mixed_versions");
	jsonw_bool(w, s->mixed_versions);
	jsonw_key(w, "gaps");
	jsonw_open(w, '[');
	for (size_t i = 0; i < s->gaps.n; i++) {
		jsonw_open(w, '{');
		jsonw_member_when(w, "from", s->gaps.at[i].from);
		jsonw_member_when(w, "to", s->gaps.at[i].to);
		jsonw_member_str(w, "why", s->gaps.at[i].why);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	json_missing(s, w);
	jsonw_close(w, '}');
}
