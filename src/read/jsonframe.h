#ifndef READ_JSONFRAME_H
#define READ_JSONFRAME_H

#include "base/buf.h"
#include "base/str.h"

/*
 * Finds the records of a JSON document without tokenising it: values one after another, the
 * elements of an array, or those of the array under one key of a wrapper object
 * ({"Records":[…]}).  Cutter and reader share it, so that both see the same records.  Its state
 * can stand at any record boundary, and is written into a batch's preamble.
 *
 * A raw line end inside a string ends the string: JSON has none there (RFC 8259 section 7), and
 * so one missing quote doesn't swallow what follows.
 */
enum jsonframe_place {
	JSONFRAME_TOP,   /* between values */
	JSONFRAME_ARRAY, /* in the array: between elements */
	JSONFRAME_TAIL,  /* behind the wrapper's array, before the wrapper's end */
	JSONFRAME_LONG,  /* inside a value that is too long */
};

struct jsonframe {
	enum jsonframe_place place;
	enum jsonframe_place after; /* LONG: where the value stands */
	bool wrapped;               /* the array is a wrapper's */
	uint32_t depth;             /* LONG: brackets open */
	bool quoted, escaped;
	char key[64]; /* of the wrapper, or "" */
	uint32_t key_n;
};

enum jsonframe_result { JSONFRAME_RECORD, JSONFRAME_MORE, JSONFRAME_END };

/*
 * The next record at or behind *inout_at, which moves behind it.  MORE: text ends inside a
 * value and is not the end (state and *inout_at stay at the value's beginning).  END: no record
 * in what is left.  A value that doesn't end within LIMIT_RECORD_BYTES comes in pieces with
 * *ret_long true.
 */
struct jsonframe_record {
	size_t from, to;
	bool too_long;
};
enum jsonframe_result jsonframe_next(struct jsonframe *j, struct str text, bool eof,
	size_t *inout_at, struct jsonframe_record *ret);

/* The state as text for a preamble, and back; false if it isn't one. */
void jsonframe_save(const struct jsonframe *j, struct buf *out);
bool jsonframe_load(struct str s, struct jsonframe *ret_j);

/* Is the object at the start of text a wrapper?  Looks at complete parts only. */
bool jsonframe_is_wrapper(struct str text, bool strict, struct jsonframe *ret_j);
/* The end of the value at text[0], or 0 if it isn't complete. */
size_t jsonframe_value(struct str text);

#endif
