#ifndef WORKER_WATCH_H
#define WORKER_WATCH_H

#include "box/protocol.h"

/*
 * Ends a child that works on one record for too long, by its own processor time, so that a busy
 * machine changes nothing.  A backstop: limits of results count bytes and steps (base/limits.h).
 */

/* How a child ends: its exit status, which the worker turns into enum box_status. */
enum child_exit {
	CHILD_DONE = 0,
	CHILD_REFUSED = 40,
	CHILD_LOOPED,
	CHILD_STARVED,
	CHILD_BUG,
	CHILD_NO_BOX, /* the sandbox couldn't be made */
};

/* Before the sandbox.  progress must live as long as the process. */
void watch_start(struct box_progress *progress, unsigned cpu_ms);

#endif
