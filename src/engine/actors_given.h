#ifndef ENGINE_ACTORS_GIVEN_H
#define ENGINE_ACTORS_GIVEN_H

#include "engine/actors.h"

/* Inside actors*.c: what was given and isn't sorted yet, and what its steps share. */
struct given_name {
	int64_t source;
	struct node_name n;
};
struct given_edge {
	int64_t source;
	struct str from, to, type;
	int confidence;
};
/* An edge between two entries. */
struct said_same {
	uint32_t a, b;
	int confidence;
	struct str origin, by, type;
};
struct actors_given {
	VEC(struct given_name) names;
	VEC(struct given_edge) edges;
	VEC(struct said_same) same; /* between entries of which neither is the other's */
	VEC(uint32_t) by_id;        /* nodes, by what is unique in their ids */
};

uint32_t forest_root(uint32_t *up, uint32_t i);
void forest_unite(uint32_t *up, uint32_t a, uint32_t b);
uint32_t *forest_new(size_t n); /* to be freed */

/* STIX ids are TYPE--UUID, and others refer by the UUID alone. */
struct str id_key(struct str id);
/* An entry of a node of that id, in the source if it has one; UINT32_MAX if there is none. */
uint32_t entry_of_id(const struct actors *a, int64_t source, struct str id);

/* Does it say of two of a catalogue's own that they are one? */
bool edge_says_one(struct str type);

void actors_make_entries(struct actors *a);
void actors_make_uses(struct actors *a);
void actors_make_links(struct actors *a);
void actors_make_groups(struct actors *a);

#endif
