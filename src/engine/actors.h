#ifndef ENGINE_ACTORS_H
#define ENGINE_ACTORS_H

#include "base/arena.h"
#include "base/vec.h"
#include "engine/namer.h"
#include "model/knowledge.h"

/*
 * Who is the same actor under several names: from what all sources state, and from nothing else, so
 * that the order in which they came is no matter.  Nothing here is stored; it is computed anew.
 *
 * A CATALOGUE is one body's view ("mitre-attack", "misp-galaxy:threat-actor", a file that names
 * nobody else); what it calls one actor, in however many files and versions, is an ENTRY: nodes
 * of one id or of one main name, and those that the catalogue itself says to be one (revoked-by,
 * duplicate-of, same-as).  An entry USES names: its main name, its number, its aliases.
 *
 * An ORIGIN is whose word an alias is: who is said to call it so, else the catalogue's publisher
 * (engine/namers.def).  So an alias that MISP's galaxy has from Secureworks, and Secureworks' own,
 * are one origin; five feeds that copy one report are one.
 *
 * Two entries have a LINK if they share a name, or if a source says so (similar, same-as …).
 *
 *   joined     they share the main name; or what is said of names in common amounts to at least
 *              ACTOR_SURE, from at least two origins (METHODS 0.2).  A main name as such is no
 *              statement: an entry is called by it.  Thirds that go by both main names count, too.
 *              Origins add up as independent ones, 1 - (1 - a)(1 - b), each by its surest word.
 *   alone      less than that: "says X alone".  Shown, and not joined.
 *   contested  their names in common fit more than one actor.  Not joined either, but listed
 *              for whoever tries both ways.
 *
 * A name that stands at two entries of one catalogue says nothing of which is meant, unless an
 * edge says it.  And catalogues are believed in what they keep apart: links are made from the
 * strongest (same main name, then the number of names in common); where those of one strength
 * would put two entries of a catalogue that keeps its entries apart into one group, those between
 * them are contested.  First come links between edited catalogues (anchors), then all others, which
 * join nothing that anchors left in two groups: else one list of aliases could.  What is contested
 * at one strength isn't made by a weaker one.  Since only entries that share names meet,
 * irrelevant ones change nothing.
 *
 * So there are two views: apart (groups as they are here), and joined: for a link that isn't
 * made, the groups of both its entries are tried as one (actors_links_of).
 */
#define ACTOR_SURE 80          /* per cent */
#define ACTOR_NAME_ENTRIES 32u /* a name of more entries than that says nothing */

enum actor_link_state { ACTOR_JOINED, ACTOR_ALONE, ACTOR_CONTESTED };

struct actor_node {
	int64_t source;
	struct str id, name, origin, external;
	struct when created, modified;
	bool revoked;
	uint32_t entry;
	struct catalogue of;
	struct str fold;
};

struct actor_use {
	uint32_t entry, name;
	int64_t source;
	struct str written; /* as the source has it */
	struct str by;      /* who is said to call it so, or "" */
	struct str origin;  /* whose word it is, as origins are counted */
	int confidence;     /* 0 to 100 */
	bool own;           /* the main name, or the number */
};

struct actor_entry {
	struct str catalogue; /* as its nodes write it; a source's own name if they say none */
	struct catalogue of;
	struct str name, fold, external;
	struct when since, modified; /* of the first and of the last version */
	bool withdrawn;              /* by its source, without saying what took its place */
	uint32_t group;
	uint32_t first_use, n_uses;   /* in uses, by name */
	uint32_t first_node, n_nodes; /* in nodes */
};

struct actor_name {
	struct str fold;
	struct str written;         /* the spelling that most use */
	uint32_t first_use, n_uses; /* in by_name, by entry */
	bool generic;               /* joins nothing */
	bool contested;             /* fits more than one group, and not just by one's word */
};

struct actor_link {
	uint32_t a, b; /* entries, a < b */
	enum actor_link_state state;
	uint32_t first_name, n_names; /* in link_names: names in common */
	uint32_t n_clear;             /* of these, that fit one entry of each catalogue */
	int confidence;               /* 0 to 100 */
	uint32_t n_origins;
	bool main_name; /* the same one */
	bool said;      /* by an edge, not only by names */
	struct str said_by, edge;
};

struct actor_group {
	struct str name;                 /* the one that most entries use */
	uint32_t first_entry, n_entries; /* in members */
};

struct actors {
	struct arena arena;
	VEC(struct actor_node) nodes; /* by entry */
	VEC(struct actor_entry) entries;
	VEC(struct actor_use) uses; /* by entry, then name */
	VEC(struct actor_name) names;
	VEC(uint32_t) by_name; /* uses, by name */
	VEC(struct actor_link) links;
	VEC(uint32_t) link_names;
	VEC(struct actor_group) groups;
	VEC(uint32_t) members; /* entries, by group */
	struct actors_given *given;
};

/*
 * Fill it with what sources state of actors, in any order, then seal it once.  Texts are copied.
 * source_name is what a source is called whose nodes name no origin.
 */
void actors_init(struct actors *a);
void actors_release(struct actors *a);
void actors_add_node(
	struct actors *a, int64_t source, struct str source_name, const struct node *n);
void actors_add_name(struct actors *a, int64_t source, const struct node_name *n);
void actors_add_edge(struct actors *a, int64_t source, const struct edge *e);
void actors_seal(struct actors *a);

/* Is this what an edge calls it when two nodes are one actor?  The i-th such word, or NULL. */
bool edge_says_same(struct str type);
const char *edge_same_type(size_t i);

/* Groups of whoever goes by that name (folded), number or id; at most max, by number. */
size_t actors_find(const struct actors *a, struct str text, uint32_t *ret_groups, size_t max);
/* Puts a group among n sorted ones, unless it is there or they are full; says how many there are. */
size_t actors_put_group(uint32_t *groups, size_t n, size_t max, uint32_t group);
/* The name of that text, or NULL. */
const struct actor_name *actors_name(const struct actors *a, struct str text);
/* The first of an entry's uses of a name (in uses), where there is one; what follows may be more. */
uint32_t actors_use_of(const struct actors *a, uint32_t entry, uint32_t name);
/* Groups of all that a name fits. */
size_t actors_of_name(
	const struct actors *a, const struct actor_name *n, uint32_t *ret_groups, size_t max);

/* Links of a group to other groups: numbers in links, those that say most first. */
struct actor_links {
	uint32_t *at;
	size_t n, cap;
};
/* To be given back by vec_release. */
void actors_links_of(const struct actors *a, uint32_t group, struct actor_links *ret);
/* The group at the other end. */
uint32_t actors_other(const struct actors *a, const struct actor_link *k, uint32_t group);

#endif
