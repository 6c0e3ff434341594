#include "engine/view.h"

#include <stdlib.h>

#include "engine/join.h"

static int cmp_i64(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int cmp_during(struct during a, struct during b)
{
	int c = cmp_i64(during_from(a), during_from(b));

	return c ? c : cmp_i64(during_to(a), during_to(b));
}

static int cmp_list(const struct list_version *a, const struct list_version *b)
{
	int c = str_cmp(a->name, b->name);

	return c ? c : cmp_i64(a->at.us, b->at.us);
}

/* The office's own ids first, then the directory's, then those of others; a list's own last. */
static int rank(struct str id)
{
	if (str_starts(id, STR("id:")))
		return 0;
	if (str_starts(id, STR("entra:")))
		return 1;
	return 2;
}

struct ranked {
	struct str id;
	int rank;
};

static int cmp_ranked(const void *pa, const void *pb)
{
	const struct ranked *a = pa, *b = pb;

	return a->rank != b->rank ? a->rank - b->rank : str_cmp(a->id, b->id);
}

static void put_ids(
	struct arena *a, const struct view_part *parts, size_t n, struct person_view *ret)
{
	size_t all = 0;
	uint32_t kept = 0;

	for (size_t i = 0; i < n; i++)
		all += parts[i].said.n_ids;
	struct ranked *at = arena_array(a, all + 1, sizeof(*at));
	struct str *ids = arena_array(a, all + 1, sizeof(*ids));
	all = 0;
	for (size_t i = 0; i < n; i++) {
		for (uint32_t k = 0; k < parts[i].said.n_ids; k++) {
			struct str id = parts[i].said.ids[k];
			bool own = id.n && id.p[0] == ':';
			id = join_id(a, parts[i].list->name, id);
			at[all++] = (struct ranked){id, own ? 3 : rank(id)};
		}
	}
	qsort(at, all, sizeof(*at), cmp_ranked);
	for (size_t i = 0; i < all; i++)
		if (i == 0 || !str_eq(at[i - 1].id, at[i].id))
			ids[kept++] = at[i].id;
	ret->ids = ids;
	ret->n_ids = kept;
}

/* By list and date, newest first: what a person is called now comes before what she was called. */
static int cmp_part(const void *pa, const void *pb)
{
	const struct view_part *a = pa, *b = pb;
	int c = cmp_i64(b->list->at.us, a->list->at.us);

	if (c == 0)
		c = str_cmp(a->list->name, b->list->name);
	return c ? c : (a->said.line > b->said.line) - (a->said.line < b->said.line);
}

static bool has(const struct str *at, size_t n, struct str s)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(at[i], s))
			return true;
	return false;
}

static void put_names(
	struct arena *a, const struct view_part *parts, size_t n, struct person_view *ret)
{
	enum { NAMES_MAX = 256 };
	struct str *names = arena_array(a, NAMES_MAX, sizeof(*names));

	ret->n_names = 0;
	for (size_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < parts[i].said.n_names && ret->n_names < NAMES_MAX; k++)
			if (!has(names, ret->n_names, parts[i].said.names[k]))
				names[ret->n_names++] = parts[i].said.names[k];
	ret->names = names;
	ret->name = ret->n_names ? names[0] : STR("");
}

/* Orders what versions of one list say of one value by time, so that neighbours can be united. */
static int cmp_by_list(const void *pa, const void *pb)
{
	const struct holding *a = pa, *b = pb;
	int c = observable_cmp(a->o, b->o);

	if (c == 0)
		c = str_cmp(a->lists[0]->name, b->lists[0]->name);
	if (c == 0)
		c = cmp_during(a->during, b->during);
	return c ? c : cmp_list(a->lists[0], b->lists[0]);
}

static int cmp_by_time(const void *pa, const void *pb)
{
	const struct holding *a = pa, *b = pb;
	int c = observable_cmp(a->o, b->o);

	if (c == 0)
		c = cmp_during(a->during, b->during);
	return c ? c : cmp_list(a->lists[0], b->lists[0]);
}

static void add_list(struct holding *h, const struct list_version *v)
{
	for (size_t i = 0; i < h->n_lists; i++)
		if (h->lists[i] == v)
			return;
	h->lists[h->n_lists++] = v;
}

/* What two versions of a list say one after the other is one stretch. */
static bool continues(const struct holding *a, const struct holding *b)
{
	return str_eq(a->lists[0]->name, b->lists[0]->name) &&
	       during_from(b->during) <= during_to(a->during);
}

static bool coincides(const struct holding *a, const struct holding *b)
{
	return cmp_during(a->during, b->during) == 0;
}

static size_t fold(struct holding *at, size_t n,
	bool (*same)(const struct holding *a, const struct holding *b))
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct holding *last = kept ? &at[kept - 1] : NULL;
		if (!last || !observable_eq(last->o, at[i].o) || !same(last, &at[i])) {
			at[kept++] = at[i];
			continue;
		}
		if (during_to(at[i].during) > during_to(last->during))
			last->during.to = at[i].during.to;
		last->sign_in |= at[i].sign_in;
		for (size_t k = 0; k < at[i].n_lists; k++)
			add_list(last, at[i].lists[k]);
	}
	return kept;
}

static void put_holdings(
	struct arena *a, const struct view_part *parts, size_t n, struct person_view *ret)
{
	size_t all = 0;

	for (size_t i = 0; i < n; i++)
		all += parts[i].said.n_identities;
	struct holding *at = arena_array(a, all + 1, sizeof(*at));
	all = 0;
	for (size_t i = 0; i < n; i++) {
		for (uint32_t k = 0; k < parts[i].said.n_identities; k++) {
			const struct identity *id = &parts[i].said.identities[k];
			struct holding *h = &at[all++];
			*h = (struct holding){.o = id->o,
				.during = list_during(parts[i].list, id->during),
				.sign_in = id->sign_in,
				.lists = arena_array(a, n, sizeof(*h->lists)),
				.n_lists = 1};
			h->lists[0] = parts[i].list;
		}
	}
	qsort(at, all, sizeof(*at), cmp_by_list);
	all = fold(at, all, continues);
	qsort(at, all, sizeof(*at), cmp_by_time);
	ret->n_holdings = fold(at, all, coincides);
	ret->holdings = at;
}

static int cmp_role(const void *pa, const void *pb)
{
	const struct held_role *a = pa, *b = pb;
	int c = str_cmp(a->list->name, b->list->name);

	if (c == 0)
		c = (a->role.what > b->role.what) - (a->role.what < b->role.what);
	if (c == 0)
		c = str_cmp(a->role.body, b->role.body);
	if (c == 0)
		c = str_cmp(a->role.title, b->role.title);
	if (c == 0)
		c = cmp_during(a->role.during, b->role.during);
	return c ? c : cmp_list(a->list, b->list);
}

static int cmp_role_time(const void *pa, const void *pb)
{
	const struct held_role *a = pa, *b = pb;
	int c = cmp_during(a->role.during, b->role.during);

	return c ? c : cmp_role(pa, pb);
}

static bool same_role(const struct held_role *a, const struct held_role *b)
{
	return str_eq(a->list->name, b->list->name) && a->role.what == b->role.what &&
	       str_eq(a->role.body, b->role.body) && str_eq(a->role.title, b->role.title) &&
	       during_from(b->role.during) <= during_to(a->role.during);
}

static void put_roles(
	struct arena *a, const struct view_part *parts, size_t n, struct person_view *ret)
{
	size_t all = 0, kept = 0;

	for (size_t i = 0; i < n; i++)
		all += parts[i].said.n_roles;
	struct held_role *at = arena_array(a, all + 1, sizeof(*at));
	all = 0;
	for (size_t i = 0; i < n; i++) {
		for (uint32_t k = 0; k < parts[i].said.n_roles; k++) {
			at[all] = (struct held_role){parts[i].said.roles[k], parts[i].list};
			at[all].role.during = list_during(parts[i].list, at[all].role.during);
			all++;
		}
	}
	qsort(at, all, sizeof(*at), cmp_role);
	for (size_t i = 0; i < all; i++) {
		struct held_role *last = kept ? &at[kept - 1] : NULL;
		if (!last || !same_role(last, &at[i]))
			at[kept++] = at[i];
		else if (during_to(at[i].role.during) > during_to(last->role.during))
			last->role.during.to = at[i].role.during.to;
	}
	qsort(at, kept, sizeof(*at), cmp_role_time);
	ret->roles = at;
	ret->n_roles = kept;
}

void view_make(struct arena *a, const struct view_part *parts, size_t n, struct person_view *ret)
{
	struct view_part *sorted = arena_array(a, n, sizeof(*sorted));
	struct person_view v = {.said = 0};

	memcpy(sorted, parts, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), cmp_part);
	for (size_t i = 0; i < n; i++)
		v.said |= sorted[i].roles;
	put_ids(a, sorted, n, &v);
	put_names(a, sorted, n, &v);
	put_holdings(a, sorted, n, &v);
	put_roles(a, sorted, n, &v);
	/* Whom no list gives an id is called by where she stands. */
	v.id = v.n_ids ? v.ids[0]
		       : arena_printf(a, STR_FMT "#%u", STR_ARG(sorted[0].list->name),
				 sorted[0].said.line);
	*ret = v;
}
