#include "rule/fields.h"

#include <stdlib.h>

#include "base/hash.h"

void fields_init(struct fields *f)
{
	*f = (struct fields){0};
	*vec_push(&f->nodes) = (struct field_node){.field_first = FIELD_NONE};
}

void fields_release(struct fields *f)
{
	vec_release(&f->fields);
	vec_release(&f->nodes);
	vec_release(&f->ends);
	vec_release(&f->alls);
	vec_release(&f->said);
	free(f->edges);
	arena_release(&f->arena);
}

/* The place of an edge, or the free one where it would be. */
static size_t slot(const struct fields *f, uint32_t node, struct str part, uint64_t hash)
{
	size_t at = (size_t)hash & (f->room - 1);

	while (f->edges[at].child && (f->edges[at].hash != hash || f->edges[at].parent != node ||
					     !str_eq(f->edges[at].part, part)))
		at = (at + 1) & (f->room - 1);
	return at;
}

static uint64_t hash_of(uint32_t node, struct str part)
{
	return hash64(part.p, part.n, node);
}

uint32_t fields_child_found(const struct fields *f, uint32_t node, struct str part)
{
	if (!f->room)
		return FIELD_NONE;
	size_t at = slot(f, node, part, hash_of(node, part));
	return f->edges[at].child ? f->edges[at].child : FIELD_NONE;
}

uint32_t fields_node(const struct fields *f, struct str name)
{
	uint32_t node = 0;

	while (name.n && node != FIELD_NONE)
		node = fields_child(f, node, str_cut(&name, '.'));
	return node;
}

static void grow(struct fields *f)
{
	struct field_edge *old = f->edges;
	size_t n = f->room;

	if (f->n_edges * 2 < f->room)
		return;
	f->room = n ? n * 2 : 256;
	f->edges = calloc(f->room, sizeof(*f->edges));
	if (!f->edges)
		BUG("out of memory");
	for (size_t i = 0; i < n; i++) {
		if (old[i].child)
			f->edges[slot(f, old[i].parent, old[i].part, old[i].hash)] = old[i];
	}
	free(old);
}

static uint32_t child_made(struct fields *f, uint32_t node, struct str part)
{
	uint64_t hash = hash_of(node, part);

	grow(f);
	size_t at = slot(f, node, part, hash);
	if (f->edges[at].child)
		return f->edges[at].child;
	uint32_t child = (uint32_t)f->nodes.n;
	*vec_push(&f->nodes) = (struct field_node){.field_first = FIELD_NONE};
	f->edges[at] = (struct field_edge){hash, node, child, arena_dup(&f->arena, part)};
	f->n_edges++;
	size_t bit = fields_maybe_bit(node, part);
	f->maybe[bit / 64] |= 1ull << bit % 64;
	return child;
}

struct adding {
	uint32_t field, node;
	bool all; /* the path has one */
};

/* "[3]", "[all]": false if it is neither. */
static bool add_selector(struct fields *f, struct adding *to, struct str inside)
{
	bool all = str_eq(inside, STR("all"));
	uint64_t n;

	if (str_eq(inside, STR("any")))
		return true;
	if (all && to->all)
		return false; /* of which of both would a test have to hold? */
	if (!all && (!str_u64(inside, &n) || n > 65535))
		return false;
	f->nodes.at[to->node].numbered = true;
	struct str part =
		all ? STR("[all]") : arena_printf(&f->arena, "[%llu]", (unsigned long long)n);
	to->node = child_made(f, to->node, part);
	if (all) {
		uint32_t *first = &f->fields.at[to->field].all_first;
		*vec_push(&f->alls) = (struct field_all){to->node, *first};
		*first = (uint32_t)f->alls.n - 1;
	}
	to->all |= all;
	return true;
}

/* A part of a path with its selectors: "name", "name[0]", "name[any][all]". */
static bool add_part(struct fields *f, struct adding *to, struct str part)
{
	size_t open = str_chr(part, '[');

	/* Brackets elsewhere ("a[b") belong to the name. */
	if (open == 0 || open == part.n || part.p[part.n - 1] != ']') {
		to->node = child_made(f, to->node, part);
		return true;
	}
	to->node = child_made(f, to->node, str_upto(part, open));
	part = str_from(part, open);
	while (part.n) {
		size_t close = str_chr(part, ']');
		if (part.p[0] != '[' || close == part.n ||
			!add_selector(f, to, str_from(str_upto(part, close), 1)))
			return false;
		part = str_from(part, close + 1);
	}
	return true;
}

bool fields_path(struct fields *f, uint32_t field, struct str path, struct err *err)
{
	struct adding to = {.field = field};
	struct str rest = path;

	while (rest.n) {
		if (!add_part(f, &to, str_cut(&rest, '.')))
			return err_set(err, ERR_CONFIG,
				"'" STR_FMT "' is no field: a selector is [any], [all] or a number",
				STR_ARG(str_upto(path, 200)));
	}
	f->fields.at[field].all |= to.all;
	*vec_push(&f->ends) = (struct field_end){field, f->nodes.at[to.node].field_first};
	f->nodes.at[to.node].field_first = (uint32_t)f->ends.n - 1;
	return true;
}

bool fields_add(struct fields *f, struct str name, uint32_t *ret_field, struct err *err)
{
	*ret_field = (uint32_t)f->fields.n;
	*vec_push(&f->fields) =
		(struct rule_field){.name = arena_dup(&f->arena, name), .all_first = FIELD_NONE};
	return fields_path(f, *ret_field, name, err);
}
