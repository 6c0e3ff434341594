/* Which entries have names in common, who says so, and how far that carries. */
#include <stdlib.h>

#include "base/err.h"
#include "engine/actors_given.h"

enum { WORDS_MAX = 64 }; /* origins of one link: more say no more */

/* Two entries share a name.  name UINT32_MAX: an edge says that they are the same. */
struct shared {
	uint32_t a, b, name;
	bool clear; /* in either's catalogue it is nobody else's */
	uint32_t edge;
};

/* A word for a link. */
struct word_for {
	struct str origin;
	int confidence;
};

struct linking {
	struct actors *a;
	VEC(struct shared) shared;
	VEC(struct word_for) words; /* of one link, an origin once */
	uint32_t *main;             /* of entries: their main name; UINT32_MAX if there is none */
};

static const struct actor_use *use_by_name(const struct actors *a, uint32_t i)
{
	return &a->uses.at[a->by_name.at[i]];
}

/* Entries that go by a name, each once, without those withdrawn; at most max. */
static uint32_t bearers(
	const struct actors *a, const struct actor_name *n, uint32_t *ret, uint32_t max)
{
	uint32_t found = 0;

	for (uint32_t i = n->first_use; i < n->first_use + n->n_uses; i++) {
		uint32_t entry = use_by_name(a, i)->entry;
		if (a->entries.at[entry].withdrawn || (found && ret[found - 1] == entry))
			continue;
		if (found == max)
			return max;
		ret[found++] = entry;
	}
	return found;
}

static bool is_same_catalogue(const struct actors *a, uint32_t x, uint32_t y)
{
	return str_eq(a->entries.at[x].of.fold, a->entries.at[y].of.fold);
}

static bool is_shared_at_home(
	const struct actors *a, const uint32_t *entries, uint32_t n, uint32_t which)
{
	for (uint32_t i = 0; i < n; i++) {
		if (i != which && is_same_catalogue(a, entries[i], entries[which]))
			return true;
	}
	return false;
}

static void share_name(struct linking *l, uint32_t name)
{
	const struct actors *a = l->a;
	uint32_t e[ACTOR_NAME_ENTRIES + 1];
	bool home[ACTOR_NAME_ENTRIES + 1];
	uint32_t n = bearers(a, &a->names.at[name], e, ACTOR_NAME_ENTRIES + 1);

	if (a->names.at[name].generic || n < 2 || n > ACTOR_NAME_ENTRIES)
		return;
	for (uint32_t i = 0; i < n; i++)
		home[i] = is_shared_at_home(a, e, n, i);
	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t k = i + 1; k < n; k++) {
			if (!is_same_catalogue(a, e[i], e[k]))
				*vec_push(&l->shared) = (struct shared){.a = e[i],
					.b = e[k],
					.name = name,
					.clear = !home[i] && !home[k]};
		}
	}
}

static int cmp_shared(const void *pa, const void *pb)
{
	const struct shared *a = pa, *b = pb;

	if (a->a != b->a)
		return a->a < b->a ? -1 : 1;
	if (a->b != b->b)
		return a->b < b->b ? -1 : 1;
	if (a->name != b->name)
		return a->name < b->name ? -1 : 1;
	return (a->edge > b->edge) - (a->edge < b->edge);
}

static void add_word(struct linking *l, struct str origin, int confidence)
{
	for (size_t i = 0; i < l->words.n; i++) {
		struct word_for *w = &l->words.at[i];
		if (!str_eq(w->origin, origin))
			continue;
		if (confidence > w->confidence)
			w->confidence = confidence;
		return;
	}
	if (l->words.n < WORDS_MAX)
		*vec_push(&l->words) = (struct word_for){origin, confidence};
}

static bool is_use_of(const struct actors *a, uint32_t use, uint32_t entry, uint32_t name)
{
	return use < a->uses.n && a->uses.at[use].entry == entry && a->uses.at[use].name == name;
}

/* What an entry says by going by that name: nothing if it is its main name. */
static void add_uses(struct linking *l, uint32_t entry, uint32_t name)
{
	const struct actors *a = l->a;

	if (l->main[entry] == name)
		return;
	for (uint32_t i = actors_use_of(a, entry, name); is_use_of(a, i, entry, name); i++)
		add_word(l, a->uses.at[i].origin, a->uses.at[i].confidence);
}

static int surest(const struct actors *a, uint32_t entry, uint32_t name)
{
	int best = 0;

	for (uint32_t i = actors_use_of(a, entry, name); is_use_of(a, i, entry, name); i++) {
		if (a->uses.at[i].confidence > best)
			best = a->uses.at[i].confidence;
	}
	return best;
}

/* A third that goes by both.  That two aliases meet in it is its own word, whoever coined them. */
static void add_third(struct linking *l, uint32_t third, uint32_t x, uint32_t y)
{
	const struct actors *a = l->a;

	if (l->main[third] == x || l->main[third] == y) {
		add_uses(l, third, x);
		add_uses(l, third, y);
		return;
	}
	int cx = surest(a, third, x), cy = surest(a, third, y);
	add_word(l, a->entries.at[third].of.publisher, cx < cy ? cx : cy);
}

/* Others that go by both main names. */
static void add_thirds(struct linking *l, uint32_t x, uint32_t y)
{
	const struct actors *a = l->a;
	uint32_t ex[ACTOR_NAME_ENTRIES], ey[ACTOR_NAME_ENTRIES];

	if (l->main[x] == UINT32_MAX || l->main[y] == UINT32_MAX || l->main[x] == l->main[y])
		return;
	uint32_t nx = bearers(a, &a->names.at[l->main[x]], ex, ACTOR_NAME_ENTRIES),
		 ny = bearers(a, &a->names.at[l->main[y]], ey, ACTOR_NAME_ENTRIES);
	for (uint32_t i = 0, k = 0; i < nx && k < ny;) {
		if (ex[i] == ey[k] && ex[i] != x && ex[i] != y)
			add_third(l, ex[i], l->main[x], l->main[y]);
		if (ex[i] <= ey[k])
			i++;
		else
			k++;
	}
}

static int amount(const struct linking *l)
{
	double doubt = 1;

	for (size_t i = 0; i < l->words.n; i++)
		doubt *= 1 - l->words.at[i].confidence / 100.0;
	return (int)((1 - doubt) * 100 + 0.5);
}

static bool is_joining(const struct linking *l, const struct actor_link *k)
{
	/* A catalogue's own entries are two actors until it says that they are one. */
	if (is_same_catalogue(l->a, k->a, k->b) && l->a->entries.at[k->a].of.apart)
		return false;
	return k->main_name || (k->confidence >= ACTOR_SURE && k->n_origins >= 2);
}

static void add_edge(struct linking *l, struct actor_link *k, uint32_t edge)
{
	const struct said_same *s = &l->a->given->same.at[edge];

	add_word(l, s->origin, s->confidence);
	if (!k->said || str_cmp(s->by, k->said_by) < 0) {
		k->said_by = s->by;
		k->edge = s->type;
	}
	k->said = true;
}

/* All that two entries share.  Where an edge says that they are one, it is clear who is meant. */
static void add_link(struct linking *l, const struct shared *s, size_t n)
{
	struct actors *a = l->a;
	struct actor_link k = {.a = s->a,
		.b = s->b,
		.first_name = (uint32_t)a->link_names.n,
		.said_by = STR(""),
		.edge = STR("")};

	l->words.n = 0;
	for (size_t i = 0; i < n; i++) {
		if (s[i].name == UINT32_MAX)
			add_edge(l, &k, s[i].edge);
	}
	for (size_t i = 0; i < n; i++) {
		if (s[i].name == UINT32_MAX)
			continue;
		*vec_push(&a->link_names) = s[i].name;
		k.n_names++;
		if (!s[i].clear && !k.said)
			continue;
		k.n_clear++;
		k.main_name |= l->main[k.a] == s[i].name && l->main[k.b] == s[i].name;
		add_uses(l, k.a, s[i].name);
		add_uses(l, k.b, s[i].name);
	}
	if (k.n_clear || k.said)
		add_thirds(l, k.a, k.b);
	k.confidence = k.main_name ? 100 : amount(l);
	k.n_origins = (uint32_t)l->words.n;
	k.state = is_joining(l, &k)     ? ACTOR_JOINED
		  : k.n_clear || k.said ? ACTOR_ALONE
					: ACTOR_CONTESTED;
	*vec_push(&a->links) = k;
}

static void find_main_names(struct linking *l)
{
	const struct actors *a = l->a;

	for (uint32_t i = 0; i < a->entries.n; i++)
		l->main[i] = UINT32_MAX;
	for (size_t i = 0; i < a->uses.n; i++) {
		const struct actor_use *u = &a->uses.at[i];
		if (str_eq(a->names.at[u->name].fold, a->entries.at[u->entry].fold))
			l->main[u->entry] = u->name;
	}
}

void actors_make_links(struct actors *a)
{
	struct linking l = {.a = a, .main = calloc(a->entries.n + 1, sizeof(*l.main))};

	if (!l.main)
		BUG("out of memory");
	find_main_names(&l);
	for (uint32_t i = 0; i < a->names.n; i++)
		share_name(&l, i);
	for (uint32_t i = 0; i < a->given->same.n; i++) {
		const struct said_same *s = &a->given->same.at[i];
		if (!a->entries.at[s->a].withdrawn && !a->entries.at[s->b].withdrawn)
			*vec_push(&l.shared) = (struct shared){
				.a = s->a, .b = s->b, .name = UINT32_MAX, .edge = i};
	}
	if (l.shared.n)
		qsort(l.shared.at, l.shared.n, sizeof(*l.shared.at), cmp_shared);
	for (size_t i = 0, n; i < l.shared.n; i += n) {
		const struct shared *s = &l.shared.at[i];
		for (n = 1; i + n < l.shared.n && s[n].a == s->a && s[n].b == s->b;)
			n++;
		add_link(&l, s, n);
	}
	vec_release(&l.shared);
	vec_release(&l.words);
	free(l.main);
}
