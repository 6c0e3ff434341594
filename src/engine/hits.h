#ifndef ENGINE_HITS_H
#define ENGINE_HITS_H

#include "engine/evaluate.h"
#include "engine/rulebook.h"

/*
 * What rules match, over all history.  A rule is held against a batch once: what it matched is kept
 * in the catalogue by the rule's version (casedb/hit.h), so that a question evaluates what is new
 * alone, be it rules or batches, and an answer is the same whether a record came before its rule
 * or after it.
 */
struct hit {
	uint32_t segment, row; /* of the snapshot */
	int64_t time;          /* INT64_MIN: unknown */
	struct event_id id;
	uint32_t content; /* tells events apart that share an id */
	uint32_t rule, part;
	struct str values, why; /* box/jobs.h */
};

struct hits {
	struct arena arena;
	VEC(struct hit) at;    /* of events that count, by time, id, content, rule, part */
	uint64_t unread;       /* records of which nothing is known, since they end the worker */
	VEC(uint32_t) reduced; /* segments that have mails of which facts alone are kept */
	uint64_t evaluated;    /* records that had to be held against rules now */
};

struct hits_options {
	struct box_options box;
	unsigned jobs; /* 0: one a core */
	const struct rulebook *book;
	bool fresh; /* those that are found now, not what was kept */
	const struct watcher *watcher;
};

/* Keeps what it found out where the case can be written. */
MUST bool hits_find(struct folder *f, struct snapshot *snap, const struct hits_options *opt,
	struct hits *ret, struct err *err);
void hits_release(struct hits *h);

#endif
