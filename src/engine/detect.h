#ifndef ENGINE_DETECT_H
#define ENGINE_DETECT_H

#include "engine/hits.h"

/*
 * What rules say of history: their hits (engine/hits.h), and, of rules that are about several events,
 * what the hits are together (engine/combine.h).  Copies that don't count are left out.  The answer is that of a
 * set of sources, whatever order they came in and however many workers there are.
 */
struct detect_options {
	struct hits_options hits;
	int64_t from, to; /* of events: [from, to) */
};

enum { DETECTION_ACCOUNTS = 2, DETECTION_EVENTS = 20 };

/* A rule matched an event, or several together. */
struct detection {
	int64_t time;       /* of the first; INT64_MIN: unknown */
	struct event_id id; /* its */
	uint32_t content;   /* tells events apart that share an id */
	uint32_t rule;      /* number in the set */
	uint32_t segment, row;
	struct str why; /* "" where too much would have to be said (box/jobs.h) */
	/* Who did it, by name and address; they borrow from the snapshot. */
	struct observable accounts[DETECTION_ACCOUNTS];
	uint32_t n_accounts;
	const struct event_id *events; /* the first of them, by time; of one event: NULL */
	uint32_t n_events;
	uint64_t events_total;
};

struct detected {
	struct arena arena;
	struct hits hits;
	VEC(struct detection) at; /* by time, id, rule */
	uint64_t events;          /* that were held against the rules */
	uint64_t undecided;       /* rules of several events that met a limit */
	uint64_t reduced;         /* of these, mails of which facts alone are kept */
	int64_t reduced_first, reduced_last;
};

MUST bool detect(struct folder *f, struct snapshot *snap, const struct detect_options *opt,
	struct detected *ret, struct err *err);
void detected_release(struct detected *d);

#endif
