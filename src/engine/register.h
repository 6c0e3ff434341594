#ifndef ENGINE_REGISTER_H
#define ENGINE_REGISTER_H

#include "base/file.h"
#include "engine/copies.h"
#include "engine/inside.h"
#include "engine/publish.h"
#include "engine/sourcefile.h"

/* Entering segments into the catalogue; each inside the lock and a transaction. */

/* db_id of *s is given; its name, sets and batch names are those to be stored. */
struct registration {
	struct snapshot_segment *s;
	struct str file;      /* its bytes */
	struct sha256 sha256; /* of them */
	uint32_t level;
	const uint64_t *dropped; /* by batch index: rows that merging left out; NULL: none */
};
MUST bool register_segment(struct folder *f, const struct registration *r, struct err *err);

/* Stores the sets of a segment of the catalogue if the decisions changed them.  Adds how many
 * more rows are hidden (negative: fewer). */
MUST bool register_copies(struct folder *f, struct copies *c, struct arena *a,
	const struct snapshot_segment *s, int64_t *inout_hidden, struct err *err);

/*
 * A source and its batches; the counts are those of its publication.  Its segments are entered
 * one by one.
 */
MUST bool register_source(struct folder *f, const struct source_file *s,
	const struct published *counts, struct err *err);

/* The small file beside a source's batches; *json must outlive *ret_s. */
MUST bool register_read_source(struct arena *a, struct folder *f, struct str name,
	struct source_file *ret_s, struct buf *json, struct err *err);

/* A segment's file, mapped and opened as if it were in a snapshot. */
struct loaded {
	struct snapshot_segment s;
	struct file_map map;
};
/* name, db_id: as in *s afterwards. */
MUST bool register_load(struct arena *a, int dir, const char *file, struct str name, int64_t db_id,
	struct loaded *ret_l, struct err *err);
void register_unload(struct loaded *l);

/* An array of pointers to the snapshot's segments, as copies_decide wants them. */
segment_list register_list(struct arena *a, const struct snapshot_segment *s, size_t n);

#endif
