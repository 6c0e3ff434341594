#ifndef MODEL_PROBE_H
#define MODEL_PROBE_H

#include "model/observable.h"

/*
 * The common currency of the join (DESIGN §3): what is looked for, as a key, sorted by key.
 * `ref` is the asker's own number (which indicator).  Hits are always compared with `o`, since
 * an attacker can collide an unkeyed hash.
 */
struct probe {
	uint64_t key; /* observable_key(o) */
	uint32_t ref;
	struct observable o;
};

/* An address range to look for; from and to inclusive, IPv4 as ::ffff:0:0/96. */
struct range_probe {
	uint8_t from[16], to[16];
	uint32_t ref;
};

#endif
