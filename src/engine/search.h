#ifndef ENGINE_SEARCH_H
#define ENGINE_SEARCH_H

#include "base/vec.h"
#include "engine/folder.h"
#include "observe/value.h"

/*
 * Looks values up in all history: every use ever, exactly or by an alias key, copies left out.
 * The snapshot is one moment of the case, so that the answer is that of a set of sources,
 * whatever order they came in and however segments have been merged since.
 */
struct found_in { /* one segment's part of an answer */
	uint32_t segment;
	struct seg_entry entry;
};

struct found {
	struct observable o; /* what is stored: borrows from the snapshot */
	uint8_t how;         /* enum how it met the question */
	uint64_t count;      /* events */
	int64_t first, last; /* INT64_MIN: none of them has a time */
	const struct found_in *in;
	size_t n_in;
};

struct answer {
	VEC(struct found) found;
	VEC(struct found_in) parts; /* what found.in points into */
};

/* All of `types`, united; sorted: exact first, then by how, kind and value. */
void search_types(
	const struct snapshot *snap, const struct typed *types, size_t n, struct answer *ret);
/* Every stored address in an inclusive range (text/ipaddr.h, common order). */
void search_range(const struct snapshot *snap, const uint8_t from[16], const uint8_t to[16],
	struct answer *ret);
void answer_release(struct answer *a);

/* An event, as the place where it is stored. */
struct event_at {
	uint32_t segment, row;
	int64_t time;
	struct event_id id;
	uint32_t content; /* orders events that share an id, whatever segments they are in */
};
struct events_at {
	VEC(struct event_at) at;
};

/* Up to `room` events of one finding, in (time, id) order; */
void found_events(const struct snapshot *snap, const struct found *f, size_t room,
	struct events_at *inout_events);
void events_sort(struct events_at *ev); /* by (time, id), each once */

/* Events whose own id (as the log writes it) is `native`, of any format and organisation. */
void search_record_id(
	const struct snapshot *snap, struct str native, struct events_at *inout_events);

/* Numbers of the streams (engine/timeline.h order is not implied): format and organisation. */
struct stream_set {
	VEC(struct seg_stream) at; /* sorted by format, organisation; distinct */
};
void found_streams(const struct snapshot *snap, const struct found *f, struct stream_set *ret);
void stream_set_release(struct stream_set *s);

#endif
