#ifndef ENGINE_EVALUATE_H
#define ENGINE_EVALUATE_H

#include "box/client.h"
#include "box/jobs.h"
#include "engine/folder.h"
#include "engine/watcher.h"

/*
 * Holds records against rules, in boxes side by side (worker/detect.c).  What is asked for is added
 * batch by batch; what a batch says is handed over as a whole, in no order that can be relied on.
 */
struct evaluate_record {
	uint32_t record; /* of the batch */
	struct event_id id;
};

/* A batch, and those of its records that are to be held against the rules, ascending. */
struct evaluate_batch {
	uint32_t number; /* the asker's */
	struct str name;
	const struct evaluate_record *records;
	size_t n;
};

struct evaluate_hit {
	const struct evaluate_record *of;
	uint32_t rule, part; /* number in the set */
	struct str values, why;
};

struct evaluated {
	uint32_t number;
	bool reduced;                    /* mails of which facts alone are kept */
	uint64_t unread;                 /* records that end the worker: nothing is known of them */
	const struct evaluate_hit *hits; /* by record, rule and part */
	size_t n;
};
/* Borrowed for the call. */
typedef bool (*evaluated_fn)(void *arg, const struct evaluated *e, struct err *err);

struct evaluate_options {
	struct box_options box;
	unsigned jobs;        /* 0: one a core */
	struct str rules;     /* as rules_gather gave them */
	uint32_t n_rules;     /* how many rules that are, loaded or not */
	const uint32_t *only; /* numbers of those that are asked, ascending */
	size_t n_only;
	const struct watcher *watcher;
	evaluated_fn fn;
	void *arg;
};

struct evaluating;
MUST bool evaluate_begin(struct snapshot *snap, const struct evaluate_options *opt,
	struct evaluating **ret_e, struct err *err);
MUST bool evaluate_add(struct evaluating *e, const struct evaluate_batch *b, struct err *err);
/* Waits for all that was added. */
MUST bool evaluate_finish(struct evaluating *e, struct err *err);
void evaluate_free(struct evaluating *e);

#endif
