#ifndef INTEL_INDWRITER_H
#define INTEL_INDWRITER_H

#include "base/vec.h"
#include "intel/keyed.h"
#include "intel/record.h"

/*
 * Writes a file of indicators (spoor-indicators(5)) from front to back.  In memory are only twelve
 * bytes a key, networks, and the block at hand, so that a list may be larger than memory.
 */
struct indwriter_sink {
	bool (*write)(void *arg,
		struct str bytes); /* appends; false: it can't, and won't be asked again */
	/* All that was written so far, to read records again that may be the same; NULL p: it can't. */
	struct str (*written)(void *arg);
	void (*forget)(void *arg); /* lets go of what of it is in memory, or NULL */
	void *arg;
};

/* One of the source's files. */
struct indwriter_member {
	struct str name;
	uint64_t size; /* bytes of it as given */
};

struct indwriter_network {
	uint8_t from[16], to[16];
	uint32_t ordinal;
};

struct indwriter {
	struct indwriter_sink sink;
	uint64_t at; /* bytes written */
	bool failed;
	struct buf block; /* records that were not written yet */
	struct record_putting before;
	uint32_t n, n_pending, n_revoked;
	VEC(uint64_t) blocks;
	VEC(struct keyed) keys;
	VEC(struct indwriter_network) networks;
	VEC(struct keyed) doubles; /* key: which it repeats */
};

/* sink is copied. */
void indwriter_init(struct indwriter *w, const struct indwriter_sink *sink);
/* Of so many bytes records will come: room for their keys, which is taken only as they come. */
void indwriter_expect(struct indwriter *w, uint64_t bytes);
/* All is copied.  Records beyond 2^32 - 2 are a failure. */
void indwriter_add(struct indwriter *w, const struct indicator *in);

/* Called for each double, by ordinal, with the record that it repeats. */
typedef void (*indwriter_double_fn)(
	void *arg, const struct indicator *in, const struct indicator *first);
/* False if the sink failed. */
bool indwriter_finish(struct indwriter *w, enum intel_role role,
	const struct indwriter_member *members, uint32_t n_members, indwriter_double_fn fn,
	void *arg);
void indwriter_release(struct indwriter *w);

#endif
