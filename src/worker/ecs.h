#ifndef WORKER_ECS_H
#define WORKER_ECS_H

#include "base/buf.h"
#include "box/jobs.h"
#include "observe/observe.h"
#include "read/reader.h"

/*
 * An event's JSON face (DESIGN §6): Elastic Common Schema names as dotted keys, in the order of
 * model/fields.def; a field with several values is an array.  Appends one line.  A record without
 * event gives its flaws only.
 */
struct ecs {
	const struct formats *formats;
	struct observer *observer;
	struct str source; /* spoor.source */
};

void ecs_line(
	const struct ecs *ecs, struct record *rec, const struct render_item *at, struct buf *out);

#endif
