#ifndef ENGINE_COMBINE_H
#define ENGINE_COMBINE_H

#include "engine/hits.h"

/*
 * What hits say together, of rules that are about several events: a worker is given those hits alone,
 * in their order, so that it can't matter when their records came (worker/combine.c).
 */
struct combined_one {
	uint32_t rule;
	const struct hit *first;       /* of the hits */
	const struct event_id *events; /* the first of them, by time */
	uint32_t n_events;
	uint64_t events_total;
	struct str why;
};
struct combined {
	VEC(struct combined_one) at;
	uint64_t undecided; /* rules that met a limit: they may find more */
};

/* What it returns borrows from the hits and from the arena. */
MUST bool combine(const struct box_options *box, const struct rulebook *book,
	const struct hits *hits, struct arena *a, struct combined *ret, struct err *err);
void combined_release(struct combined *c);

#endif
