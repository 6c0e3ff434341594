#ifndef ENGINE_TIMELINE_H
#define ENGINE_TIMELINE_H

#include "engine/folder.h"

/*
 * All events of a snapshot in (time, id) order, copies left out: `scan_time` of DESIGN §7.  The
 * streams of all segments are united by (format, organisation).
 */
struct timeline;

struct timeline_stream {
	struct str format, organisation; /* borrow from the snapshot */
	struct str version;              /* the lowest number in use */
	bool mixed_versions;
};

struct timeline_row {
	struct seg_row row;
	uint32_t segment; /* index in the snapshot */
	uint32_t number;  /* row in that segment */
	uint32_t stream;  /* index of timeline_stream */
	bool conflict;    /* another event has its id and different content */
};

struct timeline *timeline_open(const struct snapshot *snap, int64_t from, int64_t to);
void timeline_close(struct timeline *t);
size_t timeline_streams(const struct timeline *t);
struct timeline_stream timeline_stream(const struct timeline *t, size_t i);
/* False at the end.  columns: as seg_scan_next, of the row's segment, or NULL. */
bool timeline_next(struct timeline *t, struct timeline_row *ret, uint64_t *ret_columns);

#endif
