#ifndef ENGINE_POOL_H
#define ENGINE_POOL_H

#include "base/err.h"
#include "box/client.h"
#include "store/batch.h"

/*
 * Workers that parse batches side by side (DESIGN §8).  The caller fills a free worker's input,
 * submits it, and gets each result once it has been checked: the raw bytes equal those handed
 * out, the segment is valid and claims no more than the batch can hold.  A record that kills, stalls or starves its worker is taken out and
 * the batch is run again without it.
 */
struct pool;

struct pool_result {
	void *task;       /* as submitted */
	struct str batch; /* file bytes; empty for reindexing */
	struct str segment;
	uint32_t taken_out; /* records that were kept as raw bytes only */
	bool without_rules; /* the worker ended with the task's rules, and had to do without */
};
/* The strs die on return. */
typedef bool (*pool_done_fn)(void *arg, const struct pool_result *r, struct err *err);

struct pool_options {
	struct box_options box;
	unsigned jobs; /* 0: one a core */
	int zstd_level;
	pool_done_fn done;
	void *arg;
};

MUST bool pool_start(const struct pool_options *opt, struct pool **ret_p, struct err *err);
void pool_stop(struct pool *p);

/* The input of a worker that is free; waits for one (results are handed out meanwhile). */
MUST bool pool_input(struct pool *p, char **ret_input, size_t *ret_room, struct err *err);

struct pool_task {
	struct batch_head head;   /* its strs must live until the task is done */
	size_t raw_len;           /* the first bytes of the input that pool_input gave */
	const struct span *spans; /* reindexing: where the records are; must live as well */
	uint32_t n_spans;
	bool want_batch;
	/* Mails may be replaced by their facts: then the batch can't be held against what was sent. */
	bool reduce;
	struct str rules; /* of YARA, for mails that are reduced; must live as long */
	void *task;
};
MUST bool pool_submit(struct pool *p, const struct pool_task *t, struct err *err);
/* Waits until everything that was submitted is done. */
MUST bool pool_drain(struct pool *p, struct err *err);

#endif
