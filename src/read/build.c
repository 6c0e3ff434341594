#include "read/build.h"

#include <stdlib.h>

#include "base/err.h"

static uint32_t new_node(struct formats *f)
{
	uint32_t id = (uint32_t)f->nodes.n;

	*vec_push(&f->nodes) = (struct program_node){PROGRAM_NONE, PROGRAM_NONE, PROGRAM_NONE, 0};
	*vec_push(&f->origins) = (struct program_origin){PROGRAM_NONE, 0, 0};
	return id;
}

void build_begin(struct formats *f)
{
	f->mask = 1023;
	f->edges = calloc(f->mask + 1, sizeof(*f->edges));
	if (!f->edges)
		BUG("out of memory");
	new_node(f);
}

static struct str name_of(const struct formats *f, uint32_t node)
{
	const struct program_origin *o = &f->origins.at[node];

	return (struct str){f->names.p + o->name, o->name_n};
}

static void insert(struct formats *f, uint32_t node)
{
	const struct program_origin *o = &f->origins.at[node];
	uint32_t tag = program_tag(o->parent, hash_key(name_of(f, node)));
	uint32_t i = tag & f->mask;

	while (f->edges[i].child)
		i = (i + 1) & f->mask;
	f->edges[i] = (struct program_edge){tag, node, o->name, o->name_n};
}

/* At most half full, so that a miss, which is the usual case, costs about one look. */
static void make_room(struct formats *f)
{
	uint32_t n = f->mask + 1;

	if (f->nodes.n * 2 < n)
		return;
	free(f->edges);
	f->mask = n * 2 - 1;
	f->edges = calloc((size_t)n * 2, sizeof(*f->edges));
	if (!f->edges)
		BUG("out of memory");
	for (uint32_t i = 0; i < f->nodes.n; i++)
		if (f->origins.at[i].name_n)
			insert(f, i);
}

static uint32_t step_key(struct formats *f, uint32_t node, struct str key)
{
	uint32_t child = program_step(f, node, hash_key(key), key);

	if (child != PROGRAM_NONE)
		return child;
	make_room(f);
	child = new_node(f);
	f->origins.at[child] = (struct program_origin){node, (uint32_t)f->names.n, (uint32_t)key.n};
	buf_str(&f->names, key);
	insert(f, child);
	return child;
}

static uint32_t element_of(struct formats *f, uint32_t node)
{
	if (f->nodes.at[node].element == PROGRAM_NONE) {
		uint32_t e = new_node(f);
		f->nodes.at[node].element = e;
	}
	f->nodes.at[node].flags |= NODE_OPEN;
	return f->nodes.at[node].element;
}

static uint32_t where_of(struct formats *f, uint32_t node, struct str key)
{
	uint32_t i = f->nodes.at[node].where;

	for (; i != PROGRAM_NONE; i = f->wheres.at[i].next)
		if (str_eq_nocase(f->wheres.at[i].key, key))
			return f->wheres.at[i].node;
	element_of(f, node);
	uint32_t n = new_node(f);
	*vec_push(&f->wheres) =
		(struct program_where){arena_dup(&f->arena, key), n, f->nodes.at[node].where};
	f->nodes.at[node].where = (uint32_t)f->wheres.n - 1;
	return n;
}

uint32_t build_path(struct formats *f, const struct path *p)
{
	uint32_t node = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct step *s = &p->at[i];
		switch (s->kind) {
		case STEP_KEY:
			f->nodes.at[node].flags |= NODE_OPEN;
			node = step_key(f, node, s->key);
			break;
		case STEP_ELEMENT:
			node = element_of(f, node);
			break;
		case STEP_WHERE:
			node = step_key(f, where_of(f, node, s->key), s->value);
			break;
		case STEP_JSON:
			f->nodes.at[node].flags |= NODE_JSON;
			break;
		}
	}
	return node;
}

uint32_t build_slot(struct formats *f, uint32_t node)
{
	if (f->nodes.at[node].slot == PROGRAM_NONE) {
		*vec_push(&f->slots) = (struct program_slot){{0, 0}, PROGRAM_NONE};
		f->nodes.at[node].slot = (uint32_t)f->slots.n - 1;
	}
	return f->nodes.at[node].slot;
}

static void inherit_slot(struct formats *f, uint32_t into, uint32_t from)
{
	uint32_t own = f->nodes.at[into].slot, theirs = f->nodes.at[from].slot;

	if (own == PROGRAM_NONE)
		f->nodes.at[into].slot = theirs;
	else if (theirs != own)
		f->slots.at[own].also = theirs;
}

/* The child of a node under the same key as `like` has. */
static uint32_t step_copy(struct formats *f, uint32_t node, uint32_t like)
{
	struct buf key = {0};

	buf_str(&key, name_of(f, like)); /* the names move while nodes are made */
	uint32_t child = step_key(f, node, buf_view(&key));
	buf_release(&key);
	return child;
}

/*
 * An element that "[Name=X]" picks must fill the slots of "[]" too.  The walker is at one node
 * at a time, so the picked node gets the other's slots and a copy of its children.
 */
static void inherit(struct formats *f, uint32_t into, uint32_t from, unsigned depth)
{
	inherit_slot(f, into, from);
	f->nodes.at[into].flags |= f->nodes.at[from].flags;
	if (depth == PATH_STEPS_MAX)
		return;
	if (f->nodes.at[from].element != PROGRAM_NONE)
		inherit(f, element_of(f, into), f->nodes.at[from].element, depth + 1);
	for (uint32_t w = f->nodes.at[from].where; w != PROGRAM_NONE; w = f->wheres.at[w].next)
		inherit(f, where_of(f, into, f->wheres.at[w].key), f->wheres.at[w].node, depth + 1);
	for (uint32_t i = 0, n = (uint32_t)f->nodes.n; i < n; i++)
		if (f->origins.at[i].parent == from)
			inherit(f, step_copy(f, into, i), i, depth + 1);
}

static void inherit_all(struct formats *f)
{
	for (uint32_t node = 0; node < f->nodes.n; node++) {
		for (uint32_t w = f->nodes.at[node].where; w != PROGRAM_NONE;
			w = f->wheres.at[w].next) {
			uint32_t where = f->wheres.at[w].node;
			for (uint32_t i = 0, n = (uint32_t)f->nodes.n; i < n; i++)
				if (f->origins.at[i].parent == where)
					inherit(f, i, f->nodes.at[node].element, 0);
		}
	}
}

/* Of the conditions that need a value, the one whose slots fewest claims hang on so far. */
static const struct program_cond *rarest(
	const struct formats *f, struct range conds, const uint32_t *hanging)
{
	const struct program_cond *best = NULL;
	uint64_t best_n = UINT64_MAX;

	for (uint32_t i = 0; i < conds.n; i++) {
		const struct program_cond *c = &f->conds.at[conds.first + i];
		uint64_t n = 0;
		if (c->op != COND_EXISTS && c->op != COND_IS && c->op != COND_PREFIX &&
			c->op != COND_EMPTY)
			continue;
		for (uint32_t k = 0; k < c->alts.n; k++)
			n += hanging[f->alts.at[c->alts.first + k]];
		if (n < best_n) {
			best_n = n;
			best = c;
		}
	}
	return best;
}

static void hang_claims(struct formats *f)
{
	VEC(uint32_t) pairs = {0}; /* slot, claim */
	uint32_t *hanging = calloc(f->slots.n + 1, sizeof(*hanging));

	if (!hanging)
		BUG("out of memory");
	for (uint32_t i = 0; i < f->claims.n; i++) {
		const struct program_cond *c = rarest(f, f->claims.at[i].native, hanging);
		if (!c)
			BUG("a claim that needs no value");
		for (uint32_t k = 0; k < c->alts.n; k++) {
			uint32_t slot = f->alts.at[c->alts.first + k];
			hanging[slot]++;
			*vec_push(&pairs) = slot;
			*vec_push(&pairs) = i;
		}
	}
	for (uint32_t slot = 0; slot < f->slots.n; slot++) {
		f->slots.at[slot].claims.first = (uint32_t)f->claims_of_slots.n;
		f->slots.at[slot].claims.n = hanging[slot];
		for (size_t k = 0; hanging[slot] && k < pairs.n; k += 2)
			if (pairs.at[k] == slot)
				*vec_push(&f->claims_of_slots) = pairs.at[k + 1];
	}
	vec_release(&pairs);
	free(hanging);
}

/* Which items a slot is an alternative of, so that a record meets only those it has values for. */
static void index_items(struct formats *f, struct program_map *m)
{
	uint32_t *count = calloc(f->slots.n + 1, sizeof(*count));
	uint32_t sum = 0;

	if (!count)
		BUG("out of memory");
	for (uint32_t i = 0; i < m->items.n; i++) {
		struct range alts = f->items.at[m->items.first + i].alts;
		for (uint32_t k = 0; k < alts.n; k++)
			count[f->alts.at[alts.first + k]]++;
	}
	m->index = (uint32_t)f->indexes.n;
	for (size_t s = 0; s <= f->slots.n; s++) {
		uint32_t n = count[s];
		*vec_push(&f->indexes) = count[s] = m->index + (uint32_t)f->slots.n + 1 + sum;
		sum += n;
	}
	for (uint32_t i = 0; i < sum; i++)
		*vec_push(&f->indexes) = 0;
	for (uint32_t i = 0; i < m->items.n; i++) {
		struct range alts = f->items.at[m->items.first + i].alts;
		for (uint32_t k = 0; k < alts.n; k++)
			f->indexes.at[count[f->alts.at[alts.first + k]]++] = i;
	}
	free(count);
}

/* Those of equal weight stay in the order of their formats. */
static void order_lines(struct formats *f)
{
	for (size_t i = 1; i < f->lines.n; i++) {
		struct program_line l = f->lines.at[i];
		size_t k = i;
		for (; k && f->lines.at[k - 1].weight < l.weight; k--)
			f->lines.at[k] = f->lines.at[k - 1];
		f->lines.at[k] = l;
	}
}

void build_end(struct formats *f)
{
	inherit_all(f);
	hang_claims(f);
	order_lines(f);
	for (size_t i = 0; i < f->maps.n; i++)
		index_items(f, &f->maps.at[i]);
}
