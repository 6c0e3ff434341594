#ifndef ENGINE_ARRIVAL_H
#define ENGINE_ARRIVAL_H

#include "base/arena.h"
#include "engine/publish.h"

/*
 * The batches of a source as workers bring them back, in any order, staged in the order of the
 * source; and what their segments say of it.
 */
struct arrival;

/* Formats' names are kept in the arena. */
MUST bool arrival_begin(struct folder *f, struct arena *a, struct arrival **ret_a, struct err *err);
void arrival_free(struct arrival *a); /* what was staged and not taken is dropped */
MUST bool arrival_take(
	struct arrival *a, uint32_t seq, struct str batch, struct str segment, struct err *err);
uint32_t arrival_staged(const struct arrival *a); /* batches, the first ones of the source */

/* When all have come: the staging, which the caller has from now on. */
struct staging *arrival_staging(struct arrival *a);
struct str arrival_format(const struct arrival *a); /* of most of its events; "" if none */
/* Times of its events; INT64_MIN if none. */
void arrival_span(const struct arrival *a, int64_t *ret_first, int64_t *ret_last);

#endif
