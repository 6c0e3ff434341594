#include "cmd/actorprint.h"

#include <stdlib.h>

/* How often the group goes by a name. */
struct weighed {
	uint32_t name, entries;
	bool number;
};

static int cmp_weighed(const void *pa, const void *pb)
{
	const struct weighed *a = pa, *b = pb;

	if (a->number != b->number)
		return a->number ? 1 : -1;
	if (a->entries != b->entries)
		return a->entries > b->entries ? -1 : 1;
	return (a->name > b->name) - (a->name < b->name);
}

bool use_is_number(const struct actors *a, const struct actor_use *u)
{
	return u->own && !str_eq(a->names.at[u->name].fold, a->entries.at[u->entry].fold);
}

bool entry_in_group(const struct actors *a, const struct actor_use *u, uint32_t group)
{
	return a->entries.at[u->entry].group == group;
}

static uint32_t entries_with(const struct actors *a, uint32_t name, uint32_t group)
{
	const struct actor_name *n = &a->names.at[name];
	uint32_t found = 0, last = UINT32_MAX;

	for (uint32_t i = n->first_use; i < n->first_use + n->n_uses; i++) {
		const struct actor_use *u = &a->uses.at[a->by_name.at[i]];
		found += entry_in_group(a, u, group) && u->entry != last;
		last = u->entry;
	}
	return found;
}

static int cmp_name(const void *pa, const void *pb)
{
	const struct weighed *a = pa, *b = pb;

	return (a->name > b->name) - (a->name < b->name);
}

void actor_group_names(const struct actors *a, uint32_t group, struct group_names *ret)
{
	const struct actor_group *g = &a->groups.at[group];
	VEC(struct weighed) all = {0};
	size_t n = 0;

	for (uint32_t i = 0; i < g->n_entries; i++) {
		const struct actor_entry *e = &a->entries.at[a->members.at[g->first_entry + i]];
		for (uint32_t k = e->first_use; k < e->first_use + e->n_uses; k++)
			*vec_push(&all) = (struct weighed){
				a->uses.at[k].name, 0, use_is_number(a, &a->uses.at[k])};
	}
	if (all.n)
		qsort(all.at, all.n, sizeof(*all.at), cmp_name);
	for (size_t i = 0; i < all.n; i++) {
		bool again = n && all.at[n - 1].name == all.at[i].name;
		if (again)
			all.at[n - 1].number = all.at[n - 1].number && all.at[i].number;
		else
			all.at[n++] = all.at[i];
	}
	for (size_t i = 0; i < n; i++)
		all.at[i].entries = entries_with(a, all.at[i].name, group);
	if (n)
		qsort(all.at, n, sizeof(*all.at), cmp_weighed);
	*ret = (struct group_names){0};
	for (size_t i = 0; i < n; i++)
		*vec_push(ret) = all.at[i].name;
	vec_release(&all);
}

struct actor_tally actor_tally(const struct actors *a, uint32_t group)
{
	const struct actor_group *g = &a->groups.at[group];
	struct actor_tally t = {0};
	struct group_names names;

	actor_group_names(a, group, &names);
	t.names = names.n;
	for (size_t i = 0; i < names.n; i++)
		t.contested += a->names.at[names.at[i]].contested;
	vec_release(&names);
	for (uint32_t i = 0; i < g->n_entries; i++) {
		const struct actor_entry *e = &a->entries.at[a->members.at[g->first_entry + i]];
		const struct actor_entry *before =
			i ? &a->entries.at[a->members.at[g->first_entry + i - 1]] : NULL;
		t.catalogues += !before || !str_eq(before->of.fold, e->of.fold);
	}
	return t;
}

void actor_names_json(const struct actors *a, uint32_t group, struct jsonw *w)
{
	struct group_names names;

	actor_group_names(a, group, &names);
	jsonw_key(w, "names");
	jsonw_open(w, '[');
	for (size_t i = 0; i < names.n; i++)
		jsonw_str(w, a->names.at[names.at[i]].written);
	jsonw_close(w, ']');
	vec_release(&names);
}

void actor_catalogues_json(const struct actors *a, uint32_t group, struct jsonw *w)
{
	const struct actor_group *g = &a->groups.at[group];

	jsonw_key(w, "catalogues");
	jsonw_open(w, '[');
	for (uint32_t i = 0; i < g->n_entries; i++) {
		const struct actor_entry *e = &a->entries.at[a->members.at[g->first_entry + i]];
		jsonw_open(w, '{');
		jsonw_member_str(w, "catalogue", e->catalogue);
		jsonw_member_str(w, "name", e->name);
		jsonw_member_str(w, "number", e->external);
		jsonw_member_str(w, "id", a->nodes.at[e->first_node].id);
		jsonw_key(w, "withdrawn");
		jsonw_bool(w, e->withdrawn);
		jsonw_key(w, "since");
		jsonw_when(w, e->since);
		jsonw_key(w, "modified");
		jsonw_when(w, e->modified);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

void actor_groups_json(const struct actors *a, struct str text, struct jsonw *w)
{
	uint32_t groups[ACTOR_NAME_ENTRIES];
	size_t n = actors_of_text(a, text, groups, ACTOR_NAME_ENTRIES);

	jsonw_key(w, "actors");
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++)
		jsonw_str(w, a->groups.at[groups[i]].name);
	jsonw_close(w, ']');
}
