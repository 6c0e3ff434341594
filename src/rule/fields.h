#ifndef RULE_FIELDS_H
#define RULE_FIELDS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"

/*
 * The names of fields that rules ask for, as a trie over their parts, so that one walk over an
 * event finds the values of all of them.  A name's dots lead into objects, and into names that
 * have dots themselves; an array is passed through: a field of its elements is a field of it.
 *
 *	name[any]	an element (the same as without it)
 *	name[all]	each element, and there is one
 *	name[N]		the element of that number, from 0
 *
 * An array of objects that have a name and a value, as audit logs of Microsoft and Google write
 * what an operation was given ({"Name": "ForwardTo", "Value": …}), has a field of each such name.
 */
#define FIELD_NONE UINT32_MAX

struct field_node {
	uint32_t field_first; /* index in `ends`, chained; or FIELD_NONE */
	bool numbered;        /* has a child "[n]" or "[all]" */
};

struct field_end {
	uint32_t field, next;
};

struct rule_field {
	struct str name;    /* as the rule writes it */
	bool all;           /* has [all]: a test must hold for each element */
	uint32_t all_first; /* index in `alls`, chained; or FIELD_NONE */
};

/* Where elements of a field with [all] are counted. */
struct field_all {
	uint32_t node, next;
};

/* What a field is in each event, since its log source says so. */
struct field_said {
	uint32_t field;
	struct str text;
};

struct field_edge {
	uint64_t hash;
	uint32_t parent, child;
	struct str part;
};

enum { FIELDS_MAYBE = 16384 };

struct fields {
	struct arena arena;
	VEC(struct rule_field) fields;
	VEC(struct field_node) nodes; /* 0 is the root */
	VEC(struct field_end) ends;
	VEC(struct field_all) alls;
	VEC(struct field_said) said;
	struct field_edge *edges; /* open addressing */
	size_t n_edges, room;
	uint64_t maybe[FIELDS_MAYBE /
		       64]; /* a bit for each edge: most names of an event have none */
};

void fields_init(struct fields *f);
void fields_release(struct fields *f);
/* A new field; ERR_CONFIG if a selector in the name makes no sense. */
MUST bool fields_add(struct fields *f, struct str name, uint32_t *ret_field, struct err *err);
/* Another path that leads to it ("Event.EventData.Image" to Image). */
MUST bool fields_path(struct fields *f, uint32_t field, struct str path, struct err *err);
/* From the node, the length and three bytes of a name: much cheaper than its hash. */
static inline size_t fields_maybe_bit(uint32_t node, struct str part)
{
	uint64_t x = (uint64_t)node << 32 | (uint64_t)(part.n & 0xff) << 24;

	if (part.n)
		x |= (uint64_t)(uint8_t)part.p[0] << 16 |
		     (uint64_t)(uint8_t)part.p[part.n / 2] << 8 | (uint8_t)part.p[part.n - 1];
	return (size_t)(x * 0x9e3779b97f4a7c15u >> 32) % FIELDS_MAYBE;
}
/* Where a name with dots leads from the root, or FIELD_NONE. */
uint32_t fields_node(const struct fields *f, struct str name);
/* The child of a node, or FIELD_NONE.  part: without dots. */
uint32_t fields_child_found(const struct fields *f, uint32_t node, struct str part);
static inline uint32_t fields_child(const struct fields *f, uint32_t node, struct str part)
{
	size_t bit = fields_maybe_bit(node, part);

	if (!(f->maybe[bit / 64] >> bit % 64 & 1))
		return FIELD_NONE;
	return fields_child_found(f, node, part);
}

#endif
