/* The names that entries use, and who says so. */
#include <stdlib.h>

#include "engine/actors_given.h"

struct using
{
	struct actors *a;
	VEC(struct str) folds; /* of a->uses, until names are numbered */
};

static void add_use(struct using *u, struct actor_use use)
{
	struct buf b = {0};

	name_fold(use.written, &b);
	struct str fold = arena_dup(&u->a->arena, buf_view(&b));
	buf_release(&b);
	if (fold.n == 0)
		return;
	/* A citation for the main name is one more word for it, not an alias. */
	use.own = use.own || str_eq(fold, u->a->entries.at[use.entry].fold);
	if (use.own)
		use.confidence = 100;
	use.name = (uint32_t)u->folds.n;
	*vec_push(&u->folds) = fold;
	*vec_push(&u->a->uses) = use;
}

static void use_nodes(struct using *u)
{
	struct actors *a = u->a;

	for (size_t i = 0; i < a->nodes.n; i++) {
		const struct actor_node *n = &a->nodes.at[i];
		struct actor_use use = {.entry = n->entry,
			.source = n->source,
			.written = n->name,
			.by = STR(""),
			.origin = n->of.publisher,
			.confidence = n->of.confidence};
		add_use(u, use);
		use.written = n->external;
		use.own = true;
		add_use(u, use);
	}
}

/* A number says nothing to a reader: the publisher that it stands for, if it is known. */
static struct str readable(struct str by, struct str publisher)
{
	bool number = by.n == 36 && by.p[8] == '-' && by.p[13] == '-' && by.p[23] == '-';

	return number ? publisher : by;
}

static void use_names(struct using *u)
{
	struct actors *a = u->a;

	for (size_t i = 0; i < a->given->names.n; i++) {
		const struct given_name *g = &a->given->names.at[i];
		uint32_t entry = entry_of_id(a, g->source, g->n.node);
		if (entry == UINT32_MAX)
			continue;
		const struct catalogue *of = &a->entries.at[entry].of;
		struct str by = publisher_of(&a->arena, g->n.origin);
		add_use(u, (struct actor_use){.entry = entry,
				   .source = g->source,
				   .written = g->n.name,
				   .by = readable(g->n.origin, by),
				   .origin = by.n ? by : of->publisher,
				   .confidence = g->n.confidence >= 0 ? g->n.confidence
								      : of->confidence});
	}
}

static int cmp_use(const struct actor_use *a, const struct actor_use *b)
{
	int c = str_cmp(a->origin, b->origin);

	if (c == 0)
		c = str_cmp(a->by, b->by);
	if (c == 0)
		c = (b->confidence > a->confidence) - (b->confidence < a->confidence);
	if (c == 0)
		c = str_cmp(a->written, b->written);
	return c ? c : (a->source > b->source) - (a->source < b->source);
}

static int cmp_by_entry(const void *pa, const void *pb)
{
	const struct actor_use *a = pa, *b = pb;

	if (a->entry != b->entry)
		return a->entry < b->entry ? -1 : 1;
	if (a->name != b->name)
		return a->name < b->name ? -1 : 1;
	return cmp_use(a, b);
}

static int cmp_by_fold(const void *pa, const void *pb, void *arg)
{
	const struct str *folds = arg;

	return str_cmp(folds[*(const uint32_t *)pa], folds[*(const uint32_t *)pb]);
}

static int cmp_by_name(const void *pa, const void *pb, void *arg)
{
	const struct actor_use *uses = arg;
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	if (uses[a].name != uses[b].name)
		return uses[a].name < uses[b].name ? -1 : 1;
	return (a > b) - (a < b); /* by entry */
}

static void index_uses(struct actors *a, int (*cmp)(const void *, const void *, void *), void *arg)
{
	a->by_name.n = 0;
	for (uint32_t i = 0; i < a->uses.n; i++)
		*vec_push(&a->by_name) = i;
	if (a->by_name.n)
		qsort_r(a->by_name.at, a->by_name.n, sizeof(uint32_t), cmp, arg);
}

static void number_names(struct using *u)
{
	struct actors *a = u->a;

	if (!u->folds.at)
		return;
	index_uses(a, cmp_by_fold, u->folds.at);
	for (size_t i = 0; i < a->by_name.n; i++) {
		struct str fold = u->folds.at[a->by_name.at[i]];
		if (a->names.n == 0 || !str_eq(fold, a->names.at[a->names.n - 1].fold))
			*vec_push(&a->names) =
				(struct actor_name){.fold = fold, .generic = name_is_generic(fold)};
		a->uses.at[a->by_name.at[i]].name = (uint32_t)(a->names.n - 1);
	}
}

/* The same word of the same source once. */
static void drop_copies(struct actors *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->uses.n; i++) {
		const struct actor_use *u = &a->uses.at[i], *before = n ? &a->uses.at[n - 1] : u;
		if (n && before->entry == u->entry && before->name == u->name &&
			before->source == u->source && str_eq(before->origin, u->origin) &&
			str_eq(before->by, u->by))
			continue;
		a->uses.at[n++] = *u;
	}
	a->uses.n = n;
}

/* The spelling that most use, or the first of those. */
static struct str spelling(const struct actors *a, const struct actor_name *n)
{
	struct str best = STR("");
	size_t most = 0;

	for (uint32_t i = 0; i < n->n_uses && i < 2 * ACTOR_NAME_ENTRIES; i++) {
		struct str s = a->uses.at[a->by_name.at[n->first_use + i]].written;
		size_t times = 0;
		for (uint32_t k = 0; k < n->n_uses && k < 2 * ACTOR_NAME_ENTRIES; k++)
			times += str_eq(s, a->uses.at[a->by_name.at[n->first_use + k]].written);
		if (times > most || (times == most && str_cmp(s, best) < 0)) {
			best = s;
			most = times;
		}
	}
	return best;
}

void actors_make_uses(struct actors *a)
{
	struct using u = {.a = a};

	use_nodes(&u);
	use_names(&u);
	number_names(&u);
	vec_release(&u.folds);
	if (a->uses.n)
		qsort(a->uses.at, a->uses.n, sizeof(*a->uses.at), cmp_by_entry);
	drop_copies(a);
	for (uint32_t i = 0; i < a->uses.n; i++) {
		struct actor_entry *e = &a->entries.at[a->uses.at[i].entry];
		if (e->n_uses++ == 0)
			e->first_use = i;
	}
	index_uses(a, cmp_by_name, a->uses.at);
	for (uint32_t i = 0; i < a->by_name.n; i++) {
		struct actor_name *n = &a->names.at[a->uses.at[a->by_name.at[i]].name];
		if (n->n_uses++ == 0)
			n->first_use = i;
	}
	for (size_t i = 0; i < a->names.n; i++)
		a->names.at[i].written = spelling(a, &a->names.at[i]);
}
