#include "store/segread.h"

static bool raw_of(const struct segment *seg, const struct seg_entry *e, struct raw_entry *ret)
{
	if (e->at)
		return entry_parse(seg, e->at, e->end, ret);
	return e->place < seg->f.entries && entry_get(seg, (uint32_t)e->place, ret);
}

/* Is a hidden row among first … last? */
static bool may_hide(struct rowset hidden, uint32_t first, uint32_t last)
{
	size_t at = rowset_from(hidden, first);

	return at < hidden.n && hidden.at[at] <= last;
}

static void count_shown(struct rows_reader *r, struct rowset hidden, struct seg_uses *u)
{
	uint32_t row;
	size_t h = 0;

	u->count = 0;
	while (rows_next(r, &row)) {
		while (h < hidden.n && hidden.at[h] < row)
			h++;
		if (h < hidden.n && hidden.at[h] == row)
			continue;
		if (u->count++ == 0)
			u->first_row = row;
		u->last_row = row;
	}
}

/* Without decoding where the entry says it all. */
static bool count_all(const struct segment *seg, const struct raw_entry *e, struct seg_uses *u)
{
	struct rows_reader r;

	switch ((enum seg_use)e->type.use) {
	case USE_NONE:
		return false;
	case USE_ONE:
		*u = (struct seg_uses){.count = 1, .first_row = e->first, .last_row = e->first};
		return true;
	case USE_FEW:
		if (!entry_rows(seg, e, &r))
			return false;
		count_shown(&r, (struct rowset){0}, u);
		return u->count > 0;
	case USE_MANY:
		*u = (struct seg_uses){
			.count = e->count, .first_row = e->first, .last_row = e->last};
		return true;
	}
	return false;
}

void segment_uses(const struct segment *seg, const struct seg_entry *e, struct rowset hidden,
	struct seg_uses *ret)
{
	struct seg_uses u = {0};
	struct rows_reader r;
	struct raw_entry raw;

	*ret = (struct seg_uses){.first = INT64_MIN, .last = INT64_MIN};
	if (!raw_of(seg, e, &raw) || !count_all(seg, &raw, &u))
		return;
	if (hidden.n && may_hide(hidden, u.first_row, u.last_row)) {
		if (!entry_rows(seg, &raw, &r))
			return;
		count_shown(&r, hidden, &u);
		if (u.count == 0)
			return;
	}
	/* Rows without a time come first in a segment, so look for the first that has one. */
	uint32_t first = u.first_row;
	if (first < seg->f.untimed && u.last_row >= seg->f.untimed) {
		bool found = false;
		if (!entry_rows(seg, &raw, &r))
			return;
		while (!found && rows_next(&r, &first))
			found = first >= seg->f.untimed && !rowset_has(hidden, first);
	}
	u.first = time_of_row(seg, first);
	u.last = time_of_row(seg, u.last_row);
	*ret = u;
}

/*
 * Callers page through long lists, so that where one call stopped is kept for the next.
 */
size_t segment_postings(const struct segment *seg, const struct seg_entry *e, uint32_t from,
	uint32_t *ret_rows, size_t room)
{
	struct seg_cache *c = seg->cache;
	struct raw_entry raw;
	struct rows_reader r;
	uint32_t row = 0;
	size_t n = 0;

	if (c->posting_place == e->place && from >= c->posting_row)
		r = c->posting;
	else if (!raw_of(seg, e, &raw) || !entry_rows(seg, &raw, &r))
		return 0;
	while (n < room && rows_next(&r, &row)) {
		if (row >= from)
			ret_rows[n++] = row;
	}
	c->posting_place = e->place;
	c->posting_row = n == 0 && row < from ? from : row + 1;
	c->posting = r;
	return n;
}
