#ifndef ENGINE_ASKED_H
#define ENGINE_ASKED_H

#include "base/vec.h"
#include "engine/acquired.h"
#include "engine/coverage.h"
#include "engine/folder.h"

/*
 * What was asked of the systems that logs were exported from: the sources' acquisitions that name
 * a range or a count.  Sources with the same acquisition, byte by byte, are one answer: an export
 * in many files.  Which streams an answer is about its events say, or, where none came, its
 * "format" and "tenant".
 */
struct answer {
	struct str json;
	struct acquired acquired;
	uint64_t records;  /* of all its sources, copies too */
	uint64_t *streams; /* a bit for each stream that they have events of; asked_apply sets it */
};

struct answered_source {
	uint8_t source[16];
	VEC(uint32_t) answers; /* what it is an answer to, by index */
	uint64_t *streams;     /* a bit for each stream that its events belong to */
};

struct asked {
	struct arena *arena;
	VEC(struct answer) answers;
	VEC(struct answered_source) sources; /* by hash */
	uint32_t **of_batch;                 /* by segment and batch: index of the source */
	size_t n_segments, n_streams;
};

MUST bool asked_load(struct folder *f, const struct snapshot *snap, size_t n_streams,
	struct arena *a, struct asked *ret, struct err *err);
void asked_release(struct asked *q);
/* An event of this batch belongs to this stream. */
void asked_note(struct asked *q, uint32_t segment, uint32_t batch, uint32_t stream);
/* Hands the ranges to the streams, adding those that have no events. */
void asked_apply(struct asked *q, struct coverage *c);

#endif
