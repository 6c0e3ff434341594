#ifndef ENGINE_ACTORPAGE_H
#define ENGINE_ACTORPAGE_H

#include "engine/actorload.h"
#include "model/kind.h"

/*
 * What is known of one group of actors beside its names: what sources say that it uses and whom
 * it targets, claims, indicators, and where those met this case's history.  Texts live in the arena.
 * What stands here is what was published (METHODS 0.15), each with who says it.
 */
enum actor_part {
	ACTOR_TECHNIQUES,
	ACTOR_SOFTWARE,
	ACTOR_CAMPAIGNS,
	ACTOR_TARGETS,
	ACTOR_PARTS,
};

/* One thing, by its number or else by its name, as far as it is the same in several catalogues. */
struct actor_thing {
	enum actor_part part;
	struct str name, external;
	struct str is;           /* what it is in the words of model/node_types.def */
	struct str phases;       /* of techniques: tactics, joined by ", " */
	VEC(struct str) said_by; /* catalogues, sorted */
};

struct actor_indicators {
	int64_t of;
	struct str source; /* its name */
	uint8_t kind;      /* enum kind; KINDS: a network or a pattern */
	uint64_t count, revoked, sighted;
	struct when first, last; /* of when they are said to be valid from */
};

/* "not to be taken for", as a source states it. */
struct actor_unlike {
	struct str name, why, catalogue;
};

struct actor_claim {
	struct claim c;
	int64_t of;
	struct str source; /* its name */
	bool about;        /* it names this one; else it is of the same incident */
	bool of_entry;     /* of a catalogue's entry, not of an incident */
};

struct actor_page {
	struct arena arena;
	VEC(struct actor_thing) things; /* by part, then number or name */
	VEC(struct actor_indicators) indicators;
	VEC(struct actor_unlike) unlike;
	/* Of all incidents in which somebody named it: by incident, then date. */
	VEC(struct actor_claim) claims;
	uint64_t n_indicators, sighted, events;
	int64_t first, last; /* of events; INT64_MIN: none */
	uint64_t nowhere;    /* relations to what no source of the case describes */
};

MUST bool actor_page_load(const struct actors *a, uint32_t group, struct folder *f,
	struct actor_page *ret, struct err *err);
void actor_page_release(struct actor_page *p);

/* Parts of actor_page_load. */
MUST bool actor_page_indicators(const struct actors *a, uint32_t group, struct folder *f,
	const struct intel_set *set, struct actor_page *p, struct err *err);
MUST bool actor_page_claims(const struct actors *a, uint32_t group, struct folder *f,
	const struct intel_set *set, struct actor_page *p, struct err *err);

/* The same as numbers, for all groups at once. */
struct actor_count {
	uint64_t indicators, sighted, events;
	uint32_t techniques;
};
/* ret: one for each group, all zero. */
MUST bool actors_count_techniques(
	const struct actors *a, struct casedb *db, struct actor_count *ret, struct err *err);
MUST bool actors_count(
	const struct actors *a, struct folder *f, struct actor_count *ret, struct err *err);

#endif
