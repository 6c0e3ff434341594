/* Of an actor: indicators and claims that name it, and where the indicators were met. */
#include <stdlib.h>

#include "casedb/knowledge.h"
#include "casedb/sighting.h"
#include "engine/actorpage.h"

enum { GROUPS_MAX = 16 };

/* Where an indicator's sightings are counted. */
struct counted {
	int64_t source;
	uint32_t ordinal, at; /* at: a row, or a group */
	bool sighted;
};
typedef VEC(struct counted) counted_vec;

struct taking {
	const struct actors *a;
	struct actor_page *p;
	uint32_t group;
	counted_vec ids;
	VEC(struct str) incidents;
};

static bool has(const uint32_t *groups, size_t n, uint32_t group)
{
	for (size_t i = 0; i < n; i++) {
		if (groups[i] == group)
			return true;
	}
	return false;
}

/* Rows are few: a kind or two of each source. */
static uint32_t row_of(struct taking *t, int64_t source, uint8_t kind)
{
	struct actor_page *p = t->p;

	for (uint32_t i = 0; i < p->indicators.n; i++) {
		if (p->indicators.at[i].of == source && p->indicators.at[i].kind == kind)
			return i;
	}
	*vec_push(&p->indicators) = (struct actor_indicators){
		.of = source, .kind = kind, .first = WHEN_NONE, .last = WHEN_NONE};
	return (uint32_t)(p->indicators.n - 1);
}

static void take_indicator(void *arg, const struct actor_indicator *i)
{
	struct taking *t = arg;

	if (!has(i->groups, i->n_groups, t->group))
		return;
	uint8_t kind = i->in->what == INDICATOR_VALUE ? i->in->o.kind : (uint8_t)KINDS;
	uint32_t row = row_of(t, i->file->id, kind);
	struct actor_indicators *r = &t->p->indicators.at[row];
	struct when from = i->in->valid_from;
	r->count++;
	r->revoked += i->in->revoked;
	if (when_known(from) && (!when_known(r->first) || from.us < r->first.us))
		r->first = from;
	if (when_known(from) && (!when_known(r->last) || from.us > r->last.us))
		r->last = from;
	t->p->n_indicators++;
	*vec_push(&t->ids) = (struct counted){i->file->id, i->ordinal, row, false};
}

static int cmp_counted(const void *pa, const void *pb)
{
	const struct counted *a = pa, *b = pb;

	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	if (a->ordinal != b->ordinal)
		return a->ordinal < b->ordinal ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

/* Those of the indicator that was met: [from, n) while they are its own. */
static size_t counted_from(const counted_vec *ids, const struct sighting_row *s)
{
	struct counted as = {s->source, s->ordinal, 0, false};
	size_t from = 0, to = ids->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (cmp_counted(&ids->at[mid], &as) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static bool is_of(const counted_vec *ids, size_t i, const struct sighting_row *s)
{
	return i < ids->n && ids->at[i].source == s->source && ids->at[i].ordinal == s->ordinal;
}

static void sort_counted(counted_vec *ids)
{
	if (ids->n)
		qsort(ids->at, ids->n, sizeof(*ids->at), cmp_counted);
}

static bool take_sighting(void *arg, const struct sighting_row *s)
{
	struct taking *t = arg;
	size_t i = counted_from(&t->ids, s);
	struct actor_page *p = t->p;

	if (!is_of(&t->ids, i, s))
		return true;
	struct counted *c = &t->ids.at[i];
	if (!c->sighted) {
		c->sighted = true;
		p->sighted++;
		p->indicators.at[c->at].sighted++;
	}
	p->events += s->count;
	if (s->first != INT64_MIN && (p->first == INT64_MIN || s->first < p->first))
		p->first = s->first;
	if (s->last > p->last)
		p->last = s->last;
	return true;
}

static int cmp_row(const void *pa, const void *pb)
{
	const struct actor_indicators *a = pa, *b = pb;
	int c = str_cmp(a->source, b->source);

	return c ? c : (a->kind > b->kind) - (a->kind < b->kind);
}

static struct str source_name(struct arena *a, const struct intel_set *set, int64_t id)
{
	const struct intel_file *f = intel_set_find(set, id);

	return f ? arena_dup(a, f->name.n ? f->name : f->path) : STR("");
}

bool actor_page_indicators(const struct actors *a, uint32_t group, struct folder *f,
	const struct intel_set *set, struct actor_page *p, struct err *err)
{
	struct taking t = {.a = a, .p = p, .group = group};

	actors_each_indicator(a, set, take_indicator, &t);
	sort_counted(&t.ids);
	bool done = casedb_sighting_each(folder_db(f), WHEN_NONE, take_sighting, &t, err);
	for (size_t i = 0; i < p->indicators.n; i++)
		p->indicators.at[i].source = source_name(&p->arena, set, p->indicators.at[i].of);
	if (p->indicators.n)
		qsort(p->indicators.at, p->indicators.n, sizeof(*p->indicators.at), cmp_row);
	vec_release(&t.ids);
	return done;
}

static bool is_of_entry(const struct taking *t, const struct claim *c)
{
	const struct actor_group *g = &t->a->groups.at[t->group];

	for (uint32_t i = 0; c->of.n && i < g->n_entries; i++) {
		const struct actor_entry *e =
			&t->a->entries.at[t->a->members.at[g->first_entry + i]];
		for (uint32_t k = e->first_node; k < e->first_node + e->n_nodes; k++) {
			if (str_eq(t->a->nodes.at[k].id, c->of))
				return true;
		}
	}
	return false;
}

static bool is_about(const struct taking *t, const struct claim *c)
{
	uint32_t groups[GROUPS_MAX];
	size_t n = actors_of_text(t->a, c->about, groups, GROUPS_MAX);

	return has(groups, n, t->group);
}

/* Incidents of which somebody says that it was this one. */
static bool take_incident(void *arg, int64_t source, const struct claim *c)
{
	struct taking *t = arg;

	(void)source;
	if (c->incident.n && is_about(t, c) &&
		(t->incidents.n == 0 || !str_eq(t->incidents.at[t->incidents.n - 1], c->incident)))
		*vec_push(&t->incidents) = arena_dup(&t->p->arena, c->incident);
	return true;
}

static bool is_of_incident(const struct taking *t, struct str incident)
{
	for (size_t i = 0; i < t->incidents.n; i++) {
		if (str_eq(t->incidents.at[i], incident))
			return true;
	}
	return false;
}

static bool take_claim(void *arg, int64_t source, const struct claim *c)
{
	struct taking *t = arg;
	struct arena *a = &t->p->arena;
	bool about = is_about(t, c), of_entry = is_of_entry(t, c);

	if (!about && !of_entry && !is_of_incident(t, c->incident))
		return true;
	struct actor_claim *k = vec_push(&t->p->claims);
	*k = (struct actor_claim){
		.c = *c, .of = source, .source = STR(""), .about = about, .of_entry = of_entry};
	struct str *texts[] = {&k->c.id, &k->c.by, &k->c.incident, &k->c.about, &k->c.words,
		&k->c.text, &k->c.of, &k->c.reference, &k->c.marking};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = arena_dup(a, *texts[i]);
	return true;
}

bool actor_page_claims(const struct actors *a, uint32_t group, struct folder *f,
	const struct intel_set *set, struct actor_page *p, struct err *err)
{
	struct taking t = {.a = a, .p = p, .group = group};
	bool done = casedb_claim_each(folder_db(f), 0, take_incident, &t, err) &&
		    casedb_claim_each(folder_db(f), 0, take_claim, &t, err);

	for (size_t i = 0; i < p->claims.n; i++)
		p->claims.at[i].source = source_name(&p->arena, set, p->claims.at[i].of);
	vec_release(&t.incidents);
	return done;
}

struct counting {
	struct actor_count *counts;
	counted_vec ids;
};

static void count_indicator(void *arg, const struct actor_indicator *i)
{
	struct counting *c = arg;

	for (size_t k = 0; k < i->n_groups; k++) {
		c->counts[i->groups[k]].indicators++;
		*vec_push(&c->ids) = (struct counted){i->file->id, i->ordinal, i->groups[k], false};
	}
}

static bool count_sighting(void *arg, const struct sighting_row *s)
{
	struct counting *c = arg;

	for (size_t i = counted_from(&c->ids, s); is_of(&c->ids, i, s); i++) {
		struct counted *g = &c->ids.at[i];
		c->counts[g->at].sighted += !g->sighted;
		c->counts[g->at].events += s->count;
		g->sighted = true;
	}
	return true;
}

bool actors_count(
	const struct actors *a, struct folder *f, struct actor_count *ret, struct err *err)
{
	struct counting c = {.counts = ret};
	struct intel_set set;

	if (!intel_set_open(f, &set, err))
		return false;
	actors_each_indicator(a, &set, count_indicator, &c);
	sort_counted(&c.ids);
	bool done = casedb_sighting_each(folder_db(f), WHEN_NONE, count_sighting, &c, err) &&
		    actors_count_techniques(a, folder_db(f), ret, err);
	vec_release(&c.ids);
	intel_set_close(&set);
	return done;
}
