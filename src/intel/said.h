#ifndef INTEL_SAID_H
#define INTEL_SAID_H

#include "base/buf.h"
#include "base/err.h"
#include "base/scan.h"
#include "base/vec.h"
#include "model/party.h"

/*
 * The knowledge of one source (model/knowledge.h), and how it travels from the worker to its
 * parent: sections of records, each behind its number, so that a new kind of knowledge is a new
 * section.  said_unpack trusts nothing; what it returns borrows the bytes.
 */
struct said {
	VEC(struct node) nodes;
	VEC(struct node_name) names;
	VEC(struct edge) edges;
	VEC(struct claim) claims;
	VEC(struct party) parties;
	struct arena parts; /* of the parties, where said_unpack made them */
};

/* Where a pack goes in pieces, so that all of it is never in memory twice. */
struct said_sink {
	bool (*emit)(void *arg, struct str piece); /* false: it is no use to go on */
	void *arg;
};
/* Appends to out; with a sink (or NULL) what is there goes on now and then, and out is cleared. */
MUST bool said_pack(const struct said *s, struct buf *out, const struct said_sink *sink);
/* Reads on from sc; a failure is in sc. */
void said_unpack(struct scan *sc, struct said *inout_s);
void said_release(struct said *s);

/* A place, as in all of a pack. */
void said_put_place(struct buf *out, const struct place *p);
struct place said_take_place(struct scan *sc);

struct node node_empty(void); /* all texts "", nothing known */
struct edge edge_empty(void);
struct claim claim_empty(void);

#endif
