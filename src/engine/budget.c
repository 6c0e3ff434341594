#include "engine/budget.h"

#include <stdlib.h>

static const int64_t DAY = (int64_t)86400 * 1000000;

/* A finding, and what it is chosen by. */
struct candidate {
	uint32_t at; /* in detected.at */
	unsigned severity;
	uint64_t found; /* by its rule, in all */
};

unsigned severity_of(struct str level)
{
	static const char *const levels[] = {"informational", "low", "medium", "high", "critical"};

	for (unsigned i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (str_eq(level, str_of(levels[i])))
			return i + 1;
	return 0;
}

static int by_worth(const void *x, const void *y)
{
	const struct candidate *a = x, *b = y;

	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->found != b->found)
		return a->found < b->found ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

static int64_t day_of(int64_t time)
{
	int64_t day = time / DAY;

	return time == INT64_MIN ? INT64_MIN : day - (time < day * DAY);
}

uint64_t budget_keep(struct detected *d, const struct rulebook *book, uint64_t a_day)
{
	struct candidate *c = calloc(d->at.n + 1, sizeof(*c));
	uint64_t *found = calloc(book->rules.n + 1, sizeof(*found));
	bool *keep = calloc(d->at.n + 1, sizeof(*keep));
	size_t to, kept = 0;

	if (!c || !found || !keep)
		BUG("out of memory");
	for (size_t i = 0; i < d->at.n; i++)
		found[d->at.at[i].rule]++;
	for (size_t i = 0; i < d->at.n; i++) {
		uint32_t rule = d->at.at[i].rule;
		c[i] = (struct candidate){
			(uint32_t)i, severity_of(book->rules.at[rule].level), found[rule]};
	}
	for (size_t from = 0; from < d->at.n; from = to) {
		int64_t day = day_of(d->at.at[from].time);
		for (to = from + 1; to < d->at.n && day_of(d->at.at[to].time) == day; to++)
			;
		qsort(c + from, to - from, sizeof(*c), by_worth);
		for (size_t i = from; i < to && i - from < a_day; i++)
			keep[c[i].at] = true;
	}
	for (size_t i = 0; i < d->at.n; i++)
		if (keep[i])
			d->at.at[kept++] = d->at.at[i];
	uint64_t left = d->at.n - kept;
	d->at.n = kept;
	free(c);
	free(found);
	free(keep);
	return left;
}
