#ifndef ENGINE_BOXES_H
#define ENGINE_BOXES_H

#include "base/err.h"
#include "box/client.h"

/* Boxes that work side by side.  Who sends a job to box i sets busy[i], and clears it when its
 * reply has been taken. */
struct boxes {
	unsigned n;
	struct box **at;
	bool *busy;
};

/* jobs 0: one a core. */
MUST bool boxes_start(
	struct boxes *b, const struct box_options *opt, unsigned jobs, struct err *err);
void boxes_stop(struct boxes *b);

/* Takes the reply of box i, which is there. */
typedef bool (*boxes_reply_fn)(void *arg, unsigned i, struct err *err);
/* A box that is free; waits for one (replies are taken meanwhile). */
MUST bool boxes_free(
	struct boxes *b, boxes_reply_fn reply, void *arg, unsigned *ret_i, struct err *err);
/* Until none is busy. */
MUST bool boxes_drain(struct boxes *b, boxes_reply_fn reply, void *arg, struct err *err);

#endif
