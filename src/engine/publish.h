#ifndef ENGINE_PUBLISH_H
#define ENGINE_PUBLISH_H

#include "engine/folder.h"

/*
 * Publishing sources: all batches and segments of a source become visible at once, or none does.
 * Several sources are published together, since what takes time is waiting for the disk.
 * The order of truth (DESIGN §5): batches synced, segments synced, renamed, folders synced,
 * journal synced, catalogue committed; only then is it acknowledged.
 */
struct staging;

/* A private folder below CASE/incoming; parallel ingests have one each. */
MUST bool staging_begin(struct folder *f, struct staging **ret_s, struct err *err);
/* Writes one batch and its segment there (in order of the source).  Starts, does not await, the
 * sync. */
MUST bool staging_add(struct staging *s, struct str batch, struct str segment, struct err *err);
void staging_drop(struct staging *s); /* removes what was not published */

struct source_facts {
	struct sha256 sha256; /* of the source as given, before decoding */
	struct str path;      /* as given */
	uint64_t bytes;       /* as given */
	uint64_t decoded_bytes;
	struct str decoding;
	struct str acquired;        /* JSON of --acquired, or "" */
	struct str formats_version; /* hash of the format program and tables that read it */
	const struct flaw *flaws;   /* of the source as a whole (bad-compression, bomb) */
	size_t n_flaws;
};

struct published {
	bool known; /* the same bytes had been ingested: nothing was added */
	uint64_t records, events, copies, conflicts, observables, flaws;
	uint64_t new_events; /* canonical events that the case did not have */
};

/* One source of several. */
struct publishing {
	struct staging *staging;
	struct source_facts facts;
	struct published ret; /* as if those before it had been published before it */
	bool done;
};
/*
 * No two may have the same name (the first 128 bits of their hashes).  A source that fails by
 * itself costs itself only; *err is that of the first, and the others are published.  Frees all
 * of the stagings, whatever happens.
 */
MUST bool publish_sources(struct folder *f, struct publishing *at, size_t n, struct err *err);

/* Merges segments where there are too many; returns at once if there is nothing to do. */
MUST bool merge_pending(struct folder *f, bool *ret_merged, struct err *err);

#endif
