#ifndef INTEL_GATHER_H
#define INTEL_GATHER_H

#include "intel/indwriter.h"
#include "intel/intel.h"
#include "intel/word.h"

/*
 * Where all readers of indicators put what they found, one after another: what is given here is
 * written at once, and need not live longer than the call.  Here it is decided what is too broad to
 * be looked for, and that the same value under the same id counts once.
 */
struct gather {
	struct arena *a; /* what the readers keep, and all that `out` has */
	struct str text; /* all of the file: it outlives what is kept, which may borrow from it */
	struct arena scratch; /* rewound by whoever uses it */
	struct intel *out;
	struct indwriter writer;
	uint32_t member;     /* which of the source's files is being read */
	size_t more_skipped; /* beyond those listed */
	uint32_t more_line, more_member;
	void (*step)(void *arg); /* called now and then, or NULL */
	void *arg;
	size_t calls;
	bool in_warnings;       /* what is gathered is of a warning list */
	struct misp_feed *feed; /* what intel/misp_feed.c keeps until the end */
};

/* A copy in g->a, or s itself where it stands in the file. */
struct str gather_keep(const struct gather *g, struct str s);

/* sink is where the file of indicators goes; it is copied. */
void gather_init(
	struct gather *g, struct arena *a, const struct indwriter_sink *sink, struct intel *out);
/*
 * Ends the file; says what was the same and how many more
 * were skipped; frees what it owns.  False if the sink failed.
 */
bool gather_finish(struct gather *g, const struct indwriter_member *members, uint32_t n_members);

/* All but `what`, o, from, to, member come from base. */
void gather_word(struct gather *g, const struct indicator *base, const struct word *w);
/* base->original is the pattern. */
void gather_pending(struct gather *g, const struct indicator *base, struct str why);
/* An entry of a warning list that is no value: base->original is it. */
void gather_other(struct gather *g, const struct indicator *base, enum indicator_kind what);
/*
 * What stands between these two is of a warning list.  False if the source is none of warning
 * lists (out->role): then nothing may be gathered.
 */
bool gather_begin_warnings(struct gather *g);
void gather_end_warnings(struct gather *g);
/* what is copied, and cut if it is long; why is kept as it is. */
void gather_skip(struct gather *g, uint32_t line, struct str what, struct str why);

/*
 * What is said beside indicators.  Texts are copied, and cut where they are long; a node without
 * an id gets one of its type and name; places get the member.  Beyond LIMIT_INTEL_NODES of each the rest is counted as
 * skipped.  node_empty and its like are in intel/said.h.
 */
void gather_node(struct gather *g, const struct node *n);
void gather_name(struct gather *g, const struct node_name *n);
void gather_edge(struct gather *g, const struct edge *e);
void gather_claim(struct gather *g, const struct claim *c);

struct indicator gather_base(uint32_t line);

#endif
