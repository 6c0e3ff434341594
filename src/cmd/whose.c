#include "cmd/whose.h"

#include <stdlib.h>

/* One account, and all who ever had it. */
struct held {
	struct observable o;
	const struct person_view *views;
	size_t n;
};

struct whose {
	struct persons *persons;
	struct arena arena;
	VEC(struct held) known; /* sorted by o */
};

bool whose_open(struct folder *f, struct whose **ret_w, struct err *err)
{
	struct whose *w = calloc(1, sizeof(*w));

	if (!w)
		BUG("out of memory");
	if (!persons_open(f, &w->persons, err)) {
		free(w);
		return false;
	}
	*ret_w = w;
	return true;
}

void whose_close(struct whose *w)
{
	if (!w)
		return;
	persons_close(w->persons);
	vec_release(&w->known);
	arena_release(&w->arena);
	free(w);
}

/* Where it stands, or would. */
static size_t place_of(const struct whose *w, struct observable o)
{
	size_t from = 0, to = w->known.n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (observable_cmp(w->known.at[mid].o, o) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static bool read_held(struct whose *w, struct held *h, struct err *err)
{
	struct numbers numbers = {0};
	bool done = persons_with(w->persons, &h->o, 1, &numbers, err);
	struct person_view *views = arena_array(&w->arena, numbers.at.n + 1, sizeof(*views));

	for (size_t i = 0; done && i < numbers.at.n; i++)
		done = persons_view(w->persons, &w->arena, numbers.at.at[i], &views[i], err);
	h->views = views;
	h->n = numbers.at.n;
	vec_release(&numbers.at);
	return done;
}

static bool held_by(
	struct whose *w, struct observable o, const struct held **ret_h, struct err *err)
{
	size_t at = place_of(w, o);

	if (at == w->known.n || !observable_eq(w->known.at[at].o, o)) {
		struct held h = {.o = o};
		h.o.v = arena_dup(&w->arena, o.v);
		if (!read_held(w, &h, err))
			return false;
		vec_push(&w->known);
		for (size_t i = w->known.n - 1; i > at; i--)
			w->known.at[i] = w->known.at[i - 1];
		w->known.at[at] = h;
	}
	*ret_h = &w->known.at[at];
	return true;
}

static bool had(const struct person_view *v, struct observable o, struct when at)
{
	for (size_t i = 0; i < v->n_holdings; i++)
		if (observable_eq(v->holdings[i].o, o) && during_has(v->holdings[i].during, at))
			return true;
	return false;
}

static size_t add_id(struct str *ids, size_t n, size_t room, struct str id)
{
	size_t at = 0;

	while (at < n && str_cmp(ids[at], id) < 0)
		at++;
	if (n == room || (at < n && str_eq(ids[at], id)))
		return n;
	for (size_t i = n; i > at; i--)
		ids[i] = ids[i - 1];
	ids[at] = id;
	return n + 1;
}

bool whose_at(struct whose *w, const struct observable *accounts, size_t n, struct when at,
	struct str *ret_ids, size_t room, size_t *ret_n, struct err *err)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++) {
		const struct held *h;
		if (!held_by(w, accounts[i], &h, err))
			return false;
		for (size_t k = 0; k < h->n; k++)
			if (had(&h->views[k], accounts[i], at))
				found = add_id(ret_ids, found, room, h->views[k].id);
	}
	*ret_n = found;
	return true;
}
