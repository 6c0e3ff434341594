/* An actor's page as JSON: spoor-intel(7), ACTORS. */
#include "cmd/actorprint.h"

static const char *const parts[] = {"techniques", "software", "campaigns", "targets"};

/* Who uses a name, in this group or in another. */
static void uses_json(const struct actors *a, uint32_t name, uint32_t group, struct jsonw *w)
{
	const struct actor_name *n = &a->names.at[name];

	jsonw_key(w, "said_by");
	jsonw_open(w, '[');
	for (uint32_t i = n->first_use; i < n->first_use + n->n_uses; i++) {
		const struct actor_use *u = &a->uses.at[a->by_name.at[i]];
		if (!entry_in_group(a, u, group))
			continue;
		jsonw_open(w, '{');
		jsonw_member_str(w, "catalogue", a->entries.at[u->entry].catalogue);
		jsonw_member_str(w, "of", a->entries.at[u->entry].name);
		jsonw_member_str(w, "written", u->written);
		jsonw_member_str(w, "by", u->by);
		jsonw_member_str(w, "origin", u->origin);
		jsonw_member_u64(w, "confidence", (uint64_t)u->confidence);
		jsonw_key(w, "main");
		jsonw_bool(w, u->own);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

/* Does its catalogue say whose name it is? */
static bool is_attributed(const struct actors *a, const struct actor_use *u)
{
	for (uint32_t i = actors_use_of(a, u->entry, u->name); i < a->uses.n; i++) {
		const struct actor_use *other = &a->uses.at[i];
		if (other->entry != u->entry || other->name != u->name)
			return false;
		if (other->by.n)
			return true;
	}
	return false;
}

/* A catalogue that says whose name it is has it from him, and is no origin itself. */
static void origins_json(const struct actors *a, uint32_t name, uint32_t group, struct jsonw *w)
{
	const struct actor_name *n = &a->names.at[name];
	VEC(struct str) origins = {0};

	for (uint32_t i = n->first_use; i < n->first_use + n->n_uses; i++) {
		const struct actor_use *u = &a->uses.at[a->by_name.at[i]];
		bool known = !entry_in_group(a, u, group) || (!u->by.n && is_attributed(a, u));
		for (size_t k = 0; !known && k < origins.n; k++)
			known = str_eq(origins.at[k], u->origin);
		if (!known)
			*vec_push(&origins) = u->origin;
	}
	jsonw_member_u64(w, "origins", origins.n);
	vec_release(&origins);
}

static void contested_json(const struct actors *a, uint32_t name, struct jsonw *w)
{
	const struct actor_name *n = &a->names.at[name];
	uint32_t groups[ACTOR_NAME_ENTRIES];
	size_t n_groups = actors_of_name(a, n, groups, ACTOR_NAME_ENTRIES);

	jsonw_open(w, '{');
	jsonw_member_str(w, "name", n->written);
	jsonw_key(w, "may_mean");
	jsonw_open(w, '[');
	for (size_t k = 0; k < n_groups; k++) {
		jsonw_open(w, '{');
		jsonw_member_str(w, "actor", a->groups.at[groups[k]].name);
		uses_json(a, name, groups[k], w);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

static void names_json(const struct actors *a, uint32_t group, struct jsonw *w)
{
	struct group_names names;

	actor_group_names(a, group, &names);
	jsonw_key(w, "names_by_source");
	jsonw_open(w, '[');
	for (size_t i = 0; i < names.n; i++) {
		jsonw_open(w, '{');
		jsonw_member_str(w, "name", a->names.at[names.at[i]].written);
		origins_json(a, names.at[i], group, w);
		jsonw_key(w, "contested");
		jsonw_bool(w, a->names.at[names.at[i]].contested);
		uses_json(a, names.at[i], group, w);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_key(w, "contested");
	jsonw_open(w, '[');
	for (size_t i = 0; i < names.n; i++) {
		if (a->names.at[names.at[i]].contested)
			contested_json(a, names.at[i], w);
	}
	jsonw_close(w, ']');
	vec_release(&names);
}

static void end_json(const struct actors *a, const char *key, uint32_t entry, struct jsonw *w)
{
	const struct actor_entry *e = &a->entries.at[entry];

	jsonw_key(w, key);
	jsonw_open(w, '{');
	jsonw_member_str(w, "catalogue", e->catalogue);
	jsonw_member_str(w, "name", e->name);
	jsonw_member_str(w, "id", a->nodes.at[e->first_node].id);
	jsonw_close(w, '}');
}

static void link_json(
	const struct actors *a, const struct actor_link *k, uint32_t group, struct jsonw *w)
{
	bool turned = a->entries.at[k->a].group != group;

	jsonw_open(w, '{');
	jsonw_member_str(w, "actor", a->groups.at[actors_other(a, k, group)].name);
	jsonw_member_str(w, "state", k->state == ACTOR_CONTESTED ? STR("contested") : STR("alone"));
	end_json(a, "this", turned ? k->b : k->a, w);
	end_json(a, "other", turned ? k->a : k->b, w);
	jsonw_key(w, "names");
	jsonw_open(w, '[');
	for (uint32_t i = 0; i < k->n_names; i++)
		jsonw_str(w, a->names.at[a->link_names.at[k->first_name + i]].written);
	jsonw_close(w, ']');
	jsonw_member_u64(w, "confidence", (uint64_t)k->confidence);
	jsonw_member_u64(w, "origins", k->n_origins);
	if (k->said) {
		jsonw_member_str(w, "edge", k->edge);
		jsonw_member_str(w, "said_by", k->said_by);
	}
	jsonw_close(w, '}');
}

static void links_json(const struct actors *a, uint32_t group, struct jsonw *w)
{
	struct actor_links links;

	actors_links_of(a, group, &links);
	jsonw_key(w, "links");
	jsonw_open(w, '[');
	for (size_t i = 0; i < links.n; i++)
		link_json(a, &a->links.at[links.at[i]], group, w);
	jsonw_close(w, ']');
	vec_release(&links);
}

static void things_json(const struct actor_page *p, struct jsonw *w)
{
	for (int part = 0; part < ACTOR_PARTS; part++) {
		jsonw_key(w, parts[part]);
		jsonw_open(w, '[');
		for (size_t i = 0; i < p->things.n; i++) {
			const struct actor_thing *t = &p->things.at[i];
			if ((int)t->part != part)
				continue;
			jsonw_open(w, '{');
			jsonw_member_str(w, "name", t->name);
			jsonw_member_str(w, "number", t->external);
			jsonw_member_str(w, "is", t->is);
			if (part == ACTOR_TECHNIQUES)
				jsonw_member_str(w, "tactics", t->phases);
			jsonw_key(w, "said_by");
			jsonw_open(w, '[');
			for (size_t k = 0; k < t->said_by.n; k++)
				jsonw_str(w, t->said_by.at[k]);
			jsonw_close(w, ']');
			jsonw_close(w, '}');
		}
		jsonw_close(w, ']');
	}
}

static void indicators_json(const struct actor_page *p, struct jsonw *w)
{
	jsonw_key(w, "indicators");
	jsonw_open(w, '{');
	jsonw_member_u64(w, "total", p->n_indicators);
	jsonw_key(w, "by_source");
	jsonw_open(w, '[');
	for (size_t i = 0; i < p->indicators.n; i++) {
		const struct actor_indicators *r = &p->indicators.at[i];
		jsonw_open(w, '{');
		jsonw_member_str(w, "source", r->source);
		jsonw_member_str(w, "kind",
			str_of(r->kind < KINDS ? kind_name((enum kind)r->kind) : "other"));
		jsonw_member_u64(w, "count", r->count);
		jsonw_member_u64(w, "revoked", r->revoked);
		jsonw_member_u64(w, "sighted", r->sighted);
		jsonw_key(w, "first");
		jsonw_when(w, r->first);
		jsonw_key(w, "last");
		jsonw_when(w, r->last);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_close(w, '}');
	jsonw_key(w, "sightings");
	jsonw_open(w, '{');
	jsonw_member_u64(w, "indicators", p->sighted);
	jsonw_member_u64(w, "events", p->events);
	jsonw_member_when(w, "first", p->first);
	jsonw_member_when(w, "last", p->last);
	jsonw_close(w, '}');
}

static void claims_json(const struct actor_page *p, struct jsonw *w)
{
	jsonw_key(w, "unlike");
	jsonw_open(w, '[');
	for (size_t i = 0; i < p->unlike.n; i++) {
		jsonw_open(w, '{');
		jsonw_member_str(w, "name", p->unlike.at[i].name);
		jsonw_member_str(w, "why", p->unlike.at[i].why);
		jsonw_member_str(w, "said_by", p->unlike.at[i].catalogue);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_key(w, "claims");
	jsonw_open(w, '[');
	for (size_t i = 0; i < p->claims.n; i++) {
		const struct actor_claim *k = &p->claims.at[i];
		jsonw_open(w, '{');
		jsonw_member_str(w, "incident", k->c.incident);
		jsonw_key(w, "said");
		jsonw_when(w, k->c.said);
		jsonw_member_str(w, "by", k->c.by);
		jsonw_member_str(w, "speaker", str_of(claim_speaker_name(k->c.speaker)));
		jsonw_member_str(w, "about", k->c.about);
		jsonw_key(w, "names_it");
		jsonw_bool(w, k->about);
		jsonw_member_str(w, "level", str_of(claim_level_name(k->c.level)));
		jsonw_member_str(w, "standing", str_of(claim_standing_name(k->c.standing)));
		jsonw_member_str(w, "words", k->c.words);
		jsonw_member_str(w, "scale", str_of(claim_scale_name(k->c.scale)));
		jsonw_member_str(w, "shown", str_of(claim_shown_name(k->c.shown)));
		jsonw_member_str(w, "text", k->c.text);
		jsonw_member_str(w, "reference", k->c.reference);
		jsonw_member_str(w, "source", k->source);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void contradictions_json(
	const struct actors *a, uint32_t group, const struct actor_page *p, struct jsonw *w)
{
	struct buf lines = {0};

	actor_contradictions(a, group, p, &lines);
	struct str left = buf_view(&lines);
	jsonw_key(w, "contradictions");
	jsonw_open(w, '[');
	while (left.n)
		jsonw_str(w, str_cut(&left, '\n'));
	jsonw_close(w, ']');
	buf_release(&lines);
}

void actor_page_json(
	const struct actors *a, uint32_t group, const struct actor_page *p, struct buf *out)
{
	struct jsonw w = jsonw_of(out);

	jsonw_open(&w, '{');
	jsonw_member_str(&w, "actor", a->groups.at[group].name);
	actor_names_json(a, group, &w);
	actor_catalogues_json(a, group, &w);
	names_json(a, group, &w);
	links_json(a, group, &w);
	things_json(p, &w);
	indicators_json(p, &w);
	claims_json(p, &w);
	contradictions_json(a, group, p, &w);
	jsonw_member_u64(&w, "nowhere", p->nowhere);
	jsonw_close(&w, '}');
	jsonw_line(&w);
}
