#ifndef ENGINE_COVERAGE_H
#define ENGINE_COVERAGE_H

#include "base/vec.h"
#include "engine/folder.h"
#include "text/jsonw.h"

/*
 * What a case has and what it can't see, per stream (format, organisation).  An answer "never
 * seen" is only worth what this says.  Copies don't count, and only trusted times do.
 */
struct gap {
	int64_t from, to; /* microseconds UTC; INT64_MIN: open at that side */
	struct str why;
};

/* What --acquired says was asked for (engine/asked.h), and what came. */
struct asked_range {
	int64_t from, to; /* INT64_MIN: not said */
	bool counted;     /* by the source itself */
	uint64_t count, records;
	bool whole; /* all of it is there, so that where nothing is nothing was */
};

struct stream_coverage {
	struct str format, organisation, version; /* version: the lowest in use */
	int64_t first, last;                      /* INT64_MIN: no event has a time */
	uint64_t records;                         /* canonical events */
	uint64_t untimed;                         /* of them, those without a time; not cached */
	/* 28 days of history or more: METHODS §0.13 finds gaps only then.  Or all of it was asked for. */
	bool judged;
	bool mixed_versions;
	VEC(struct gap) gaps;
	VEC(struct asked_range) asked;
	VEC(struct str) missing; /* what would help to see, in words */
};

struct coverage {
	VEC(struct stream_coverage) streams; /* by format, then organisation */
};

/* Computes it and puts it into the catalogue's cache: after each change of history. */
MUST bool coverage_refresh(
	struct folder *f, struct snapshot *snap, struct arena *a, struct err *err);
/* From that cache if it is of this snapshot, else computed.  Strs live in the arena. */
MUST bool coverage_load(struct folder *f, struct snapshot *snap, struct arena *a,
	struct coverage *ret, struct err *err);
MUST bool coverage_compute(struct folder *f, const struct snapshot *snap, struct arena *a,
	struct coverage *ret, struct err *err);
/* From the first to the last moment of which the stream can say something, gaps in between; false if of none. */
bool stream_seen(const struct stream_coverage *s, int64_t *ret_from, int64_t *ret_to);
void coverage_release(struct coverage *c);

/* "m365-ual/0873ee4d-…", or the format alone where it has no organisation. */
void stream_name(struct str format, struct str organisation, struct buf *out);
/* Where a question about [from, to] gets no answer, as the array of DESIGN §10. */
void coverage_blind(const struct coverage *c, int64_t from, int64_t to, struct jsonw *w);
/* One line of `coverage --json`. */
void coverage_json(const struct stream_coverage *s, struct jsonw *w);

#endif
