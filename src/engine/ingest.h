#ifndef ENGINE_INGEST_H
#define ENGINE_INGEST_H

#include "base/vec.h"
#include "engine/folder.h"
#include "engine/publish.h"
#include "engine/walk.h"

/*
 * The main stage: sources in, batches and segments out.  One source after another is cut; up to
 * `jobs` workers read its batches, and the first batches of the next sources, at the same time.
 * A source becomes visible as a whole, once all of its batches have come back.
 */
struct ingest_progress {
	const char *path;
	uint64_t bytes, bytes_total; /* as given; total 0 where unknown */
	uint64_t records;
	size_t files, files_total;
};

struct ingest_options {
	struct str as;       /* format to take it for, or "" */
	struct str acquired; /* JSON of --acquired, or "" */
	unsigned jobs;       /* workers; 0: one a core */
	bool no_merge;
	const char *const *formats; /* folders */
	size_t n_formats;
	const char *worker;
	struct str rules; /* files of YARA rules, for mails of which facts alone are kept */
	void (*progress)(void *arg, const struct ingest_progress *p);
	void *arg;
};

struct ingested {
	struct str path;
	struct str format; /* of most of its events; "" if none */
	struct sha256 sha256;
	struct published facts;
	uint64_t bytes;
	int64_t first, last; /* times; INT64_MIN if none */
	struct str not_read; /* why nothing was read, or "" */
	bool archive;        /* its members are the sources after it */
	bool member;         /* of an archive, which comes before it: bytes are those in it */
};

struct ingest {
	VEC(struct ingested) sources;
	uint64_t records, events, copies, observables, distinct, flaws, bytes;
	double seconds;
	size_t not_read;        /* sources */
	uint64_t without_rules; /* batches of mails that could not be held against the rules */
	size_t again;           /* known sources whose acquisition was added (engine/again.h) */
};

MUST bool ingest_run(struct folder *f, struct arena *a, const struct walk *w,
	const struct ingest_options *opt, struct ingest *ret, struct err *err);
void ingest_release(struct ingest *in);

#endif
