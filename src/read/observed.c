#include "read/observed.h"

#include "read/program.h"

/* Of one path: what is known so far. */
struct looking {
	const struct formats *f;
	const struct program_map *map;
	uint32_t slot; /* PROGRAM_NONE: nobody's */
	struct path_kinds *kinds;
};

static bool add(struct path_kinds *to, uint8_t kind)
{
	for (unsigned i = 0; i < to->n; i++)
		if (to->at[i] == kind)
			return true;
	if (to->n == sizeof(to->at))
		return false;
	to->at[to->n++] = kind;
	return true;
}

static bool in(const struct looking *l, struct range alts)
{
	for (uint32_t i = 0; i < alts.n; i++)
		if (l->f->alts.at[alts.first + i] == l->slot)
			return true;
	return false;
}

/* What an item makes of a text that is all of its value; false: perhaps no observable. */
static bool add_item(struct looking *l, const struct program_item *it)
{
	if (it->kind == KINDS || it->kind == KIND_ACTION)
		return false;
	bool done = add(l->kinds, it->kind);
	if (it->flags & ITEM_ADDRESS)
		done = done && add(l->kinds, KIND_DOMAIN) && add(l->kinds, KIND_HOST) &&
		       add(l->kinds, KIND_AUTO);
	if (it->flags & ITEM_MAIL)
		done = done && add(l->kinds, KIND_ACCOUNT);
	return done;
}

static bool takes_all(const struct program_item *it)
{
	return it->url == PROGRAM_NONE && !it->split && !it->after.n && !it->before.n &&
	       !it->prefix.n;
}

/* Whether what stands there is read for something that no observable comes of. */
static bool is_taken(const struct looking *l)
{
	const struct program_map *m = l->map;
	bool taken = in(l, m->organisation) || in(l, m->ignored);

	for (uint32_t i = 0; i < m->id.n && !taken; i++)
		taken = in(l, l->f->parts.at[m->id.first + i]);
	for (uint32_t i = 0; i < m->times.n && !taken; i++)
		taken = in(l, l->f->times.at[m->times.first + i].alts);
	for (uint32_t i = 0; i < m->items.n && !taken; i++) {
		const struct program_item *it = &l->f->items.at[m->items.first + i];
		if (it->url == PROGRAM_NONE)
			continue;
		const struct program_url *u = &l->f->urls.at[it->url];
		taken = in(l, u->scheme) || in(l, u->host) || in(l, u->port) || in(l, u->query);
	}
	return taken;
}

static bool look_in_map(struct looking *l)
{
	const struct program_map *m = l->map;
	bool sure = false;

	for (uint32_t i = 0; l->slot != PROGRAM_NONE && i < m->items.n; i++) {
		const struct program_item *it = &l->f->items.at[m->items.first + i];
		if (!in(l, it->alts))
			continue;
		if (!takes_all(it) || !add_item(l, it))
			return false;
		sure |= it->when.clauses.n == 0;
	}
	/* What nobody takes is searched, if the format wants the rest. */
	if (sure)
		return true;
	return !m->no_rest && (l->slot == PROGRAM_NONE || !is_taken(l)) && add(l->kinds, KIND_AUTO);
}

/* The slot of a path; false if it leads through lists. */
static bool slot_of(const struct formats *f, struct str path, uint32_t *ret_slot)
{
	struct str rest = path;
	uint32_t node = 0;

	*ret_slot = PROGRAM_NONE;
	while (rest.n && node != PROGRAM_NONE) {
		struct str part = str_cut(&rest, '.');
		node = program_step(f, node, hash_key(part), part);
		if (node == PROGRAM_NONE)
			return true;
		const struct program_node *n = &f->nodes.at[node];
		if (n->element != PROGRAM_NONE || n->where != PROGRAM_NONE)
			return false;
	}
	*ret_slot = f->nodes.at[node].slot;
	return true;
}

/* A field in ECS has what the items give it: each value as it is. */
static bool look_for_field(struct looking *l, enum field field)
{
	const struct program_map *m = l->map;

	for (uint32_t i = 0; i < m->items.n; i++) {
		const struct program_item *it = &l->f->items.at[m->items.first + i];
		if (it->port_field == field)
			return false;
		if ((it->field == field || it->name_field == field) &&
			(it->url != PROGRAM_NONE || !add_item(l, it)))
			return false;
	}
	for (uint32_t i = 0; i < m->sets.n; i++)
		if (l->f->rules.at[m->sets.first + i].field == field)
			return false;
	return true;
}

bool formats_path_kinds(
	const struct formats *f, size_t format, struct str path, struct path_kinds *ret)
{
	enum field field = FIELDS;
	struct looking l = {.f = f, .kinds = ret};

	*ret = (struct path_kinds){0};
	if (!field_by_name(path, &field))
		field = FIELDS;
	if (!slot_of(f, path, &l.slot))
		return false;
	for (size_t i = 0; i < f->claims.n; i++) {
		const struct program_claim *c = &f->claims.at[i];
		const uint32_t maps[] = {c->map, c->outer_map};
		for (unsigned k = 0; c->format == format && k < 2; k++) {
			if (maps[k] == PROGRAM_NONE)
				continue;
			l.map = &f->maps.at[maps[k]];
			if (!look_in_map(&l) || (field < FIELDS && !look_for_field(&l, field)))
				return false;
		}
	}
	return ret->n > 0;
}
