#include "engine/arrival.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/vec.h"

/* A batch that came back before an earlier one. */
struct early {
	uint32_t seq;
	struct buf batch, segment;
};

/* Events by format. */
struct tally {
	struct str format;
	uint64_t rows;
};

struct arrival {
	struct arena *arena;
	struct staging *staging;
	uint32_t staged;
	int64_t first, last;
	VEC(struct early) early;
	VEC(struct tally) tallies;
};

bool arrival_begin(struct folder *f, struct arena *arena, struct arrival **ret_a, struct err *err)
{
	struct arrival *a = calloc(1, sizeof(*a));

	if (!a)
		BUG("out of memory");
	*a = (struct arrival){.arena = arena, .first = INT64_MIN, .last = INT64_MIN};
	if (!staging_begin(f, &a->staging, err)) {
		free(a);
		return false;
	}
	*ret_a = a;
	return true;
}

void arrival_free(struct arrival *a)
{
	if (!a)
		return;
	if (a->staging)
		staging_drop(a->staging);
	for (size_t i = 0; i < a->early.n; i++) {
		buf_release(&a->early.at[i].batch);
		buf_release(&a->early.at[i].segment);
	}
	vec_release(&a->early);
	vec_release(&a->tallies);
	free(a);
}

/* Adds what a fresh segment says of its source. */
static bool tally_segment(struct arrival *a, struct str file, struct err *err)
{
	struct segment *seg;
	struct seg_stream st;

	if (!segment_open(file, &seg, err))
		return false;
	for (uint32_t i = 0; segment_stream(seg, i, &st); i++) {
		size_t k = 0;
		while (k < a->tallies.n && !str_eq(a->tallies.at[k].format, st.format))
			k++;
		if (k == a->tallies.n)
			*vec_push(&a->tallies) = (struct tally){arena_dup(a->arena, st.format), 0};
		a->tallies.at[k].rows += st.rows;
		if (st.first != INT64_MIN && (a->first == INT64_MIN || st.first < a->first))
			a->first = st.first;
		if (st.last != INT64_MIN && st.last > a->last)
			a->last = st.last;
	}
	segment_close(seg);
	return true;
}

static bool stage(struct arrival *a, struct str batch, struct str segment, struct err *err)
{
	a->staged++;
	return tally_segment(a, segment, err) && staging_add(a->staging, batch, segment, err);
}

/* Stages what had to wait for the batch before it. */
static bool stage_early(struct arrival *a, struct err *err)
{
	for (size_t i = 0; i < a->early.n;) {
		struct early e = a->early.at[i];
		if (e.seq != a->staged) {
			i++;
			continue;
		}
		a->early.at[i] = a->early.at[--a->early.n];
		bool staged = stage(a, buf_view(&e.batch), buf_view(&e.segment), err);
		buf_release(&e.batch);
		buf_release(&e.segment);
		if (!staged)
			return false;
		i = 0;
	}
	return true;
}

bool arrival_take(
	struct arrival *a, uint32_t seq, struct str batch, struct str segment, struct err *err)
{
	if (seq == a->staged)
		return stage(a, batch, segment, err) && stage_early(a, err);
	struct early *e = vec_push(&a->early);
	*e = (struct early){.seq = seq};
	buf_str(&e->batch, batch);
	buf_str(&e->segment, segment);
	return true;
}

uint32_t arrival_staged(const struct arrival *a)
{
	return a->staged;
}

struct staging *arrival_staging(struct arrival *a)
{
	struct staging *s = a->staging;

	a->staging = NULL;
	return s;
}

struct str arrival_format(const struct arrival *a)
{
	struct tally best = {STR(""), 0};

	for (size_t i = 0; i < a->tallies.n; i++) {
		struct tally t = a->tallies.at[i];
		if (t.rows > best.rows ||
			(t.rows == best.rows && str_cmp(t.format, best.format) < 0))
			best = t;
	}
	return best.format;
}

void arrival_span(const struct arrival *a, int64_t *ret_first, int64_t *ret_last)
{
	*ret_first = a->first;
	*ret_last = a->last;
}
