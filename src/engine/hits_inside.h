#ifndef ENGINE_HITS_INSIDE_H
#define ENGINE_HITS_INSIDE_H

#include "base/vec.h"
#include "engine/hits.h"

/* What the files of hits share (hits, hits_kept, hits_rows, hits_scope). */

/* A pass of the catalogue, or one that is being made. */
struct hit_pass {
	int64_t id;
	struct str rules; /* versions */
	uint32_t *
		numbers; /* of the book's rules, by the pass's numbers; UINT32_MAX: none of these */
	size_t n;
	bool *has; /* by the book's numbers */
	bool useful;
};

/* A batch of the snapshot. */
struct hit_place {
	struct str name;
	uint32_t segment, number; /* its number in the segment */
	uint64_t passes;          /* that it has been held against */
};

/* A hit of which the row is not known yet. */
struct raw_hit {
	uint32_t place, record;
	struct event_id id;
	uint32_t rule, part;
	struct str values, why;
};

struct versioned {
	const uint8_t *version;
	uint32_t rule;
};

struct hit_finding {
	struct folder *f;
	struct snapshot *snap;
	const struct hits_options *opt;
	struct hits *out;
	struct arena arena;
	VEC(struct versioned) versions; /* by version */
	VEC(struct hit_pass) passes;
	VEC(struct hit_place) places; /* by name */
	VEC(struct raw_hit) hits;
	VEC(bool) reduced; /* by place */
	/* Of the pass being made. */
	uint32_t making;
	uint32_t *number_of; /* by the book's numbers: in the pass */
	struct buf waiting;
	VEC(struct hits_row) rows; /* that wait; their hits are in `waiting`, by length */
	uint64_t erasures;
	struct err err; /* of callbacks */
};

static inline const struct told_rule *rule_at(const struct hit_finding *g, uint32_t i)
{
	return &g->opt->book->rules.at[i];
}

static inline uint32_t n_rules(const struct hit_finding *g)
{
	return (uint32_t)g->opt->book->rules.n;
}

/* The place of a batch of the snapshot, by its name, or NULL. */
struct hit_place *hit_place_of(const struct hit_finding *g, struct str name);

/* hits_kept.c: a pass whose rules are these versions. */
struct hit_pass *hits_add_pass(struct hit_finding *g, int64_t id, struct str rules);
/* What the catalogue has, of passes that are of use. */
MUST bool hits_load(struct hit_finding *g, struct err *err);
/* What waits, into the catalogue. */
MUST bool hits_put(struct hit_finding *g, struct err *err);
/* A batch's hits (an evaluated_fn; arg: the finding). */
MUST bool hits_take(void *arg, const struct evaluated *e, struct err *err);

/* hits_rows.c: the rows that hits stand in, as far as they count; into out->at, in order. */
void hits_find_rows(struct hit_finding *g);

/*
 * hits_scope.c: the records of a segment that have to be held against the rules `only`, by batch and
 * record; batches: by number, UINT32_MAX: not wanted.
 */
struct hit_record {
	uint32_t batch;
	struct evaluate_record at;
};
struct hit_records {
	VEC(struct hit_record) at;
};
void hits_scope(const struct hit_finding *g, uint32_t segment, const uint32_t *only, size_t n_only,
	const uint32_t *batches, struct hit_records *ret);

#endif
