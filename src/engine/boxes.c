#include "engine/boxes.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BOXES_MAX = 64 };

bool boxes_start(struct boxes *b, const struct box_options *opt, unsigned jobs, struct err *err)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned n = jobs ? jobs : cores > 0 ? (unsigned)cores : 1;

	if (n > BOXES_MAX)
		n = BOXES_MAX;
	*b = (struct boxes){n, calloc(n, sizeof(*b->at)), calloc(n, sizeof(*b->busy))};
	if (!b->at || !b->busy)
		BUG("out of memory");
	for (unsigned i = 0; i < n; i++) {
		if (!box_start(opt, &b->at[i], err)) {
			boxes_stop(b);
			return false;
		}
	}
	return true;
}

void boxes_stop(struct boxes *b)
{
	for (unsigned i = 0; i < b->n; i++)
		box_stop(b->at[i]);
	free(b->at);
	free(b->busy);
	*b = (struct boxes){0};
}

/* Waits for at least one reply. */
static bool wait_some(struct boxes *b, boxes_reply_fn reply, void *arg, struct err *err)
{
	struct pollfd fds[BOXES_MAX];

	for (unsigned i = 0; i < b->n; i++)
		fds[i] =
			(struct pollfd){.fd = b->busy[i] ? box_fd(b->at[i]) : -1, .events = POLLIN};
	while (poll(fds, b->n, -1) < 0)
		if (errno != EINTR)
			return err_set(
				err, ERR_BOX, "cannot wait for workers: %s", strerror(errno));
	for (unsigned i = 0; i < b->n; i++)
		if (fds[i].revents && !reply(arg, i, err))
			return false;
	return true;
}

bool boxes_free(struct boxes *b, boxes_reply_fn reply, void *arg, unsigned *ret_i, struct err *err)
{
	for (;;) {
		for (unsigned i = 0; i < b->n; i++) {
			if (b->busy[i])
				continue;
			*ret_i = i;
			return true;
		}
		if (!wait_some(b, reply, arg, err))
			return false;
	}
}

bool boxes_drain(struct boxes *b, boxes_reply_fn reply, void *arg, struct err *err)
{
	for (;;) {
		bool busy = false;
		for (unsigned i = 0; i < b->n; i++)
			busy = busy || b->busy[i];
		if (!busy)
			return true;
		if (!wait_some(b, reply, arg, err))
			return false;
	}
}
