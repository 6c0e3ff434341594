/* Of an actor: indicators and claims that name it, and where the indicators were met. */
#include <stdlib.h>

#include "casedb/intel.h"
#include "casedb/knowledge.h"
#include "casedb/sighting.h"
#include "engine/actorpage.h"

enum { GROUPS_MAX = 16 };

/* Where an indicator's sightings are counted. */
struct counted {
	uint32_t id;
	uint32_t row;
	bool sighted;
};

struct taking {
	const struct actors *a;
	struct actor_page *p;
	uint32_t group;
	VEC(struct counted) ids; /* by number */
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

struct source_asked {
	struct arena *a;
	int64_t id;
	struct str name;
};

static bool take_source(void *arg, const struct intel_source_row *r)
{
	struct source_asked *q = arg;

	if (r->id != q->id)
		return true;
	q->name = arena_dup(q->a, r->name.n ? r->name : r->path);
	return false;
}

static bool source_name(
	struct arena *a, struct casedb *db, int64_t id, struct str *ret, struct err *err)
{
	struct source_asked q = {a, id, STR("")};
	bool done = casedb_intel_source_each(db, take_source, &q, err);

	*ret = q.name;
	return done;
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
	uint32_t row = row_of(t, i->source, kind);
	struct actor_indicators *r = &t->p->indicators.at[row];
	struct when from = i->in->valid_from;
	r->count++;
	r->revoked += i->in->revoked;
	if (when_known(from) && (!when_known(r->first) || from.us < r->first.us))
		r->first = from;
	if (when_known(from) && (!when_known(r->last) || from.us > r->last.us))
		r->last = from;
	t->p->n_indicators++;
	*vec_push(&t->ids) = (struct counted){i->id, row, false};
}

static struct counted *counted_of(struct counted *at, size_t n, uint32_t id)
{
	size_t from = 0, to = n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (at[mid].id < id)
			from = mid + 1;
		else
			to = mid;
	}
	return from < n && at[from].id == id ? &at[from] : NULL;
}

static bool take_sighting(void *arg, const struct sighting_row *s)
{
	struct taking *t = arg;
	struct counted *c = counted_of(t->ids.at, t->ids.n, s->indicator);
	struct actor_page *p = t->p;

	if (!c)
		return true;
	if (!c->sighted) {
		c->sighted = true;
		p->sighted++;
		p->indicators.at[c->row].sighted++;
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

bool actor_page_indicators(const struct actors *a, uint32_t group, struct casedb *db,
	struct actor_page *p, struct err *err)
{
	struct taking t = {.a = a, .p = p, .group = group};
	bool done = actors_each_indicator(a, db, take_indicator, &t, err) &&
		    casedb_sighting_each(db, WHEN_NONE, take_sighting, &t, err);

	for (size_t i = 0; done && i < p->indicators.n; i++)
		done = source_name(
			&p->arena, db, p->indicators.at[i].of, &p->indicators.at[i].source, err);
	if (done && p->indicators.n)
		qsort(p->indicators.at, p->indicators.n, sizeof(*p->indicators.at), cmp_row);
	vec_release(&t.ids);
	return done;
}

static bool is_about(struct taking *t, const struct claim *c)
{
	const struct actor_group *g = &t->a->groups.at[t->group];
	uint32_t groups[GROUPS_MAX];
	size_t n = actors_of_text(t->a, c->about, groups, GROUPS_MAX);

	if (has(groups, n, t->group))
		return true;
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
	bool about = is_about(t, c);

	if (!about && !is_of_incident(t, c->incident))
		return true;
	struct actor_claim *k = vec_push(&t->p->claims);
	*k = (struct actor_claim){.c = *c, .of = source, .source = STR(""), .about = about};
	struct str *texts[] = {&k->c.id, &k->c.by, &k->c.incident, &k->c.about, &k->c.words,
		&k->c.text, &k->c.of, &k->c.reference, &k->c.marking};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = arena_dup(a, *texts[i]);
	return true;
}

bool actor_page_claims(const struct actors *a, uint32_t group, struct casedb *db,
	struct actor_page *p, struct err *err)
{
	struct taking t = {.a = a, .p = p, .group = group};
	bool done = casedb_claim_each(db, 0, take_incident, &t, err) &&
		    casedb_claim_each(db, 0, take_claim, &t, err);

	for (size_t i = 0; done && i < p->claims.n; i++)
		done = source_name(&p->arena, db, p->claims.at[i].of, &p->claims.at[i].source, err);
	vec_release(&t.incidents);
	return done;
}

/* The groups of indicators that were met, by number. */
struct group_of {
	uint32_t id, group;
	bool sighted;
};

struct counting {
	struct actor_count *counts;
	VEC(struct group_of) ids;
};

static void count_indicator(void *arg, const struct actor_indicator *i)
{
	struct counting *c = arg;

	for (size_t k = 0; k < i->n_groups; k++) {
		c->counts[i->groups[k]].indicators++;
		*vec_push(&c->ids) = (struct group_of){i->id, i->groups[k], false};
	}
}

static bool count_sighting(void *arg, const struct sighting_row *s)
{
	struct counting *c = arg;
	size_t from = 0, to = c->ids.n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (c->ids.at[mid].id < s->indicator)
			from = mid + 1;
		else
			to = mid;
	}
	for (; from < c->ids.n && c->ids.at[from].id == s->indicator; from++) {
		struct group_of *g = &c->ids.at[from];
		c->counts[g->group].sighted += !g->sighted;
		c->counts[g->group].events += s->count;
		g->sighted = true;
	}
	return true;
}

bool actors_count(
	const struct actors *a, struct casedb *db, struct actor_count *ret, struct err *err)
{
	struct counting c = {.counts = ret};
	bool done = actors_each_indicator(a, db, count_indicator, &c, err) &&
		    casedb_sighting_each(db, WHEN_NONE, count_sighting, &c, err) &&
		    actors_count_techniques(a, db, ret, err);

	vec_release(&c.ids);
	return done;
}
