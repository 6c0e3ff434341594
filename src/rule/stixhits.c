#include "rule/stixhits.h"

#include <stdlib.h>

#include "base/err.h"
#include "rule/patternlex.h"
#include "rule/patternrule.h"
#include "rule/stixmatch.h"

/* Of a bracket: whether one event is an occurrence, and of START and STOP around it. */
struct lone {
	bool is, timed;
	int64_t from, stop;
};

/* The hits as observations: one an event. */
struct hits {
	struct arena a;
	struct stix_findings *out;
	const struct pattern_node **brackets; /* by number */
	uint32_t n_brackets;
	struct lone *lone; /* by number */
	const struct stix_hit *at;
	struct stix_span *spans; /* of events … */
	uint32_t *first;         /* … with their hits: the first of each, and the end */
	uint32_t n;
	/* The events that are looked at. */
	uint32_t from;
	const struct pattern_node *asked; /* the bracket that was asked for last, and its number */
	uint32_t number;
};

/* By their places in the text, which ascend. */
static uint32_t number_of(const struct hits *h, const struct pattern_node *bracket)
{
	uint32_t lo = 0, hi = h->n_brackets;

	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (h->brackets[mid]->from <= bracket->from)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

static bool holds(void *arg, const struct pattern_node *bracket, uint32_t i)
{
	struct hits *h = arg;

	if (h->asked != bracket) {
		h->asked = bracket;
		h->number = number_of(h, bracket);
	}
	for (uint32_t k = h->first[h->from + i]; k < h->first[h->from + i + 1]; k++) {
		if (h->at[k].bracket == h->number)
			return true;
	}
	return false;
}

/* Whether the part holds of events from … to - 1; of a match, what it stands on. */
static enum stix_verdict ask(struct hits *h, const struct pattern_node *part, uint32_t from,
	uint32_t to, struct stix_answer *ret_answer)
{
	struct stix_seen seen = {.at = h->spans + from, .n = to - from, .holds = holds, .arg = h};
	struct stix_answer answer;

	h->from = from;
	h->asked = NULL;
	stixmatch(part, &seen, &answer);
	enum stix_verdict v = answer.verdict;
	h->out->undecided |= v == STIX_UNDECIDED;
	if (ret_answer)
		*ret_answer = answer;
	else
		stix_answer_release(&answer);
	return v;
}

static int by_event(const void *a, const void *b)
{
	const struct stix_stand *x = a, *y = b;

	if (x->event != y->event)
		return x->event < y->event ? -1 : 1;
	return x->of->from < y->of->from ? -1 : x->of->from > y->of->from;
}

static void tell(struct hits *h, uint32_t from, const struct stix_answer *answer)
{
	struct stix_findings *out = h->out;
	struct stix_finding f = {(uint32_t)out->stands.n, (uint32_t)answer->parts.n};

	for (size_t i = 0; i < answer->parts.n; i++) {
		uint32_t event = from + answer->parts.at[i].observation;
		*vec_push(&out->stands) =
			(struct stix_stand){h->at[h->first[event]].event, answer->parts.at[i].of};
	}
	if (f.n)
		qsort(out->stands.at + f.first, f.n, sizeof(*out->stands.at), by_event);
	*vec_push(&out->at) = f;
}

/* The first event that can be in one window with event i, among those from `from` on. */
static uint32_t window_from(const struct hits *h, uint32_t from, uint32_t i, uint64_t window)
{
	uint32_t lo = from, hi = i;

	while (window && lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if ((uint64_t)h->spans[i].first - (uint64_t)h->spans[mid].first < window)
			hi = mid;
		else
			lo = mid + 1;
	}
	return window ? lo : from;
}

/*
 * The events [from, end) have what is complete first, with end the least: by ever more of them, then
 * by halving.  window: how far apart its events may be, 0: as far as they like.  False: there is none.
 */
static bool first_complete(struct hits *h, const struct pattern_node *part, uint32_t from,
	uint64_t window, uint32_t *ret_end)
{
	uint32_t no = from, yes, step = 1;

	/* no: nothing is complete in front of it. */
	for (;; step *= 2) {
		yes = h->n - no > step ? no + step : h->n;
		if (yes == no)
			return false;
		/* Whatever is complete in no … yes begins no earlier than a window before no. */
		uint32_t begin = no > from ? window_from(h, from, no, window) : from;
		enum stix_verdict v = ask(h, part, begin, yes, NULL);
		if (v == STIX_UNDECIDED)
			return false;
		if (v == STIX_MATCH)
			break;
		no = yes;
	}
	uint32_t begin = no > from ? window_from(h, from, no, window) : from;
	while (yes - no > 1) {
		uint32_t mid = no + (yes - no) / 2;
		enum stix_verdict v = ask(h, part, begin, mid, NULL);
		if (v == STIX_UNDECIDED)
			return false;
		if (v == STIX_MATCH)
			yes = mid;
		else
			no = mid;
	}
	*ret_end = yes;
	return true;
}

/* One after another, where they have a window; else the first. */
static void occurrences(struct hits *h, const struct pattern_node *part, uint64_t window)
{
	uint32_t from = 0, end;

	/* What has no time stands in front, and is in no window. */
	while (window && from < h->n && !h->spans[from].timed)
		from++;
	while (from < h->n && first_complete(h, part, from, window, &end)) {
		struct stix_answer answer;
		uint32_t begin = window_from(h, from, end - 1, window);
		if (ask(h, part, begin, end, &answer) == STIX_MATCH)
			tell(h, begin, &answer);
		stix_answer_release(&answer);
		from = end;
		if (!window)
			return;
	}
}

/* Within how many microseconds all of it is: less than that many; 0: no window is around it all. */
static uint64_t window_of(const struct pattern_node *n)
{
	uint64_t most = 0;

	if (n->kind == PATTERN_OBSERVATION)
		return 1; /* one event is in any window */
	if (n->kind == PATTERN_BETWEEN || (n->kind == PATTERN_REPEATS && n->n == 1))
		return window_of(n->child);
	if (n->kind == PATTERN_WITHIN) {
		most = window_of(n->child);
		return most && most < n->n ? most : n->n;
	}
	for (const struct pattern_node *c = n->child; c && n->kind == PATTERN_EITHER; c = c->next) {
		uint64_t one = window_of(c);
		if (!one)
			return 0;
		most = one > most ? one : most;
	}
	return most;
}

/* Is one event all that it ever needs? */
static bool is_single(const struct pattern_node *n)
{
	if (n->kind == PATTERN_OBSERVATION)
		return true;
	if (n->kind != PATTERN_EITHER && n->kind != PATTERN_WITHIN && n->kind != PATTERN_BETWEEN &&
		!(n->kind == PATTERN_REPEATS && n->n == 1))
		return false;
	for (const struct pattern_node *c = n->child; c; c = c->next) {
		if (!is_single(c))
			return false;
	}
	return true;
}

/*
 * Brackets of which one event is a whole occurrence, and from when to when.  Nothing but OR between
 * parts, and what says nothing of a single event, stands around them.
 */
static void set_lone(struct hits *h, const struct pattern_node *n, struct lone in)
{
	int64_t start, stop;

	if (n->kind == PATTERN_OBSERVATION) {
		in.is = true;
		h->lone[number_of(h, n)] = in;
		return;
	}
	if (n->kind == PATTERN_BETWEEN && pattern_time(n->start, &start) &&
		pattern_time(n->stop, &stop)) {
		in.timed = true;
		in.from = start > in.from ? start : in.from;
		in.stop = stop < in.stop ? stop : in.stop;
	}
	if (n->kind == PATTERN_EITHER || is_single(n)) {
		for (const struct pattern_node *c = n->child; c; c = c->next)
			set_lone(h, c, in);
	}
}

/* Each event by itself, once, whichever of the brackets it satisfies. */
static void each_event(struct hits *h, size_t n)
{
	uint32_t last = UINT32_MAX;

	for (size_t i = 0; i < n; i++) {
		const struct stix_hit *hit = &h->at[i];
		if (hit->event == last || hit->bracket >= h->n_brackets)
			continue;
		const struct lone *l = &h->lone[hit->bracket];
		bool in_time =
			hit->time != INT64_MIN && hit->time >= l->from && hit->time < l->stop;
		if (!l->is || (l->timed && !in_time))
			continue;
		last = hit->event;
		*vec_push(&h->out->at) = (struct stix_finding){(uint32_t)h->out->stands.n, 1};
		*vec_push(&h->out->stands) =
			(struct stix_stand){hit->event, h->brackets[hit->bracket]};
	}
}

/* Parts of several events, but those that each_event has. */
static void each_part(struct hits *h, const struct pattern_node *n)
{
	if (n->kind == PATTERN_OBSERVATION)
		return;
	if (n->kind == PATTERN_EITHER) {
		for (const struct pattern_node *c = n->child; c; c = c->next)
			each_part(h, c);
	} else if (!is_single(n)) {
		occurrences(h, n, window_of(n));
	}
}

static void make_spans(struct hits *h, size_t n)
{
	h->spans = arena_array(&h->a, n + 1, sizeof(*h->spans));
	h->first = arena_array(&h->a, n + 1, sizeof(*h->first));
	for (size_t i = 0; i < n; i++) {
		const struct stix_hit *hit = &h->at[i];
		if (i && hit->event == hit[-1].event)
			continue;
		h->first[h->n] = (uint32_t)i;
		h->spans[h->n++] = (struct stix_span){.first = hit->time,
			.last = hit->time,
			.timed = hit->time != INT64_MIN,
			.count = 1};
	}
	h->first[h->n] = (uint32_t)n;
}

void stixhits(const struct pattern_node *root, const struct stix_hit *hits, size_t n,
	struct stix_findings *ret)
{
	struct hits h = {.out = ret, .at = hits};

	*ret = (struct stix_findings){.undecided = false};
	h.brackets = pattern_brackets(&h.a, root, &h.n_brackets);
	h.lone = arena_zalloc(&h.a, (h.n_brackets + 1) * sizeof(*h.lone));
	make_spans(&h, n);
	set_lone(&h, root, (struct lone){.from = INT64_MIN, .stop = INT64_MAX});
	each_part(&h, root);
	each_event(&h, n);
	arena_release(&h.a);
}

void stix_findings_release(struct stix_findings *f)
{
	vec_release(&f->at);
	vec_release(&f->stands);
}
