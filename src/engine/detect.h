#ifndef ENGINE_DETECT_H
#define ENGINE_DETECT_H

#include "base/arena.h"
#include "base/vec.h"
#include "box/client.h"
#include "engine/folder.h"
#include "engine/watcher.h"

/*
 * Holds all events of a snapshot against rules: the records are read again, in boxes side by side
 * (worker/detect.c).  Copies that don't count are left out.  The answer is that of a set of sources,
 * whatever order they came in and however many workers there are.
 */
struct detect_options {
	struct box_options box;
	unsigned jobs;    /* 0: one a core */
	struct str rules; /* as rules_gather gave them */
	uint32_t n_rules; /* how many rules that are, loaded or not */
	int64_t from, to; /* of events: [from, to) */
	const struct watcher *watcher;
};

enum { DETECTION_ACCOUNTS = 2 };

/* A rule matched an event. */
struct detection {
	int64_t time; /* INT64_MIN: unknown */
	struct event_id id;
	uint32_t content; /* tells events apart that share an id */
	uint32_t rule;    /* number in the set */
	uint32_t segment, row;
	struct str why; /* "" where too much would have to be said (box/jobs.h) */
	/* Who did it, by name and address; they borrow from the snapshot. */
	struct observable accounts[DETECTION_ACCOUNTS];
	uint32_t n_accounts;
};

struct detected {
	struct arena arena;
	VEC(struct detection) at; /* by time, id, rule */
	uint64_t events;          /* that were held against the rules */
	uint64_t reduced;         /* of these, mails of which facts alone are kept */
	uint64_t unread; /* events whose records ended the worker: nothing is known of them */
};

MUST bool detect(struct snapshot *snap, const struct detect_options *opt, struct detected *ret,
	struct err *err);
void detected_release(struct detected *d);

#endif
