#ifndef READ_WALK_H
#define READ_WALK_H

#include "base/flaw.h"
#include "read/program.h"
#include "text/json.h"

/*
 * One walk over a record: notes its leaves and fills the slots of all formats.  A record can
 * hold the native record inside itself (an envelope: CSV column AuditData, "event.original"):
 * each record found so is a *frame* of its own, walked from the root of the same trie, so that
 * a format's paths hold wherever its record is wrapped.  The reader begins frame 0 and gives it
 * tokens or columns; the walker opens the others.
 */
struct leaf {
	struct str text;   /* unescaped; borrows from the record or the record's arena */
	uint32_t slot;     /* or PROGRAM_NONE */
	uint32_t off, len; /* raw bytes in the record; of a nested text: of the outermost one */
	uint32_t element;  /* of struct value */
	uint8_t type; /* enum json_type: STRING, NUMBER …; OBJECT, ARRAY: only that it is there */
	uint8_t nesting;
	bool taken; /* went into the event, or must not */
};

/* Which leaves a slot got, in order. */
struct use {
	uint32_t leaf, next;
};

struct slot {
	uint32_t epoch; /* other than the frame's: empty.  So nothing is cleared per record */
	uint32_t first, last;
};

struct frame {
	uint32_t parent;   /* frame; PROGRAM_NONE: the record itself */
	uint32_t envelope; /* node in the parent; PROGRAM_NONE */
	uint32_t leaf;     /* of the parent, that was this frame's text; PROGRAM_NONE */
	uint32_t first_leaf, n_leaves;
	uint32_t epoch;
	uint64_t content; /* sum over its leaves */
	struct slot *slots;
	uint32_t *touched; /* its slots that have something, in order */
	uint32_t n_touched;
};

#define FRAMES_MAX 8

/*
 * Who wants to see the record as it is, too: what it is made of, under its own names, in the one
 * pass that there is; and of mails the bytes (mail/facts.h).  Any may be NULL.  The tape and the bytes
 * live until the next record.
 */
struct mail_bytes;
struct listener {
	void (*json)(void *arg, struct str text, const struct json_tape *tape);
	void (*cell)(void *arg, struct str name, struct str text);
	void (*bytes)(void *arg, const struct mail_bytes *b);
	void *arg;
};

struct walker;

struct walker *walker_new(const struct formats *f);
void walker_free(struct walker *w);

void walker_listen(struct walker *w, const struct listener *l);
/* A new record: forgets the last one's frames, and opens frame 0. */
void walker_begin(struct walker *w, struct flaws *flaws);
/* A JSON value as the record: tokenises text, which is record or a part of it at `off`. */
void walker_json(struct walker *w, struct str text, uint32_t off);
/*
 * A column of the record.  node and path: of its name (walker_column).  text must live as long
 * as the record.  off, len: of its raw bytes.
 */
struct column {
	uint32_t node;
	uint64_t path;
	struct str name; /* borrowed; "" of what the reader says itself */
};
struct column walker_column(const struct walker *w, struct str name);
/* What the reader itself says of a record, "#name": no record has a part of that name. */
struct column walker_said(const struct walker *w, struct str name);
void walker_cell(struct walker *w, struct column c, struct str text, struct leaf where);
/* An element of a column that is a list. */
void walker_cell_element(struct walker *w, struct column c, struct str text, struct leaf where);
/* What was walked; dies with the next record. */
struct walked {
	struct frame *frames;
	uint32_t n_frames;
	struct leaf *leaves;
	const struct use *uses;
	struct arena *arena; /* of the record */
};

/* Closes frame 0 and walks the envelopes that were found. */
struct walked walker_end(struct walker *w);
struct arena *walker_arena(struct walker *w);

/* The first use of a slot in a frame, or PROGRAM_NONE. */
static inline uint32_t frame_first(const struct frame *fr, uint32_t slot)
{
	return fr->slots[slot].epoch == fr->epoch ? fr->slots[slot].first : PROGRAM_NONE;
}

#endif
