#ifndef INTEL_GRAPH_H
#define INTEL_GRAPH_H

#include "base/arena.h"
#include "base/when.h"
#include "intel/notes.h"
#include "intel/sdo.h"

/*
 * What the objects of a file say about one another: which version of an object is the newest,
 * which actor an indicator points to, which label a marking is, what refers to nothing.  Fill it
 * with every object, seal it, then ask, in the order in which they were filled in.
 */
struct graph_object {
	uint64_t hash; /* of the id */
	struct str id;
	struct str name;      /* sdo_title of the newest version, as is all that follows */
	uint64_t digest;      /* sdo_digest */
	struct when modified; /* WHEN_NONE: it says none */
	uint32_t order;       /* in the file */
	uint32_t type;        /* hash of it */
	uint8_t rank;         /* the higher, the more its name is one of who did it; 0: it isn't */
	bool revoked;
	bool clash; /* objects of several types have this id: none is a version of another */
	bool taken; /* graph_take had the newest */
};
struct graph_edge {
	struct str id, from, to; /* the relationship, and what it joins */
	struct when modified;
};
struct graph_marking {
	struct str id, label;
};

struct graph {
	VEC(struct graph_object) objects; /* by hash, once sealed */
	uint32_t *
		begin; /* by the first bits of a hash: where those objects begin; one more at the end */
	unsigned bits;
	VEC(struct graph_edge) edges;
	VEC(struct graph_marking) markings;
	VEC(uint64_t) joined; /* edges as places of objects: from << 32 | to, in order */
};

/* What it keeps of the object, it keeps by gather_keep. */
void graph_add(struct graph *g, const struct gather *k, const struct sdo *o, uint64_t digest);
void graph_seal(struct graph *g);
void graph_release(struct graph *g);

/* NULL if no object has that id. */
const struct graph_object *graph_find(const struct graph *g, struct str id);

enum graph_version {
	GRAPH_NEWEST,
	GRAPH_OLDER, /* another version is newer */
	GRAPH_AGAIN, /* the newest once more, word by word */
	GRAPH_TWIN,  /* as new as the newest, and something else: both count */
	GRAPH_CLASH, /* an object of another type has its id: both count */
};
enum graph_version graph_take(struct graph *g, const struct sdo *o, uint64_t digest);

/*
 * Names of the intrusion sets (or else threat actors, campaigns, malware) that the indicator
 * indicates, directly or by what they are attributed to; sorted, joined by ", "; "" if none.
 */
struct str graph_actor(const struct graph *g, struct arena *a, struct str id);
/*
 * The strictest label of the markings referred to.  One that isn't understood is TLP:RED; one that
 * the file doesn't define is noted with the line, and left open (marking.h).
 */
struct str graph_marking(const struct graph *g, struct arena *a, const struct sdo *o,
	struct notes *notes, uint32_t line);
/* What a marking definition stands for; "" for one that limits no sharing (a copyright). */
struct str graph_label(const struct sdo *definition);

#endif
