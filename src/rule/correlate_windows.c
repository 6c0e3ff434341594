/* Windows that slide over one group: what each adds and takes away costs at most log n. */
#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "rule/correlate_inside.h"

enum { REFS = LIMIT_CORRELATION_RULES };

/*
 * The sum of a queue, by additions alone: a value that was taken out leaves no error behind.  `back`
 * has the sums of its first half from each item to that half's end.
 */
struct sums {
	long double *back;
	size_t lo, middle, hi; /* items of the window; those from `middle` on are in `front` */
	long double front;
};

struct windows {
	const struct walk *w;
	const struct item *items;
	size_t n;
	size_t lo, hi;    /* the window: items lo … hi-1 */
	size_t ahead;     /* items before it are within the timespan after the window */
	size_t counted;   /* of them that count */
	uint32_t *counts; /* value_count: of each value in the window */
	uint32_t different;
	struct sums sums;
	/* Median, percentile: a Fenwick tree over the ranks of the group's values. */
	double *sorted;
	uint32_t *tree;
	size_t n_sorted, room;
	/* temporal: hits of each ref in the window, and also after it within the timespan. */
	uint32_t in[REFS], near[REFS];
	/*
	 * temporal_ordered: for each way and each of its refs, the latest moment at which a chain up to it
	 * can begin; or, where rules are counted, latest[length][ref].
	 */
	int64_t *begins;
	size_t n_begins;
};

struct windows *windows_new(const struct walk *w, uint32_t n_values)
{
	struct windows *s = calloc(1, sizeof(*s));
	const struct correlation *c = w->c;

	if (!s)
		BUG("out of memory");
	s->w = w;
	s->counts = calloc((size_t)n_values + 1, sizeof(*s->counts));
	s->n_begins = (size_t)(c->n_ways ? c->n_ways : c->n_refs + 1) * c->n_refs;
	s->begins = calloc(s->n_begins, sizeof(*s->begins));
	if (!s->counts || !s->begins)
		BUG("out of memory");
	return s;
}

void windows_free(struct windows *s)
{
	free(s->counts);
	free(s->begins);
	free(s->sums.back);
	free(s->sorted);
	free(s->tree);
	free(s);
}

static void *grown(void *at, size_t n, size_t size)
{
	void *more = realloc(at, n * size);

	if (!more)
		BUG("out of memory");
	return more;
}

static bool is_ranked(const struct correlation *c)
{
	return c->type == CORRELATE_VALUE_PERCENTILE || c->type == CORRELATE_VALUE_MEDIAN;
}

static bool is_summed(const struct correlation *c)
{
	return c->type == CORRELATE_VALUE_SUM || c->type == CORRELATE_VALUE_AVG;
}

static bool is_temporal(const struct correlation *c)
{
	return c->type == CORRELATE_TEMPORAL || c->type == CORRELATE_TEMPORAL_ORDERED;
}

static int by_number(const void *va, const void *vb)
{
	const double *a = va, *b = vb;

	return (*a > *b) - (*a < *b);
}

static void begin_ranks(struct windows *s)
{
	for (size_t i = 0; i < s->n; i++)
		s->sorted[i] = s->items[i].number;
	qsort(s->sorted, s->n, sizeof(*s->sorted), by_number);
	s->n_sorted = 0;
	for (size_t i = 0; i < s->n; i++)
		if (!s->n_sorted || s->sorted[s->n_sorted - 1] != s->sorted[i])
			s->sorted[s->n_sorted++] = s->sorted[i];
	memset(s->tree, 0, (s->n_sorted + 1) * sizeof(*s->tree));
}

static void begin(struct windows *s, const struct item *items, size_t n)
{
	const struct correlation *c = s->w->c;

	s->items = items;
	s->n = n;
	s->lo = s->hi = s->ahead = 0;
	s->sums.lo = s->sums.middle = s->sums.hi = 0;
	s->sums.front = 0;
	s->different = 0;
	s->counted = 0;
	memset(s->in, 0, sizeof(s->in));
	memset(s->near, 0, sizeof(s->near));
	for (size_t i = 0; i < s->n_begins; i++)
		s->begins[i] = INT64_MIN;
	if (n > s->room && (is_ranked(c) || is_summed(c))) {
		s->room = n;
		s->sums.back = grown(s->sums.back, n + 1, sizeof(*s->sums.back));
		s->sorted = grown(s->sorted, n + 1, sizeof(*s->sorted));
		s->tree = grown(s->tree, n + 1, sizeof(*s->tree));
	}
	if (is_ranked(c))
		begin_ranks(s);
}

static size_t rank_of(const struct windows *s, double number)
{
	size_t low = 0, high = s->n_sorted;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (s->sorted[mid] < number)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void rank_add(struct windows *s, double number, uint32_t by)
{
	for (size_t i = rank_of(s, number) + 1; i <= s->n_sorted; i += i & -i)
		s->tree[i] += by;
}

/* The k-th of the window's values, from 1. */
static double kth(const struct windows *s, size_t k)
{
	size_t at = 0, step = 1;

	while (step * 2 <= s->n_sorted)
		step *= 2;
	for (; step; step /= 2) {
		if (at + step <= s->n_sorted && s->tree[at + step] < k) {
			at += step;
			k -= s->tree[at];
		}
	}
	return s->sorted[at];
}

static double weight(const struct item *i)
{
	return i->again ? 0 : i->number;
}

static double sum(const struct sums *q)
{
	return (double)((q->lo < q->middle ? q->back[q->lo] : 0) + q->front);
}

static void sum_drop(struct windows *s)
{
	struct sums *q = &s->sums;

	if (q->lo == q->middle) {
		long double all = 0;
		for (size_t i = q->hi; i > q->lo; i--)
			q->back[i - 1] = all += weight(&s->items[i - 1]);
		q->middle = q->hi;
		q->front = 0;
	}
	q->lo++;
}

static void add(struct windows *s, const struct item *i)
{
	const struct correlation *c = s->w->c;

	s->counted += !i->again;
	if (c->type == CORRELATE_VALUE_COUNT)
		s->different += s->counts[(uint32_t)i->number]++ == 0;
	if (is_summed(c)) {
		s->sums.front += weight(i);
		s->sums.hi++;
	}
	if (is_ranked(c) && !i->again)
		rank_add(s, i->number, 1);
	if (is_temporal(c))
		s->in[i->ref]++;
}

static void drop(struct windows *s, const struct item *i)
{
	const struct correlation *c = s->w->c;

	s->counted -= !i->again;
	if (c->type == CORRELATE_VALUE_COUNT)
		s->different -= --s->counts[(uint32_t)i->number] == 0;
	if (is_summed(c))
		sum_drop(s);
	if (is_ranked(c) && !i->again)
		rank_add(s, i->number, UINT32_MAX); /* one less, modulo 2^32 */
	if (is_temporal(c)) {
		s->in[i->ref]--;
		s->near[i->ref]--;
	}
}

/* A hit of ref at time t: chains that can go on with it now do. */
static void chain_way(struct windows *s, uint32_t way, uint32_t ref, int64_t t)
{
	const struct correlation *c = s->w->c;
	int64_t *begins = s->begins + (size_t)way * c->n_refs;
	uint64_t before = c->ways[way].has & ((UINT64_C(1) << ref) - 1);

	if (!(c->ways[way].has >> ref & 1))
		return;
	begins[ref] = before ? begins[63 - __builtin_clzll(before)] : t;
}

static void chain_count(struct windows *s, uint32_t ref, int64_t t)
{
	uint32_t n = s->w->c->n_refs;

	s->begins[(size_t)n + ref] = t;
	for (uint32_t length = 2; length <= n; length++) {
		int64_t *begins = s->begins + (size_t)length * n;
		for (uint32_t k = 0; k < ref; k++)
			if (begins[(int64_t)k - (int64_t)n] > begins[ref])
				begins[ref] = begins[(int64_t)k - (int64_t)n];
	}
}

/* Refs in their order, since hits of one moment can stand in any. */
static void chain(struct windows *s, size_t from, size_t to)
{
	const struct correlation *c = s->w->c;
	uint64_t refs = 0;

	for (size_t i = from; i < to; i++)
		refs |= UINT64_C(1) << s->items[i].ref;
	for (; refs; refs &= refs - 1) {
		uint32_t ref = (uint32_t)__builtin_ctzll(refs);
		for (uint32_t w = 0; w < c->n_ways; w++)
			chain_way(s, w, ref, s->items[from].time);
		if (!c->n_ways)
			chain_count(s, ref, s->items[from].time);
	}
}

static uint64_t present(const uint32_t *counts, uint32_t n)
{
	uint64_t all = 0;

	for (uint32_t i = 0; i < n; i++)
		all |= (uint64_t)(counts[i] > 0) << i;
	return all;
}

static bool way_met(const struct windows *s, uint32_t way, uint64_t in, uint64_t near, int64_t t)
{
	const struct correlation *c = s->w->c;
	const struct correlation_way *w = &c->ways[way];

	if ((w->has & ~in) || (w->lacks & near) || (w->lacks && time_add(t, c->span) > s->w->until))
		return false;
	if (c->type == CORRELATE_TEMPORAL)
		return true;
	int64_t begins = s->begins[(size_t)way * c->n_refs + 63 - (size_t)__builtin_clzll(w->has)];
	return begins != INT64_MIN && begins >= time_less(t, c->span);
}

static uint32_t longest_chain(const struct windows *s, int64_t t)
{
	uint32_t n = s->w->c->n_refs;

	for (uint32_t length = n; length > 0; length--)
		for (uint32_t i = 0; i < n; i++) {
			int64_t begins = s->begins[(size_t)length * n + i];
			if (begins != INT64_MIN && begins >= time_less(t, s->w->c->span))
				return length;
		}
	return 0;
}

/* Of the window that ends at t: what it has of what the condition is about. */
static double measure(const struct windows *s, int64_t t)
{
	const struct correlation *c = s->w->c;
	size_t n = s->counted;

	switch (c->type) {
	case CORRELATE_EVENT_COUNT:
		return (double)n;
	case CORRELATE_VALUE_COUNT:
		return s->different;
	case CORRELATE_VALUE_SUM:
		return sum(&s->sums);
	case CORRELATE_VALUE_AVG:
		return sum(&s->sums) / (double)n;
	case CORRELATE_VALUE_PERCENTILE: {
		size_t k = (n * c->percentile + 99) / 100;
		return kth(s, k ? k : 1);
	}
	case CORRELATE_VALUE_MEDIAN:
		return n % 2 ? kth(s, n / 2 + 1) : (kth(s, n / 2) + kth(s, n / 2 + 1)) / 2;
	case CORRELATE_TEMPORAL_ORDERED:
		if (!c->n_ways)
			return longest_chain(s, t);
		break;
	case CORRELATE_TEMPORAL:
		break;
	}
	return __builtin_popcountll(present(s->in, c->n_refs));
}

static bool met(const struct windows *s, int64_t t, double measured)
{
	const struct correlation *c = s->w->c;

	if (!c->n_ways)
		return correlation_met(c, measured);
	uint64_t in = present(s->in, c->n_refs), near = present(s->near, c->n_refs);
	for (uint32_t i = 0; i < c->n_ways; i++)
		if (way_met(s, i, in, near, t))
			return true;
	return false;
}

/* The window that ends with the next hits of one moment, whose time it returns. */
static int64_t advance(struct windows *s)
{
	const struct correlation *c = s->w->c;
	int64_t t = s->items[s->hi].time;
	size_t from = s->hi;

	for (; s->hi < s->n && s->items[s->hi].time == t; s->hi++)
		add(s, &s->items[s->hi]);
	for (; is_temporal(c) && s->ahead < s->n && s->items[s->ahead].time <= time_add(t, c->span);
		s->ahead++)
		s->near[s->items[s->ahead].ref]++;
	for (; s->items[s->lo].time < time_less(t, c->span); s->lo++)
		drop(s, &s->items[s->lo]);
	if (c->type == CORRELATE_TEMPORAL_ORDERED)
		chain(s, from, s->hi);
	return t;
}

static void account_for(struct correlate_account *a, double measured)
{
	a->least = !a->measured || measured < a->least ? measured : a->least;
	a->most = !a->measured || measured > a->most ? measured : a->most;
	a->measured = true;
}

void windows_each(struct windows *s, const struct item *items, size_t n,
	struct correlate_account *account, run_fn fn, void *arg)
{
	struct run run = {.hi = 0};
	bool open = false;

	begin(s, items, n);
	while (s->hi < n) {
		int64_t t = advance(s);
		double measured = measure(s, t);
		account_for(account, measured);
		if (!met(s, t, measured))
			continue;
		if (open && s->lo >= run.hi) {
			fn(arg, &run);
			open = false;
		}
		if (!open)
			run = (struct run){.lo = s->lo, .least = measured, .most = measured};
		open = true;
		run.hi = s->hi;
		run.least = measured < run.least ? measured : run.least;
		run.most = measured > run.most ? measured : run.most;
		run.has = present(s->in, s->w->c->n_refs);
	}
	if (open)
		fn(arg, &run);
	for (; s->lo < s->hi; s->lo++)
		drop(s, &s->items[s->lo]);
}
