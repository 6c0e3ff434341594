#ifndef CMD_ACTORPRINT_H
#define CMD_ACTORPRINT_H

#include "engine/actorpage.h"
#include "text/jsonw.h"

/* What is printed of a group of actors; documented in spoor-intel(7). */
struct actor_tally {
	size_t names, contested, catalogues;
};
struct actor_tally actor_tally(const struct actors *a, uint32_t group);

/* "names": spellings; "catalogues": who has an entry of it. */
void actor_names_json(const struct actors *a, uint32_t group, struct jsonw *w);
void actor_catalogues_json(const struct actors *a, uint32_t group, struct jsonw *w);

/* "actors": names of all groups that an indicator's text fits. */
void actor_groups_json(const struct actors *a, struct str text, struct jsonw *w);

/* One that a name may mean: who says so, what else it is called, an id to ask by. */
void actor_who(const struct actors *a, uint32_t group, struct str name, struct buf *out);

void actor_page_json(
	const struct actors *a, uint32_t group, const struct actor_page *p, struct buf *out);
void actor_page_text(
	const struct actors *a, uint32_t group, const struct actor_page *p, struct buf *out);

/*
 * Where sources contradict each other about it, a sentence a line: names that one gives to it and
 * another to somebody else, actors that one keeps apart and another doesn't, claims that differ.
 */
void actor_contradictions(
	const struct actors *a, uint32_t group, const struct actor_page *p, struct buf *out);

/*
 * The names of a group, each once: those that most entries use first, numbers last.  The array is
 * the caller's, to be given back by vec_release.
 */
struct group_names {
	uint32_t *at; /* in names */
	size_t n, cap;
};
void actor_group_names(const struct actors *a, uint32_t group, struct group_names *ret);
/* The number of an entry, which isn't what it is called. */
bool use_is_number(const struct actors *a, const struct actor_use *u);
bool entry_in_group(const struct actors *a, const struct actor_use *u, uint32_t group);

#endif
