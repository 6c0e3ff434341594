#ifndef ENGINE_RENDER_H
#define ENGINE_RENDER_H

#include "box/client.h"
#include "engine/folder.h"
#include "engine/search.h"

/*
 * Events in Elastic Common Schema: their records are read from the batches and parsed again in
 * the box, so that the whole event is there and not only its columns.
 */
struct renderer;

struct renderer *renderer_new(struct snapshot *snap, const struct box_options *opt);
void renderer_free(struct renderer *r);

/* Appends one JSON line per event, in the order given. */
MUST bool render_events(struct renderer *r, const struct event_at *events, size_t n,
	struct buf *out, struct err *err);

#endif
