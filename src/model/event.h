#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include "base/flaw.h"
#include "base/str.h"
#include "base/when.h"
#include "model/field.h"
#include "model/kind.h"

/*
 * What a record says happened.  A reader fills one struct event per record and hands it on; all
 * its strs borrow from the record's bytes or from the reader's record arena and die with the
 * next record.
 */
enum outcome { OUTCOME_UNKNOWN, OUTCOME_SUCCESS, OUTCOME_FAILURE };

/* One mapped value.  A field may have many (recipients, answers). */
struct value {
	uint16_t field;  /* enum field; FIELDS for a value that is only observed */
	uint8_t kind;    /* enum kind, or KINDS: not an observable; KIND_AUTO: look what it is */
	uint8_t nesting; /* texts unescaped on the way: 0 raw, 1 JSON string, 2 JSON in a string …
			  */
	uint32_t offset; /* where its raw bytes begin in the record (of the outermost text) */
	uint32_t length; /* of its raw bytes there */
	/*
	 * Which element of a list in the record it comes from, the innermost; 0: none.  Values of one
	 * element belong together: the name and the hash of one attachment.
	 */
	uint32_t element;
	struct str text; /* unescaped; not yet in normal form */
};
#define KIND_AUTO 0xFE /* text that may hold observables: observe/text.h finds them */

struct event_id {
	uint8_t b[16];
};

struct event {
	uint16_t format; /* index in the format program */
	uint16_t shape;
	struct when time; /* WHEN_NONE with flaw no-time */
	enum outcome outcome;
	bool time_trusted;
	bool comparable;         /* `content` covers the whole native record (not a lossy shape) */
	struct str organisation; /* "" where the format has none */
	struct str native_id;    /* "" where there is none: the id is then that of the raw bytes */
	struct event_id id;
	uint32_t content; /* order-independent hash of all leaves of the native record; 0 if not
			     comparable */
	struct value *values;
	uint32_t n_values;
};

/* SHA-256(format ‖ 0 ‖ organisation ‖ 0 ‖ native id), or of (format ‖ 1 ‖ raw), first 128 bits. */
struct event_id event_id_native(struct str format, struct str organisation, struct str native_id);
struct event_id event_id_raw(struct str format, struct str raw);

#endif
