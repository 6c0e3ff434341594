#ifndef CMD_UNUSED_H
#define CMD_UNUSED_H

#include "base/vec.h"
#include "text/jsonw.h"

/*
 * What of intelligence was not used, or not yet.  In JSON each thing is an object; for people the
 * first few of each reason are lines, and the rest is counted, since a folder's licences and prose
 * are thousands of lines that bury what matters.
 */
struct unused_item {
	struct str path; /* of the source, or its name */
	struct str file; /* which of the source's files */
	uint32_t line;   /* from 1; 0: none */
	struct str what, why;
};

struct unused_reason {
	struct buf key, lines;
	uint64_t n;
};

struct unused {
	bool json;
	struct jsonw w; /* onto out */
	struct buf out; /* in JSON: the objects */
	VEC(struct unused_reason) reasons;
};

/* At a place of its own: it points into itself. */
void unused_begin(struct unused *u, bool json);
void unused_add(struct unused *u, const struct unused_item *i);
/* The lines for people, nothing if there is none. */
void unused_print(const struct unused *u, struct buf *out);
void unused_release(struct unused *u);

#endif
