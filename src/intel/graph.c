#include "intel/graph.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "intel/marking.h"

/* Names beside an indicator that one still reads. */
#define NAMES_MAX 4u
/* Objects that are looked at from one indicator, and how far away; loops end here as well. */
#define VISITED_MAX 64u
#define HOPS_MAX 3u

static uint8_t rank_of(struct str type)
{
	static const char *const by_rank[] = {
		"malware", "campaign", "threat-actor", "intrusion-set"};

	for (size_t i = 0; i < sizeof(by_rank) / sizeof(by_rank[0]); i++) {
		if (str_eq(type, str_of(by_rank[i])))
			return (uint8_t)(i + 1);
	}
	return 0;
}

/*
 * By the extension's or definition's value, by the id, by the name.  A statement that doesn't
 * speak of TLP (a copyright) is not a label; any other definition that isn't known is RED.
 */
struct str graph_label(const struct sdo *o)
{
	struct str known = STR("");
	bool known_id = marking_of_stix_id(o->id, &known);

	/* What a definition says can't make one of the known ids laxer. */
	if (o->tlp.n)
		return marking_stricter(marking_of_text(o->tlp), known);
	if (known_id)
		return known;
	if (o->name.n > 4 && str_eq_nocase(str_upto(o->name, 4), STR("tlp:")))
		return marking_of_text(o->name);
	if (o->statement.n > 4 && str_eq_nocase(str_upto(o->statement, 4), STR("tlp:")))
		return marking_of_text(o->statement);
	bool copyright = str_eq(o->definition_type, STR("statement")) &&
			 str_find(o->statement, STR("TLP")) == o->statement.n &&
			 str_find(o->statement, STR("tlp")) == o->statement.n;
	return copyright ? STR("") : STR("TLP:RED");
}

static uint64_t hash_of(struct str id)
{
	return hash64(id.p, id.n, 0);
}

static struct when modified_of(const struct sdo *o)
{
	struct when w = WHEN_NONE;

	if (!when_rfc3339(o->modified, &w))
		when_rfc3339(o->created, &w);
	return w;
}

static void add_edge(struct graph *g, const struct gather *k, const struct sdo *o)
{
	if (!str_eq(o->relationship_type, STR("indicates")) &&
		!str_eq(o->relationship_type, STR("attributed-to")))
		return;
	*vec_push(&g->edges) = (struct graph_edge){.id = gather_keep(k, o->id),
		.from = gather_keep(k, o->source_ref),
		.to = gather_keep(k, o->target_ref),
		.modified = modified_of(o)};
}

void graph_add(struct graph *g, const struct gather *k, const struct sdo *o, uint64_t digest)
{
	if (g->objects.n == UINT32_MAX)
		return;
	*vec_push(&g->objects) = (struct graph_object){.hash = hash_of(o->id),
		.id = gather_keep(k, o->id),
		.name = gather_keep(k, str_upto(sdo_title(o), NODE_TEXT_BYTES)),
		.digest = digest,
		.modified = modified_of(o),
		.order = (uint32_t)g->objects.n,
		.type = (uint32_t)hash_of(o->type),
		.rank = rank_of(o->type),
		.revoked = o->revoked};
	if (str_eq(o->type, STR("marking-definition")))
		*vec_push(&g->markings) =
			(struct graph_marking){gather_keep(k, o->id), graph_label(o)};
	else if (str_eq(o->type, STR("relationship")))
		add_edge(g, k, o);
}

/* By hash, so that comparing is cheap; by id, so that colliding on purpose gains nothing. */
static int object_cmp(const void *va, const void *vb)
{
	const struct graph_object *a = va, *b = vb;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	int c = str_cmp(a->id, b->id);
	return c ? c : (a->order > b->order) - (a->order < b->order);
}

static int u64_cmp(const void *va, const void *vb)
{
	const uint64_t *a = va, *b = vb;

	return (*a > *b) - (*a < *b);
}

static int marking_cmp(const void *va, const void *vb)
{
	const struct graph_marking *a = va, *b = vb;
	int c = str_cmp(a->id, b->id);

	return c ? c : str_cmp(a->label, b->label);
}

/* Each id once, as its newest version has it. */
static void join_versions(struct graph *g)
{
	size_t n = 0;

	for (size_t i = 0; i < g->objects.n; i++) {
		const struct graph_object *o = &g->objects.at[i];
		struct graph_object *last = n ? &g->objects.at[n - 1] : NULL;
		if (!last || last->hash != o->hash || !str_eq(last->id, o->id)) {
			g->objects.at[n++] = *o;
			continue;
		}
		bool clash = last->clash || last->type != o->type;
		if (o->modified.us > last->modified.us)
			*last = *o;
		last->clash = clash;
	}
	g->objects.n = n;
}

/* Some four objects for each beginning of a hash. */
static void index_objects(struct graph *g)
{
	size_t n = g->objects.n, at = 0;

	g->bits = 1;
	while (g->bits < 28 && (size_t)4 << g->bits < n)
		g->bits++;
	g->begin = malloc((((size_t)1 << g->bits) + 1) * sizeof(*g->begin));
	if (!g->begin)
		BUG("out of memory");
	for (size_t b = 0; b <= (size_t)1 << g->bits; b++) {
		while (at < n && g->objects.at[at].hash >> (64 - g->bits) < b)
			at++;
		g->begin[b] = (uint32_t)at;
	}
}

static struct graph_object *find(const struct graph *g, struct str id)
{
	struct graph_object wanted = {.hash = hash_of(id), .id = id};
	size_t bucket = (size_t)(wanted.hash >> (64 - g->bits));
	size_t from = g->begin[bucket], to = g->begin[bucket + 1];

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (object_cmp(&g->objects.at[mid], &wanted) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	bool found = from < g->objects.n && g->objects.at[from].hash == wanted.hash &&
		     str_eq(g->objects.at[from].id, id);
	return found ? &g->objects.at[from] : NULL;
}

const struct graph_object *graph_find(const struct graph *g, struct str id)
{
	return find(g, id);
}

/* Only the newest version of a relationship joins anything, and not if it was revoked. */
static void join_edges(struct graph *g)
{
	for (size_t i = 0; i < g->edges.n; i++) {
		const struct graph_edge *e = &g->edges.at[i];
		const struct graph_object *own = find(g, e->id);
		const struct graph_object *from = find(g, e->from), *to = find(g, e->to);
		bool holds = own && !own->revoked && own->modified.us == e->modified.us;
		if (holds && from && to)
			*vec_push(&g->joined) = (uint64_t)(from - g->objects.at) << 32 |
						(uint64_t)(to - g->objects.at);
	}
	vec_release(&g->edges);
	if (g->joined.n)
		qsort(g->joined.at, g->joined.n, sizeof(*g->joined.at), u64_cmp);
}

void graph_seal(struct graph *g)
{
	if (g->objects.n)
		qsort(g->objects.at, g->objects.n, sizeof(*g->objects.at), object_cmp);
	if (g->markings.n)
		qsort(g->markings.at, g->markings.n, sizeof(*g->markings.at), marking_cmp);
	join_versions(g);
	index_objects(g);
	join_edges(g);
}

void graph_release(struct graph *g)
{
	vec_release(&g->objects);
	vec_release(&g->edges);
	vec_release(&g->markings);
	vec_release(&g->joined);
	free(g->begin);
	g->begin = NULL;
}

enum graph_version graph_take(struct graph *g, const struct sdo *o, uint64_t digest)
{
	struct graph_object *known = find(g, o->id);

	if (!known)
		BUG("an object that was not filled in");
	if (known->clash)
		return GRAPH_CLASH;
	if (known->modified.us != modified_of(o).us)
		return GRAPH_OLDER;
	if (known->digest != digest)
		return GRAPH_TWIN;
	if (known->taken)
		return GRAPH_AGAIN;
	known->taken = true;
	return GRAPH_NEWEST;
}

struct names {
	struct str at[NAMES_MAX];
	size_t n;
	uint8_t rank;
};

/* Only the names of the highest rank are kept, each once, in order. */
static void add_name(struct names *ns, const struct graph_object *who)
{
	size_t i = 0;

	if (who->revoked || who->rank == 0 || who->name.n == 0)
		return;
	if (who->rank > ns->rank) {
		ns->n = 0;
		ns->rank = who->rank;
	}
	if (who->rank < ns->rank || ns->n == NAMES_MAX)
		return;
	while (i < ns->n && str_cmp(ns->at[i], who->name) < 0)
		i++;
	if (i < ns->n && str_eq(ns->at[i], who->name))
		return;
	memmove(&ns->at[i + 1], &ns->at[i], (ns->n - i) * sizeof(ns->at[0]));
	ns->at[i] = who->name;
	ns->n++;
}

struct walk {
	uint32_t at[VISITED_MAX]; /* places of objects, in the order in which they were met */
	size_t n;
};

static void visit(struct walk *w, uint32_t place)
{
	for (size_t i = 0; i < w->n; i++) {
		if (w->at[i] == place)
			return;
	}
	if (w->n < VISITED_MAX)
		w->at[w->n++] = place;
}

static void visit_next(const struct graph *g, struct walk *w, uint32_t place)
{
	uint64_t first = (uint64_t)place << 32;
	size_t from = 0, to = g->joined.n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (g->joined.at[mid] < first)
			from = mid + 1;
		else
			to = mid;
	}
	for (size_t i = from, n = 0; i < g->joined.n && n < VISITED_MAX; i++, n++) {
		if (g->joined.at[i] >> 32 != place)
			return;
		visit(w, (uint32_t)g->joined.at[i]);
	}
}

struct str graph_actor(const struct graph *g, struct arena *a, struct str id)
{
	const struct graph_object *start = find(g, id);
	struct walk w = {.n = 0};
	struct names ns = {.n = 0};
	struct buf out = {0};

	if (!start || g->joined.n == 0)
		return STR("");
	visit(&w, (uint32_t)(start - g->objects.at));
	for (size_t hop = 0, done = 0; hop < HOPS_MAX; hop++) {
		size_t end = w.n;
		for (; done < end; done++)
			visit_next(g, &w, w.at[done]);
	}
	for (size_t i = 1; i < w.n; i++)
		add_name(&ns, &g->objects.at[w.at[i]]);
	if (ns.n <= 1)
		return ns.n ? ns.at[0] : STR("");
	for (size_t i = 0; i < ns.n; i++) {
		if (i)
			buf_str(&out, STR(", "));
		buf_str(&out, ns.at[i]);
	}
	struct str joined = arena_dup(a, buf_view(&out));
	buf_release(&out);
	return joined;
}

/* Of two definitions of one id the stricter; false if there is none. */
static bool defined(const struct graph *g, struct str id, struct str *ret_label)
{
	size_t from = 0, to = g->markings.n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (str_cmp(g->markings.at[mid].id, id) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	if (from == g->markings.n || !str_eq(g->markings.at[from].id, id))
		return false;
	*ret_label = STR("");
	for (; from < g->markings.n && str_eq(g->markings.at[from].id, id); from++)
		*ret_label = marking_stricter(*ret_label, g->markings.at[from].label);
	return true;
}

struct str graph_marking(const struct graph *g, struct arena *a, const struct sdo *o,
	struct notes *notes, uint32_t line)
{
	struct str all = STR(""), ids = STR("");

	for (size_t i = 0; i < o->marking_refs.n; i++) {
		struct str id = o->marking_refs.at[i], label = STR("");
		if (!defined(g, id, &label) && !marking_of_stix_id(id, &label)) {
			bool open = marking_leave_open(a, id, &ids);
			notes_add(notes, open ? NOTE_MARKING : NOTE_BROKEN,
				open ? id : STR("object_marking_refs"), STR(""), line);
			if (!open)
				label = STR("TLP:RED");
		}
		all = marking_stricter(all, label);
	}
	if (ids.n == 0 || str_eq(all, STR("TLP:RED")))
		return all;
	return all.n ? arena_printf(a, STR_FMT " " STR_FMT, STR_ARG(all), STR_ARG(ids)) : ids;
}
