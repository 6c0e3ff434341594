#ifndef STORE_BUILD_H
#define STORE_BUILD_H

#include "base/buf.h"
#include "base/flaw.h"
#include "model/event.h"
#include "model/observable.h"

/*
 * Builds the segment of one batch.  Pure: the same calls give the same bytes, whatever the
 * memory's addresses.  Entries are numbered in order of first intern while building; the file
 * orders them by key.  Nothing is allocated per call on the hot path but by doubling.
 */
struct segbuild;

/* A row of the event table. */
struct seg_row {
	int64_t time; /* microseconds UTC; INT64_MIN unknown */
	struct event_id id;
	uint32_t content; /* struct event.content; 0: not comparable */
	uint32_t batch;   /* index into the segment's list of batches; 0 while building */
	uint32_t record;  /* number in that batch */
	uint16_t stream;  /* of segbuild_stream / segment_stream */
	uint8_t outcome;  /* enum outcome */
	uint8_t flags;    /* enum seg_flags */
};

enum seg_flags {
	SEG_TIME_TRUSTED = 1 << 0,
	SEG_THROTTLED = 1 << 1,   /* the log says that it stopped logging from here (IsThrottled) */
	SEG_CUT_EXPORT = 1 << 2,  /* the record says that its export was cut (ResultCount) */
	SEG_FLAWED = 1 << 3,      /* has flaws */
	SEG_ID_CONFLICT = 1 << 4, /* same id, other content, within this segment */
};

#define SEG_NO_ENTRY UINT32_MAX

struct segbuild *segbuild_new(void);
void segbuild_free(struct segbuild *sb);
void segbuild_reset(struct segbuild *sb); /* for the next batch, memory kept */

uint16_t segbuild_stream(
	struct segbuild *sb, struct str format, struct str version, struct str organisation);
/*
 * A hint that what has this key will be interned soon, given for the values of an event in their order before
 * the first is interned: memory is fetched meanwhile.  Changes nothing else.
 */
void segbuild_expect(struct segbuild *sb, uint64_t key);
/* key: observable_key(o), which whoever has o knows mostly.  ret_new: give its alias keys now (segbuild_alias). */
uint32_t segbuild_intern(struct segbuild *sb, struct observable o, uint64_t key, bool *ret_new);
void segbuild_alias(struct segbuild *sb, uint32_t entry, struct observable alias, uint8_t how);
/*
 * columns: one entry per field with a column (model/fields.def, in order), or SEG_NO_ENTRY.
 * entries: the event's distinct observables (KIND_ACTION ones are not counted as observables).
 * Copies within the batch are found by the builder: of the same id and content the first stays,
 * and of content that can't be compared the first, if the id has no other.
 */
void segbuild_event(struct segbuild *sb, const struct seg_row *row, const uint32_t *entries,
	size_t n, const uint32_t *columns);
void segbuild_flaw(struct segbuild *sb, uint32_t record, struct flaw f);
void segbuild_finish(struct segbuild *sb, struct buf *out);

unsigned seg_columns(void);      /* how many fields have a column */
int seg_column_of(enum field f); /* its number, or -1 */

#endif
